/**
 * Numbers with an `n` behind them, as BigInt has them up to 64 bits: what is more ends the request. The build calls these where a
 * filter's source has such numbers.
 *
 * @module
 */

const TOO_LARGE = "A number with n holds 64 bits here, and this is more.";

/** `a + b`. */
export function bigSum(a: i64, b: i64): i64 {
  const sum = a + b;
  if (((a ^ sum) & (b ^ sum)) < 0) throw new RangeError(TOO_LARGE);
  return sum;
}

/** `a - b`. */
export function bigDifference(a: i64, b: i64): i64 {
  const difference = a - b;
  if (((a ^ b) & (a ^ difference)) < 0) throw new RangeError(TOO_LARGE);
  return difference;
}

/** `a * b`. */
export function bigProduct(a: i64, b: i64): i64 {
  if (a == 0 || b == 0) return 0;
  if ((a == -1 && b == i64.MIN_VALUE) || (b == -1 && a == i64.MIN_VALUE)) throw new RangeError(TOO_LARGE);
  const product = a * b;
  if (product / b != a) throw new RangeError(TOO_LARGE);
  return product;
}

/** `a / b`, without its fraction. */
export function bigQuotient(a: i64, b: i64): i64 {
  if (b == 0) throw new RangeError("Division by zero");
  if (a == i64.MIN_VALUE && b == -1) throw new RangeError(TOO_LARGE);
  return a / b;
}

/** `a % b`. */
export function bigRemainder(a: i64, b: i64): i64 {
  if (b == 0) throw new RangeError("Division by zero");
  return b == -1 ? 0 : a % b;
}

/** `a ** b`. */
export function bigPower(a: i64, b: i64): i64 {
  if (b < 0) throw new RangeError("Exponent must be non-negative");
  if (a == 1 || b == 0) return 1;
  if (a == 0) return 0;
  if (a == -1) return b & 1 ? -1 : 1;
  let result: i64 = 1;
  for (let i: i64 = 0; i < b; i++) result = bigProduct(result, a);
  return result;
}

/** `a << b`. */
export function bigLeft(a: i64, b: i64): i64 {
  if (b < 0) return b <= -64 ? (a < 0 ? -1 : 0) : a >> -b;
  if (a == 0) return 0;
  if (b > 63 || (a << b) >> b != a) throw new RangeError(TOO_LARGE);
  return a << b;
}

/** `a >> b`. */
export function bigRight(a: i64, b: i64): i64 {
  if (b < 0) return bigLeft(a, b == i64.MIN_VALUE ? i64.MAX_VALUE : -b);
  return b > 63 ? (a < 0 ? -1 : 0) : a >> b;
}
