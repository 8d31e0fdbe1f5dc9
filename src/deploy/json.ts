/**
 * JSON as the control planes, which are written in Go, read and write it.
 *
 * @module
 */
import { randomUUID } from "node:crypto";

/** A string, or a number, in the text of a JSON value. */
const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Parses JSON; integers of 64 bits that are too large for a double become a `bigint`. */
export function parseJson(text: string): unknown {
  JSON.parse(text); // or what is no JSON would be called by a name that stands nowhere in it
  const mark = `integer ${randomUUID()} `;
  const marked = text.replace(tokens, (token) =>
    isLongInteger(token) ? JSON.stringify(mark + token) : token,
  );
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === "string" && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value,
  );
}

/** The numbers that a JSON text has, as they stand there. */
export function numbersIn(json: string): string[] {
  return [...json.matchAll(tokens)].map(([token]) => token).filter((token) => !token.startsWith('"'));
}

/** Tells whether a number is an integer of 64 bits that is too large to be written by way of a double. */
export function isLongInteger(token: string): boolean {
  if (!/^-?\d+$/.test(token)) return false;
  const integer = BigInt(token);
  return BigInt.asIntN(64, integer) === integer && !Number.isSafeInteger(Number(token));
}

/** Writes a value as Go's `encoding/json` does: without spaces, keys sorted by their bytes, and no `<`, `>` or `&`. */
export function goJson(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${value.map(goJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return `{${fields.map(([name, field]) => `${goJson(name)}:${goJson(field)}`).join(",")}}`;
  }
  if (typeof value !== "string") return JSON.stringify(value);
  const wellFormed = Buffer.from(value).toString(); // half a surrogate pair becomes U+FFFD
  const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(wellFormed).replace(/[<>&\u2028\u2029]/g, escape);
}
