/**
 * What the compiled module does with texts.
 *
 * @module
 */
import { PACKAGE } from "../source/syntax.js";

/** What adds one text to another, and answers a new one. */
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

/** What looks at a text and keeps no reference to it. */
export const LOOKING: ReadonlySet<string> = new Set([
  ...CONCAT,
  ...["__eq", "__ne", "__not", "__lt", "__gt", "__lte", "__gte"].map((name) => `~lib/string/String.${name}`),
  ...["get:length", ...METHODS, ...METHODS.map((name) => `${name}@varargs`)].map(
    (name) => `~lib/string/String#${name}`,
  ),
]);

/** What says that more than one variable refers to a text. */
export const SHARE = `${PACKAGE}assembly/memory/append/share`;
