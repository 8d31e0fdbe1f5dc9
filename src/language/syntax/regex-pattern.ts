/**
 * A pattern of JavaScript as RE2 writes it.
 *
 * @module
 */
import type { SentenceName } from "../sentences/table.js";

export type Translated =
  | { readonly pattern: string; readonly names: readonly string[] }
  | { readonly refused: SentenceName; readonly detail?: string };

/** The characters that `\s` stands for. */
const SPACES =
  "\\t\\n\\x0b\\f\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}";
const LINE_ENDS = "\\n\\r\\x{2028}\\x{2029}";

/** A group that is open. */
interface Group {
  /** Tells whether a group of its own is in it that may be left out. */
  leavesOut: boolean;
  captures: boolean;
  alternates: boolean;
}

/** Translates a pattern. */
export function translatePattern(source: string, flags: string): Translated {
  let out = "";
  const names: string[] = [];
  const groups: Group[] = [{ leavesOut: false, captures: false, alternates: false }];
  let at = 0;
  while (at < source.length) {
    const rest = source.slice(at);
    const top = groups.at(-1);
    if (/^\(\?(=|!|<=|<!)/.test(rest) || /^\\[1-9k]/.test(rest)) return { refused: "regexLook" };
    if (rest.startsWith("(")) {
      const head = /^\((\?:|\?<([A-Za-z_]\w*)>)?/.exec(rest)!;
      if (head[2] !== undefined) names.push(head[2]);
      else if (head[1] === undefined && rest.startsWith("(?"))
        return { refused: "regexFault", detail: head[0] };
      groups.push({ leavesOut: false, captures: head[1] !== "?:", alternates: false });
      out += head[0];
      at += head[0].length;
    } else if (rest.startsWith(")")) {
      const quantifier = /^\)(\?|\*|\+|\{\d+(,\d*)?\})?/.exec(rest)![1] ?? "";
      const inner = groups.pop()!;
      const parent = groups.at(-1);
      if (parent === undefined) return { refused: "regexFault" };
      // JavaScript forgets a group's text in each round.
      if (/^[*+{]/.test(quantifier) && inner.leavesOut) return { refused: "regexRound" };
      const optional = /^(\?|\*|\{0)/.test(quantifier);
      parent.leavesOut ||= inner.leavesOut || (inner.captures && (optional || parent.alternates));
      parent.captures ||= inner.captures;
      out += ")";
      at++;
    } else if (rest.startsWith("|")) {
      top.alternates = true;
      top.leavesOut ||= top.captures;
      out += "|";
      at++;
    } else if (rest.startsWith("[")) {
      const read = translateClass(rest);
      if (typeof read === "string") return { refused: "regexFault", detail: read };
      out += read.text;
      at += read.length;
    } else if (rest.startsWith(".")) {
      out += flags.includes("s") ? "(?s:.)" : `[^${LINE_ENDS}]`;
      at++;
    } else if (rest.startsWith("\\")) {
      const read = translateEscape(rest, false);
      if (read === undefined) return { refused: "regexFault", detail: rest.slice(0, 2) };
      out += read.text;
      at += read.length;
    } else {
      const repeat = /^\{(\d+)(?:,(\d*))?\}/.exec(rest);
      if (repeat && Math.max(Number(repeat[1]), Number(repeat[2] ?? 0)) > 1000)
        return { refused: "regexFault", detail: repeat[0] };
      out += rest[0]!;
      at++;
    }
  }
  return groups.length === 1 ? { pattern: out, names } : { refused: "regexFault" };
}

interface Read {
  readonly text: string;
  readonly length: number;
}

function translateEscape(rest: string, inClass: boolean): Read | undefined {
  const unicode = /^\\u([\da-fA-F]{4})/.exec(rest) ?? /^\\u\{([\da-fA-F]+)\}/.exec(rest);
  if (unicode) return { text: `\\x{${unicode[1]!}}`, length: unicode[0].length };
  const byte = /^\\x([\da-fA-F]{2})/.exec(rest);
  if (byte) return { text: byte[0], length: 4 };
  const category = /^\\[pP]\{[A-Z][a-z]?\}/.exec(rest);
  if (category) return { text: category[0], length: category[0].length };
  const sign = rest[1] ?? "";
  const text =
    sign === "s"
      ? inClass
        ? SPACES
        : `[${SPACES}]`
      : sign === "S" && !inClass
        ? `[^${SPACES}]`
        : sign === "v"
          ? "\\x0b"
          : sign === "0"
            ? "\\x00"
            : sign === "b" && inClass
              ? "\\x08"
              : /^[dDwWnrtf]$/.test(sign) || (/^[bB]$/.test(sign) && !inClass)
                ? `\\${sign}`
                : /^[^\w\s]$/.test(sign)
                  ? sign === "/"
                    ? "/"
                    : `\\${sign}`
                  : undefined;
  return text === undefined ? undefined : { text, length: 2 };
}

/** `[…]`; a text where it cannot be had. */
function translateClass(rest: string): Read | string {
  const everything = /^\[(\^|\\s\\S|\\S\\s|\\d\\D|\\D\\d|\\w\\W|\\W\\w)\]/.exec(rest);
  if (everything) return { text: "(?s:.)", length: everything[0].length };
  let at = rest.startsWith("[^") ? 2 : 1;
  let text = rest.slice(0, at);
  if (rest[at] === "]") return "[]";
  while (at < rest.length && rest[at] !== "]") {
    if (rest[at] === "\\") {
      const read = translateEscape(rest.slice(at), true);
      if (read === undefined) return rest.slice(at, at + 2);
      text += read.text;
      at += read.length;
    } else {
      text += rest[at] === "[" ? "\\[" : rest[at]!;
      at++;
    }
  }
  return at < rest.length ? { text: `${text}]`, length: at + 1 } : "[";
}
