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
    const message = (error as Error).message;
    const parts = /^(.*) \(line (\d+)\)$/s.exec(message);
    const reason = (parts?.[1] ?? message).replace(
      /^\.?(\w+): unknown field '(.*)'$/,
      "$1 has no field '$2'",
    );
    throw new SuiteError(file, parts === null ? undefined : Number(parts[2]), reason);
  }
}
