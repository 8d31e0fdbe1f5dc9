/**
 * Changing bodies as they pass, over the borders of their chunks.
 *
 * @module
 */
export { StreamEditor } from "./edit/editor";
