/**
 * Configuration that differs by host, path, method, header and route.
 *
 * @module
 */
export { HeaderMatch, Match, Rule } from "./rules/rule";
export { Rules } from "./rules/rules";
