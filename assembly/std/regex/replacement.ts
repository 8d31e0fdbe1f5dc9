/**
 * The text that replaces a match.
 *
 * @module
 */
import { findUnit, slice, unitAt } from "../../memory/utf16";
import { RegexMatch } from "./match";

/** The text of a replacement for one match; what names no group stays as it is. */
export function expand(replacement: string, match: RegexMatch): string {
  const length = replacement.length;
  let text = "";
  let copied = 0;
  for (let end = 0; ;) {
    const at = findUnit(replacement, 0x24, end, length);
    if (at + 1 >= length) break;
    const unit = unitAt(replacement, at + 1);
    end = at + 2;
    let part: string | null = null;
    let number = 0;
    if (unit == 0x24) part = "$";
    else if (unit == 0x26) part = match.text;
    else if (unit == 0x3c) {
      const close = findUnit(replacement, 0x3e, end, length);
      if (close < length) number = match.numberOf(slice(replacement, end, close));
      if (number > 0) end = close + 1;
    } else if (unit - 0x30 < 10) {
      number = <i32>unit - 0x30;
      const more = end < length ? unitAt(replacement, end) - 0x30 : 10;
      if (more < 10 && number * 10 + <i32>more <= match.groupCount) {
        number = number * 10 + <i32>more;
        end++;
      }
    }
    if (number > 0 && number <= match.groupCount) {
      part = match.group(number);
      if (part === null) part = "";
    }
    if (part !== null) {
      text += slice(replacement, copied, at) + part;
      copied = end;
    }
  }
  return copied == 0 ? replacement : text + slice(replacement, copied, length);
}
