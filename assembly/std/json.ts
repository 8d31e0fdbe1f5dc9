/**
 * JSON: `json.parse` and a cursor for picking fields, a tree for what is to be changed, and a writer. Nothing here traps
 * on what a stranger sends, and nothing recurses on it.
 *
 * @module
 */
export { JsonCursor, JsonType } from "./json/cursor";
export { JsonDocument, json } from "./json/document";
export { JsonNode } from "./json/node";
export { JsonWriter } from "./json/writer";
