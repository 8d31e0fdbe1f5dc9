/**
 * What replaces a match.
 *
 * @module
 */
import { RegexMatch } from "./match";

/** The text of a replacement for one match; what names no group stays as it is. */
export function expand(replacement: string, match: RegexMatch): string {
  let at = replacement.indexOf("$");
  if (at < 0) return replacement;
  let text = "";
  let copied = 0;
  while (at >= 0 && at + 1 < replacement.length) {
    const unit = <u32>replacement.charCodeAt(at + 1);
    let end = at + 2;
    let part: string | null = null;
    if (unit == 0x24) part = "$";
    else if (unit == 0x26) part = match.text;
    else if (unit == 0x3c) {
      const close = replacement.indexOf(">", end);
      const number = close < 0 ? -1 : match.numberOf(replacement.substring(end, close));
      if (number > 0) {
        part = match.group(number);
        if (part === null) part = "";
        end = close + 1;
      }
    } else if (unit - 0x30 < 10) {
      let number = <i32>unit - 0x30;
      const more = end < replacement.length ? <u32>replacement.charCodeAt(end) - 0x30 : 10;
      if (more < 10 && number * 10 + <i32>more <= match.groupCount) {
        number = number * 10 + <i32>more;
        end++;
      }
      if (number > 0 && number <= match.groupCount) {
        part = match.group(number);
        if (part === null) part = "";
      }
    }
    if (part !== null) {
      text += replacement.substring(copied, at) + part;
      copied = end;
    }
    at = replacement.indexOf("$", end);
  }
  return text + replacement.substring(copied);
}
