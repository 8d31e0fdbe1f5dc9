/**
 * The syntax of cookies (RFC 6265, section 4.1.1).
 *
 * @module
 */
import { isInSet, unitAt } from "../../memory/utf16";
import { isToken } from "../http/syntax";

/** Tells whether `text` can be the name of a cookie: a token of RFC 9110. */
export function isCookieName(text: string): bool {
  return isToken(text, 0, text.length);
}

/** Tells whether `text` can be the value of a cookie: no white space, quote, comma, semicolon or backslash, ASCII only. */
export function isCookieValue(text: string): bool {
  for (let i = 0; i < text.length; i++) {
    if (!isInSet(unitAt(text, i), 0xf7ffeffa00000000, 0x7fffffffefffffff)) return false;
  }
  return true;
}
