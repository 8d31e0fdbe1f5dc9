/**
 * Methods of `String` for every module, in the place of the compiler's own, which look at each unit by itself.
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
