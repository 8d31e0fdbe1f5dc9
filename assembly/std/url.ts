/**
 * Paths, queries and URLs. Nothing in here traps, whatever the input, and everything takes time linear in it.
 *
 * @module
 */
export { percentDecode, percentEncode, percentErrorAt } from "./url/percent";
export { Authority } from "./url/authority";
export { Query } from "./url/query";
export { RequestTarget } from "./url/target";
export { isPathBelow, joinPath, normalizePath, pathErrorAt } from "./url/path";
export { Url } from "./url/url";
