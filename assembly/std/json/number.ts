/**
 * The numbers of checked JSON text.
 *
 * @module
 */
import { allocate, mark, release } from "../../memory/scratch";
import { MAX_DIGITS, SPACE, fromDecimal } from "./decimal";

/** The bits of the number that `parseInteger` read last. */
let integer: u64 = 0;

// @ts-ignore: decorator
@inline
export function parsedInteger(): u64 {
  return integer;
}

/** Reads a number without fraction and exponent; false when it is none, or needs more than 64 bits. */
export function parseInteger(address: usize, end: usize, signed: bool): bool {
  const negative = address < end && load<u8>(address) == 0x2d;
  if (negative) address++;
  if (address >= end || end - address > 20) return false;
  let value: u64 = 0;
  for (; address < end; address++) {
    const digit = <u64>load<u8>(address) - 0x30;
    if (digit > 9 || value > 1844674407370955161 || (value == 1844674407370955161 && digit > 5)) return false;
    value = value * 10 + digit;
  }
  if (negative ? value > (signed ? <u64>i64.MIN_VALUE : 0) : signed && value > <u64>i64.MAX_VALUE)
    return false;
  integer = negative ? 0 - value : value;
  return true;
}

/**
 * The double nearest to a number, ties to even. Up to 15 digits and small exponents take one operation on doubles, which
 * is exact; all else is shifted into place in decimal.
 */
export function parseDouble(address: usize, end: usize): f64 {
  const negative = address < end && load<u8>(address) == 0x2d;
  if (negative) address++;
  const before = mark();
  const digits = allocate(SPACE);
  let count: usize = 0;
  let point: i32 = 0;
  let mantissa: u64 = 0;
  let seenPoint = false;
  for (; address < end; address++) {
    const digit = <u32>load<u8>(address) - 0x30;
    if (digit > 9) {
      if (digit != 0xfffffffe) break; // "." - "0"
      seenPoint = true;
      continue;
    }
    if (!seenPoint) point++;
    if (digit == 0 && count == 0) {
      point--;
      continue;
    }
    if (count < 19) mantissa = mantissa * 10 + digit;
    if (count < MAX_DIGITS) store<u8>(digits + count++, digit);
    else if (digit != 0) store<u8>(digits + MAX_DIGITS - 1, load<u8>(digits + MAX_DIGITS - 1) | 1);
  }
  point += exponentAt(address + 1, end);
  const scale = point - <i32>count;
  let value: f64;
  if (count == 0) value = 0;
  else if (count <= 15 && scale >= -22 && scale <= 22) {
    let power: f64 = 1;
    for (let i = abs(scale); i > 0; i--) power *= 10;
    value = scale < 0 ? <f64>mantissa / power : <f64>mantissa * power;
  } else if (point > 310) value = Infinity;
  else if (point < -325) value = 0;
  else value = fromDecimal(digits, count, point);
  release(before);
  return negative ? -value : value;
}

/** The exponent whose sign or first digit is at `address`; those beyond any double are cut off. */
function exponentAt(address: usize, end: usize): i32 {
  if (address >= end) return 0;
  const sign = load<u8>(address);
  if (sign == 0x2b || sign == 0x2d) address++;
  let exponent = 0;
  // The digits before it can outweigh an exponent: no text is longer than this.
  for (; address < end && exponent < 100000000; address++)
    exponent = exponent * 10 + load<u8>(address) - 0x30;
  return sign == 0x2d ? -exponent : exponent;
}
