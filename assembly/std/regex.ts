/**
 * Regular expressions in RE2's syntax, which match in time linear in the text.
 *
 * @module
 */
export { Regex } from "./regex/regex";
export { RegexMatch } from "./regex/match";
