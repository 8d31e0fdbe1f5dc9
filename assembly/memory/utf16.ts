/**
 * Texts that are built unit by unit, and units read without the checks of `charCodeAt`; callers keep inside the text.
 *
 * @module
 */
import { equalBytes } from "./bytes";
import { turnCase } from "./case";
import { findOne } from "./find";
import { allocate, trim } from "./scratch";
import { encode, shrink } from "./text";

/** The code unit at `index`, which is inside `text`. */
// @ts-ignore: decorator
@inline
export function unitAt(text: string, index: i32): u32 {
  return <u32>load<u16>(changetype<usize>(text) + ((<usize>index) << 1));
}

/** Tells whether `unit` is one of the ASCII characters that have their bits set in `low` (0 to 63) and `high` (64 to 127). */
export function isInSet(unit: u32, low: u64, high: u64): bool {
  return unit < 128 && (((unit < 64 ? low : high) >> (unit & 63)) & 1) != 0;
}

/** The index of the first `unit` in [start, end), or `end`. */
export function findUnit(text: string, unit: u32, start: i32, end: i32): i32 {
  if (start >= end) return start;
  const units = changetype<usize>(text);
  const found = findOne<u16>(units + ((<usize>start) << 1), units + ((<usize>end) << 1), <u16>unit);
  return <i32>((found - units) >> 1);
}

/** Tells whether `text` has `part` at `index`, from where on it is long enough. */
export function equalUnits(text: string, index: i32, part: string): bool {
  const size = (<usize>part.length) << 1;
  return equalBytes(changetype<usize>(text) + ((<usize>index) << 1), changetype<usize>(part), size);
}

/** The index of the first `part` from `start` on, or -1. It tries place by place: for texts of the SDK's own, and short parts. */
export function findText(text: string, part: string, start: i32): i32 {
  for (const last = text.length - part.length; start <= last; start++)
    if (equalUnits(text, start, part)) return start;
  return -1;
}

/** A text of `length` units that nobody has seen yet; every unit has to be set, or cut off. */
export function newText(length: i32): string {
  return changetype<string>(__new((<usize>length) << 1, idof<string>()));
}

/** Sets a unit of a text that was made by `newText`. */
// @ts-ignore: decorator
@inline
export function setUnit(text: string, index: i32, unit: u32): void {
  store<u16>(changetype<usize>(text) + ((<usize>index) << 1), unit);
}

/** The text that is one unit. */
export function unitText(unit: u32): string {
  const text = newText(1);
  setUnit(text, 0, unit);
  return text;
}

/** Copies the units [start, end) of `source` to `index` of a text made by `newText`; answers the index behind them. */
export function setUnits(text: string, index: i32, source: string, start: i32, end: i32): i32 {
  memory.copy(
    changetype<usize>(text) + ((<usize>index) << 1),
    changetype<usize>(source) + ((<usize>start) << 1),
    (<usize>(end - start)) << 1,
  );
  return index + end - start;
}

/** The units [start, end) of `text`, which are inside it. */
export function slice(text: string, start: i32, end: i32): string {
  if (start == end) return "";
  const part = newText(end - start);
  setUnits(part, 0, text, start, end);
  return part;
}

/** A text made by `newText`, of which `length` units are set, with room for `more`; it may be another one. */
export function withRoom(text: string, length: i32, more: i32): string {
  if (length + more <= text.length) return text;
  return changetype<string>(__renew(changetype<usize>(text), (<usize>max(length + more, length * 2)) << 1));
}

/** The first `length` units of a text made by `newText`, which is no longer to be used. */
export function cutText(text: string, length: i32): string {
  return length == 0 ? "" : changetype<string>(shrink(changetype<usize>(text), (<usize>length) << 1));
}

/** The units [start, end) of `text` with the letters A to Z in lower case. */
export function lowerCase(text: string, start: i32, end: i32): string {
  const lower = newText(end - start);
  const source = changetype<usize>(text) + ((<usize>start) << 1);
  const target = changetype<usize>(lower);
  const size = (<usize>(end - start)) << 1;
  for (let i = turnCase(source, target, size, 0x41); i < size; i += 2) {
    const unit = <u32>load<u16>(source + i);
    store<u16>(target + i, unit - 0x41 < 26 ? unit | 0x20 : unit);
  }
  return lower;
}

/** The size in bytes of what `putUnits` wrote last. */
export let putUnitsSize: usize = 0;

/** Writes the units [start, end) of `text` as bytes into scratch memory, and answers the address. */
export function putUnits(text: string, start: i32, end: i32): usize {
  const length = <usize>(end - start);
  const address = allocate(length * 3 + 1);
  putUnitsSize = encode(changetype<usize>(text) + ((<usize>start) << 1), length, address);
  trim(address, putUnitsSize);
  return address;
}
