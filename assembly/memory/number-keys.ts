/**
 * The hash and comparison of numbers as keys of Maps and Sets, in every module: the compiler's own never find a NaN again, and
 * take -0 and 0 for two keys. The build has the library call these.
 *
 * @module
 */

/** The NaNs that `undefined` and `null` are among numbers: one of both (src/transform/compiler/absent.ts). */
const NOTHING: u64 = 0x7ff80000756e6466;

/** The bits by which a number is looked for: the same for all that is no number, and for both zeros. */
// @ts-ignore: decorator
@global
export function __keyBits(key: f64): u64 {
  const bits = reinterpret<u64>(key);
  if (key == key) return key == 0 ? 0 : bits;
  return (bits & ~1) == NOTHING ? bits : reinterpret<u64>(NaN);
}

/** Tells whether two numbers are the same key. */
// @ts-ignore: decorator
@global
export function __sameKey(a: f64, b: f64): bool {
  return a == b || (a != a && b != b && __keyBits(a) == __keyBits(b));
}
