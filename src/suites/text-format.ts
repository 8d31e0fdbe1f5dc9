/**
 * Suites in protobuf's text format.
 *
 * @module
 */
import textformat from "protobufjs/ext/textformat.js";
import { SuiteError } from "./error.js";
import { suiteType } from "./schema.js";
import type { Raw } from "./schema.js";

/** Reads a `TestSuite`; throws `SuiteError`. */
export function parseTextFormat(text: string, file: string): Raw {
  try {
    return textformat.fromText(suiteType, text) as unknown as Raw;
  } catch (error) {
    const { message } = error as Error;
    const parts = /^(.*) \(line (\d+)\)$/s.exec(message);
    const line = parts === null ? lineOf(message, text) : Number(parts[2]);
    const reason = (parts?.[1] ?? message).replace(
      /^\.?(\w+): unknown field '(.*)'$/,
      "$1 has no field '$2'",
    );
    throw new SuiteError(file, line, reason.replace(/^\./, ""));
  }
}

/**
 * The line of an error that does not say it, as those of wrong values do not: the parser stops at the first error, so the
 * shortest beginning of the text with the same error ends in the line that is wrong.
 */
function lineOf(message: string, text: string): number {
  const lines = text.split("\n");
  let [low, high] = [1, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (errorOf(lines.slice(0, middle).join("\n")) === message) high = middle;
    else low = middle + 1;
  }
  return low;
}

function errorOf(text: string): string | undefined {
  try {
    textformat.fromText(suiteType, text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
