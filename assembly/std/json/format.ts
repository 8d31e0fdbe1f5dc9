/**
 * Numbers as JSON writes them.
 *
 * @module
 */
import { allocate, mark, release } from "../../memory/scratch";
import { decode } from "../../memory/text";
import { WORK, decimalCount, decimalPoint, toDecimal } from "./decimal";

/** A number as JavaScript writes it; `null` when it is infinite or NaN, which JSON does not have. */
export function numberText(value: f64): string {
  if (!isFinite(value)) return "null";
  if (value == Math.trunc(value) && Math.abs(value) < 9007199254740992) return (<i64>value).toString();
  const before = mark();
  const start = allocate(64 + WORK);
  const digits = start + 64;
  let at = start;
  if (value < 0) store<u8>(at++, 0x2d);
  toDecimal(Math.abs(value), digits);
  const count = <i32>decimalCount;
  const point = decimalPoint;
  const hasExponent = point > 21 || point < -5;
  // How many digits stand before the point: those that are not there are zeros, and one is always written.
  const whole = hasExponent ? 1 : point;
  for (let i = min(whole - 1, 0); i < max(count, whole); i++) {
    store<u8>(at++, 0x30 + (i >= 0 && i < count ? load<u8>(digits + i) : 0));
    if (i == whole - 1 && i + 1 < count) store<u8>(at++, 0x2e);
  }
  if (hasExponent) {
    store<u8>(at++, 0x65);
    store<u8>(at++, point > 0 ? 0x2b : 0x2d);
    const exponent = abs(point - 1);
    if (exponent >= 100) store<u8>(at++, 0x30 + exponent / 100);
    if (exponent >= 10) store<u8>(at++, 0x30 + ((exponent / 10) % 10));
    store<u8>(at++, 0x30 + (exponent % 10));
  }
  const text = decode(start, at - start);
  release(before);
  return text;
}
