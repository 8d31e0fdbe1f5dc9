/**
 * The numbers of checked JSON text.
 *
 * @module
 */
import { allocate, mark, release } from "../../memory/scratch";

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

/** No double needs more decimal digits to be told from its neighbours; what follows counts as "more than that". */
const MAX_DIGITS: usize = 800;

/**
 * The double nearest to a number, ties to even. Up to 15 digits and small exponents take one operation on doubles, which
 * is exact; all else is shifted into place in decimal.
 */
export function parseDouble(address: usize, end: usize): f64 {
  const negative = address < end && load<u8>(address) == 0x2d;
  if (negative) address++;
  const before = mark();
  const digits = allocate(MAX_DIGITS + 32);
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

let decimalCount: usize = 0;
let decimalPoint: i32 = 0;

/** The double nearest to 0.d₁d₂d₃… times ten to the power of `point`. */
function fromDecimal(digits: usize, count: usize, point: i32): f64 {
  decimalCount = count;
  decimalPoint = point;
  // Shift it until it is in [1/2, 1): value = decimal * 2^exponent.
  let exponent = 0;
  while (decimalPoint > 0) {
    const shift = shiftFor(decimalPoint);
    shiftRight(digits, shift);
    exponent += shift;
  }
  while (decimalPoint < 0 || load<u8>(digits) < 5) {
    const shift = shiftFor(-decimalPoint);
    shiftLeft(digits, shift);
    exponent -= shift;
  }
  // Doubles are 1.x: [1, 2).
  exponent--;
  if (exponent < -1022) {
    for (let left = -1022 - exponent; left > 0;) {
      const shift = min(left, 27);
      shiftRight(digits, shift);
      left -= shift;
    }
    exponent = -1022;
  }
  if (exponent > 1023) return Infinity;
  // 53 bits before the point.
  shiftLeft(digits, 27);
  shiftLeft(digits, 26);
  let mantissa = rounded(digits);
  if (mantissa == (<u64>1) << 53) {
    mantissa >>= 1;
    if (++exponent > 1023) return Infinity;
  }
  // A mantissa without its highest bit is a subnormal number, which has the lowest exponent.
  const biased: u64 = mantissa >> 52 == 0 ? 0 : <u64>(exponent + 1023);
  return reinterpret<f64>((biased << 52) | (mantissa & 0xfffffffffffff));
}

/** By how many bits to shift a decimal that is `places` digits away from [0.1, 1). */
function shiftFor(places: i32): i32 {
  return places < 9 ? <i32>load<u8>(SHIFTS + <usize>places) : 27;
}

const SHIFTS: usize = memory.data<u8>([1, 3, 6, 9, 13, 16, 19, 23, 26]);

/** Divides by two to the power of `shift`, at most 27. */
function shiftRight(digits: usize, shift: i32): void {
  let rest: u64 = 0;
  let read: usize = 0;
  let write: usize = 0;
  while (read < decimalCount || rest != 0) {
    rest = rest * 10 + (read < decimalCount ? <u64>load<u8>(digits + read) : 0);
    read++;
    const digit = rest >> shift;
    rest &= ((<u64>1) << shift) - 1;
    if (write == 0 && digit == 0) decimalPoint--;
    else if (write < MAX_DIGITS) store<u8>(digits + write++, <u8>digit);
    else if (digit != 0) store<u8>(digits + MAX_DIGITS - 1, load<u8>(digits + MAX_DIGITS - 1) | 1);
  }
  decimalCount = write;
}

/** Multiplies by two to the power of `shift`, at most 27. */
function shiftLeft(digits: usize, shift: i32): void {
  let carry: u64 = 0;
  for (let i = decimalCount; i > 0; i--) {
    const value = ((<u64>load<u8>(digits + i - 1)) << shift) + carry;
    carry = value / 10;
    store<u8>(digits + i - 1, <u8>(value - carry * 10));
  }
  let more: usize = 0;
  for (let rest = carry; rest != 0; rest /= 10) more++;
  memory.copy(digits + more, digits, decimalCount);
  decimalCount += more;
  decimalPoint += <i32>more;
  for (; more > 0; carry /= 10) store<u8>(digits + --more, <u8>(carry % 10));
  // What is cut off is only asked for whether it was zero.
  while (decimalCount > MAX_DIGITS) {
    const digit = load<u8>(digits + --decimalCount);
    if (digit != 0) store<u8>(digits + decimalCount - 1, load<u8>(digits + decimalCount - 1) | 1);
  }
  while (decimalCount > 0 && load<u8>(digits + decimalCount - 1) == 0) decimalCount--;
}

/** The decimal as a whole number, ties to even. */
function rounded(digits: usize): u64 {
  let value: u64 = 0;
  const point = <usize>max(decimalPoint, 0);
  for (let i: usize = 0; i < point; i++)
    value = value * 10 + (i < decimalCount ? <u64>load<u8>(digits + i) : 0);
  if (decimalPoint < 0 || point >= decimalCount) return value;
  const next = load<u8>(digits + point);
  const tie = next == 5 && point + 1 == decimalCount;
  return next > 5 || (next == 5 && (!tie || (value & 1) != 0)) ? value + 1 : value;
}
