/**
 * Doubles to decimal digits and back, exactly: numbers are digits, one in a byte, that are doubled and halved in place.
 *
 * @module
 */

/** No double needs more decimal digits to be told from its neighbours; what follows counts as "more than that". */
export const MAX_DIGITS: usize = 800;

/** The room that digits need while they are shifted. */
export const SPACE: usize = MAX_DIGITS + 32;

/** How many digits there are, and how many of them stand before the point (negative: zeros behind it). */
export let decimalCount: usize = 0;
export let decimalPoint: i32 = 0;

/** The double nearest to 0.d₁d₂d₃… times ten to the power of `point`. */
export function fromDecimal(digits: usize, count: usize, point: i32): f64 {
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
  // Of the digits that are cut off, it only matters whether all were zero.
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

/** The room that `toDecimal` needs. */
export const WORK: usize = 2 * SPACE + 32;

/**
 * Writes the fewest digits of a positive double that read back as the same, up to 17, to `target`; they are counted in
 * `decimalCount` and `decimalPoint`.
 */
export function toDecimal(value: f64, target: usize): void {
  const bits = reinterpret<u64>(value);
  const biased = <i32>(bits >> 52);
  let mantissa = bits & 0xfffffffffffff;
  if (biased != 0) mantissa |= 0x10000000000000;
  const exact = target + 32;
  const work = exact + SPACE;
  decimalCount = 0;
  for (let rest = mantissa; rest != 0; rest /= 10) decimalCount++;
  decimalPoint = <i32>decimalCount;
  for (let i = decimalCount; i > 0; mantissa /= 10) store<u8>(exact + --i, <u8>(mantissa % 10));
  const exponent = max(biased, 1) - 1075;
  for (let left = exponent; left > 0; left -= 27) shiftLeft(exact, min(left, 27));
  for (let left = -exponent; left > 0; left -= 27) shiftRight(exact, min(left, 27));
  while (load<u8>(exact + decimalCount - 1) == 0) decimalCount--;
  const exactCount = decimalCount;
  const exactPoint = decimalPoint;
  // 15 digits are the fewest for all that have so few, but for subnormal numbers.
  for (let most: usize = biased == 0 ? 1 : 15; most <= 17; most++) {
    let point = exactPoint;
    let count = min(exactCount, most);
    memory.copy(target, exact, count);
    // Half of the last digit is rounded to the even one.
    const half: u8 = exactCount == most + 1 && (load<u8>(exact + most - 1) & 1) == 0 ? 6 : 5;
    if (exactCount > most && load<u8>(exact + most) >= half) {
      while (count > 0 && load<u8>(target + count - 1) == 9) count--;
      if (count == 0) {
        store<u8>(target, 1);
        count = 1;
        point++;
      } else store<u8>(target + count - 1, load<u8>(target + count - 1) + 1);
    }
    while (count > 1 && load<u8>(target + count - 1) == 0) count--;
    memory.copy(work, target, count);
    const same = fromDecimal(work, count, point) == value;
    decimalCount = count;
    decimalPoint = point;
    if (same) break;
  }
}
