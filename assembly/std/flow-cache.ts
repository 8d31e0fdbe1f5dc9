/**
 * Fetching once while others wait, in flows.
 *
 * @module
 */
export { FlowFlight } from "./cache/flow-flight";
