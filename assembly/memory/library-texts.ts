/**
 * Methods of `String` for every module, in the place of the compiler's own, which look at each unit by itself, and
 * `parseInt`.
 *
 * @module
 */
import { equalBytes } from "./bytes";
import { turnCase } from "./case";
import { find } from "./find";
import { equalUnits, newText } from "./utf16";

/** `String#indexOf`. The compiler's own does not heed `start` where `search` is empty. */
// @ts-ignore: decorator
@global
export function __indexOf(text: string, search: string, start: i32): i32 {
  const units = changetype<usize>(text);
  const length = text.length;
  const found = find<u16>(
    units + ((<usize>min(max(start, 0), length)) << 1),
    units + ((<usize>length) << 1),
    changetype<usize>(search),
    (<usize>search.length) << 1,
  );
  return found == 0 ? -1 : <i32>((found - units) >> 1);
}

/** `==` of texts. */
// @ts-ignore: decorator
@global
export function __equalTexts(one: string | null, other: string | null): bool {
  if (changetype<usize>(one) == changetype<usize>(other)) return true;
  if (changetype<usize>(one) == 0 || changetype<usize>(other) == 0) return false;
  const length = changetype<string>(one).length;
  if (length != changetype<string>(other).length) return false;
  return equalBytes(changetype<usize>(one), changetype<usize>(other), (<usize>length) << 1);
}

/** Tells whether `text` has `part` at `index`, which is any number. */
// @ts-ignore: decorator
@global
export function __hasAt(text: string, part: string, index: i32): bool {
  if (index < 0 || part.length > text.length - index) return false;
  return equalUnits(text, index, part);
}

/** `parseInt`: the whole number with which a text begins; without a digit NaN, or 0 where `T` has none. */
// @ts-ignore: decorator
@global
export function __readInteger<T>(text: string, radix: i32): T {
  const none = isFloat<T>() ? <T>NaN : <T>0;
  let at = changetype<usize>(text);
  const end = at + ((<usize>text.length) << 1);
  while (at < end && isBlank(load<u16>(at))) at += 2;
  const sign = at < end ? load<u16>(at) : 0;
  if (sign == 0x2b || sign == 0x2d) at += 2;
  if (radix == 0 || radix == 16) {
    if (at + 2 < end && load<u16>(at) == 0x30 && (load<u16>(at, 2) | 0x20) == 0x78) {
      at += 4;
      radix = 16;
    } else if (radix == 0) radix = 10;
  }
  if (<u32>(radix - 2) > 34) return none;
  const first = at;
  // @ts-ignore: T is a type of numbers
  let number: T = 0;
  for (; at < end; at += 2) {
    const digit = digitOf(load<u16>(at));
    if (digit >= <u32>radix) break;
    // @ts-ignore: T is a type of numbers
    number = <T>(number * <T>radix + <T>digit);
  }
  if (at == first) return none;
  // @ts-ignore: T is a type of numbers
  return sign == 0x2d ? <T>-number : number;
}

/** Tells whether a unit is what JavaScript skips in front of a number. */
function isBlank(unit: u32): bool {
  if (unit < 0x80) return unit == 0x20 || unit - 9 < 5;
  if (unit - 0x2000 < 11 || unit - 0x2028 < 2) return true;
  return (
    unit == 0xa0 || unit == 0x1680 || unit == 0x202f || unit == 0x205f || unit == 0x3000 || unit == 0xfeff
  );
}

function digitOf(unit: u32): u32 {
  if (unit - 0x30 < 10) return unit - 0x30;
  const letter = (unit | 0x20) - 0x61;
  return letter < 26 ? letter + 10 : 36;
}

/** A text of ASCII with the 26 letters from `first` on in the other case; null for any other text. */
// @ts-ignore: decorator
@global
export function __turnCase(text: string, first: u64): string | null {
  const turned = newText(text.length);
  const source = changetype<usize>(text);
  const target = changetype<usize>(turned);
  const size = (<usize>text.length) << 1;
  for (let i = turnCase(source, target, size, first); i < size; i += 2) {
    const unit = <u32>load<u16>(source + i);
    if (unit >= 0x80) return null;
    store<u16>(target + i, unit - <u32>first < 26 ? unit ^ 0x20 : unit);
  }
  return turned;
}
