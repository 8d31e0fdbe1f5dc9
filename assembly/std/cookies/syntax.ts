/**
 * The syntax of cookies (RFC 6265, section 4.1.1).
 *
 * @module
 */
import { unitAt } from "../../memory/units";

/** Whether `text` can be the name of a cookie: a token of RFC 9110. */
export function isCookieName(text: string): bool {
  for (let i = 0; i < text.length; i++) {
    const unit = unitAt(text, i);
    const letter = (unit | 0x20) - 0x61;
    if (letter < 26 || unit - 0x30 < 10) continue;
    // ! # $ % & ' * + - . ^ _ ` | ~
    if (unit - 0x21 > 0x7e - 0x21 || isDelimiter(unit)) return false;
  }
  return text.length > 0;
}

/** The visible characters that no token has. */
function isDelimiter(unit: u32): bool {
  return (
    unit == 0x22 ||
    unit - 0x28 < 2 ||
    unit == 0x2c ||
    unit == 0x2f ||
    unit - 0x3a < 7 ||
    unit - 0x5b < 3 ||
    unit == 0x7b ||
    unit == 0x7d
  );
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
