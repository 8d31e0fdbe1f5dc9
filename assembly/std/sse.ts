/**
 * Server-sent events.
 *
 * @module
 */
export { SseEvent, SseReader } from "./sse/reader";
