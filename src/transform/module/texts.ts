/**
 * The functions that a compiled module calls with texts.
 *
 * @module
 */
import { PACKAGE } from "../source/syntax.js";

/** The functions that join two texts, and return a new one. */
export const CONCAT: ReadonlySet<string> = new Set([
  "~lib/string/String.__concat",
  "~lib/string/String#concat",
]);

const METHODS = [
  "charCodeAt",
  "codePointAt",
  "charAt",
  "indexOf",
  "lastIndexOf",
  "includes",
  "startsWith",
  "endsWith",
];

/** The functions that look at a text and keep no reference to it. */
export const LOOKING: ReadonlySet<string> = new Set([
  ...CONCAT,
  ...["__eq", "__ne", "__not", "__lt", "__gt", "__lte", "__gte"].map((name) => `~lib/string/String.${name}`),
  ...["get:length", ...METHODS, ...METHODS.map((name) => `${name}@varargs`)].map(
    (name) => `~lib/string/String#${name}`,
  ),
]);

/** The function that marks a text to which more than one variable refers. */
export const SHARE = `${PACKAGE}assembly/memory/append/share`;
