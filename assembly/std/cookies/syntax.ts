/**
 * The syntax of cookies (RFC 6265, section 4.1.1).
 *
 * @module
 */
import { unitAt } from "../../memory/units";
import { isToken } from "../http/syntax";

/** Whether `text` can be the name of a cookie: a token of RFC 9110. */
export function isCookieName(text: string): bool {
  return isToken(text, 0, text.length);
}

/** Whether `text` can be the value of a cookie: no white space, quote, comma, semicolon or backslash, ASCII only. */
export function isCookieValue(text: string): bool {
  for (let i = 0; i < text.length; i++) {
    const unit = unitAt(text, i);
    if (unit - 0x21 > 0x7e - 0x21 || unit == 0x22 || unit == 0x2c || unit == 0x3b || unit == 0x5c)
      return false;
  }
  return true;
}
