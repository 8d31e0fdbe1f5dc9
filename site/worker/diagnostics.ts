/**
 * The compiler's messages, each with its place.
 *
 * @module
 */

/** One message of the compiler. */
export interface Diagnostic {
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
  /** In the page's source; undefined where the message has no place there. Counted from 1. */
  readonly line: number | undefined;
  readonly column: number | undefined;
}

const HEAD = /^(ERROR|WARNING|INFO|PEDANTIC)(?: [A-Z]+\d+)?:? (.*)$/;
/** What the transform refuses: place and sentence in one line. */
const REFUSED = /^(?:FAILURE )?(\S+?):(\d+):(\d+): (.*)$/;
const PLACE = /([^\s()]+)\((\d+),(\d+)\)/;

/** Takes what asc prints apart; `file` is the one that places count for. */
export function readDiagnostics(text: string, file: string): Diagnostic[] {
  const found: Diagnostic[] = [];
  let current: { -readonly [Key in keyof Diagnostic]: Diagnostic[Key] } | undefined;
  for (const line of text.split("\n")) {
    const head = HEAD.exec(line);
    if (head !== null) {
      const severity = head[1] === "ERROR" ? "error" : head[1] === "WARNING" ? "warning" : "info";
      current = { severity, message: head[2]!, line: undefined, column: undefined };
      found.push(current);
    }
    const refused = REFUSED.exec(line);
    if (refused !== null && refused[1] === file) {
      const [, , row, column, message] = refused;
      found.push({ severity: "error", message: message!, line: Number(row), column: Number(column) });
    }
    const place = PLACE.exec(line);
    if (current !== undefined && current.line === undefined && place?.[1] === file) {
      current.line = Number(place[2]);
      current.column = Number(place[3]);
    }
  }
  return found;
}
