/**
 * `content-disposition` of a part (RFC 7578, section 4.2), as browsers write it.
 *
 * @module
 */
import { findUnit, lowerCase, slice, unitAt } from "../../memory/utf16";
import { isToken, skipSpace, trimSpace } from "../http/syntax";

/** More parameters than these nobody needs. */
const MOST: i32 = 8;

/** The names and values of the parameters, one after the other; null when the header is broken. */
export function parametersOf(text: string): string[] | null {
  const length = text.length;
  const parameters = new Array<string>();
  let at = findUnit(text, 0x3b, 0, length);
  if (!isToken(text, 0, trimSpace(text, 0, at))) return null;
  while (at < length) {
    const start = skipSpace(text, at + 1, length);
    const equals = findUnit(text, 0x3d, start, length);
    // "name*" has an encoding of its own, which RFC 7578 forbids and programs read in different ways.
    if (equals == length || !isToken(text, start, equals) || unitAt(text, equals - 1) == 0x2a) return null;
    const name = lowerCase(text, start, equals);
    let end: i32;
    let value: string;
    if (equals + 1 < length && unitAt(text, equals + 1) == 0x22) {
      const close = findUnit(text, 0x22, equals + 2, length);
      if (close == length) return null;
      const quoted = slice(text, equals + 2, close);
      if (hasEscape(quoted)) return null;
      value = unescaped(quoted);
      end = skipSpace(text, close + 1, length);
      if (end < length && unitAt(text, end) != 0x3b) return null;
    } else {
      end = findUnit(text, 0x3b, equals, length);
      const stop = trimSpace(text, equals + 1, end);
      if (!isToken(text, equals + 1, stop)) return null;
      value = slice(text, equals + 1, stop);
    }
    for (let i = 0; i < parameters.length; i += 2) if (parameters[i] == name) return null;
    if (parameters.length >= 2 * MOST) return null;
    parameters.push(name);
    parameters.push(value);
    at = end;
  }
  return parameters;
}

/** Tells whether it is that of a form's field: some programs pass over all others. */
export function isFormData(text: string): bool {
  return lowerCase(text, 0, trimSpace(text, 0, findUnit(text, 0x3b, 0, text.length))) == "form-data";
}

/** The value of the parameter `name`; null when there is none. */
export function parameterOf(text: string, name: string): string | null {
  const parameters = parametersOf(text);
  if (parameters === null) return null;
  for (let i = 0; i < parameters.length; i += 2) if (parameters[i] == name) return parameters[i + 1];
  return null;
}

/** Tells whether programs that know escapes read a text in quotes in another way: a backslash before one or before the end. */
export function hasEscape(text: string): bool {
  return text.endsWith("\\") || text.includes("\\\\");
}

/** Decodes the codes that browsers write for quotes and line breaks, and no others. */
function unescaped(text: string): string {
  return text.includes("%") ? replaced(replaced(replaced(text, "%0A", "\n"), "%0D", "\r"), "%22", '"') : text;
}

/** A name in quotes, as browsers write it. */
export function quoted(text: string): string {
  return '"' + replaced(replaced(replaced(text, "\n", "%0A"), "\r", "%0D"), '"', "%22") + '"';
}

/** The compiler's `replaceAll` writes beyond the end of its memory where a replacement is longer than the text. */
function replaced(text: string, search: string, replacement: string): string {
  return text.split(search).join(replacement);
}
