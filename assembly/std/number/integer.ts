import { unitAt } from "../../memory/utf16";

/** A whole number that was read, in a type from `i8` to `u64`. */
@final
export class ParsedInteger<T> {
  constructor(
    /** The number. */
    readonly value: T,
  ) {}
}

/** The result of `read`. */
let magnitude: u64 = 0;
let isNegative: bool = false;

/** Reads digits, with one "-" in front of them if `signed`; false when there is anything else, or too much for 64 bits. */
function read(text: string, signed: bool): bool {
  const length = text.length;
  isNegative = signed && length > 0 && unitAt(text, 0) == 0x2d;
  magnitude = 0;
  let at = isNegative ? 1 : 0;
  if (at == length) return false;
  for (; at < length; at++) {
    const digit = <u64>unitAt(text, at) - 0x30;
    if (digit > 9 || magnitude > (u64.MAX_VALUE - digit) / 10) return false;
    magnitude = magnitude * 10 + digit;
  }
  return true;
}

/** Tells whether what `read` has read is a `T` from `least` to `most`. */
function isWithin<T extends number>(least: T, most: T): bool {
  if (isSigned<T>()) {
    if (magnitude > <u64>i64.MAX_VALUE + (isNegative ? 1 : 0)) return false;
    const value = isNegative ? <i64>(0 - magnitude) : <i64>magnitude;
    return value >= <i64>least && value <= <i64>most;
  }
  return magnitude >= <u64>least && magnitude <= <u64>most;
}

/**
 * The whole number that `text` is, from `least` to `most`; null when it is anything else: empty, with white space, "+", a
 * fraction, other digits than 0 to 9, or a number that `T` has no room for. `U64.parseInt("-1")` is 2⁶⁴-1. May be used
 * everywhere.
 *
 * @example
 * const limit = parseInteger<u32>("60", 1, 10000);
 * if (limit === null) return this.respond(400);
 * const twice = limit.value * 2;
 */
export function parseInteger<T extends number>(
  text: string,
  least: T = <T>minValueOf<T>(),
  most: T = <T>maxValueOf<T>(),
): ParsedInteger<T> | null {
  if (!read(text, isSigned<T>()) || !isWithin<T>(least, most)) return null;
  return new ParsedInteger<T>(isNegative ? <T>(0 - magnitude) : <T>magnitude);
}

/**
 * Like `parseInteger`, with `otherwise` in the place of null.
 *
 * @example
 * const page = integerOr<u32>(this.request.headers.get("x-page"), 1, 1, 1000);
 */
export function integerOr<T extends number>(
  text: string | null,
  otherwise: T,
  least: T = <T>minValueOf<T>(),
  most: T = <T>maxValueOf<T>(),
): T {
  if (text === null || !read(text, isSigned<T>()) || !isWithin<T>(least, most)) return otherwise;
  return isNegative ? <T>(0 - magnitude) : <T>magnitude;
}

// @ts-ignore: decorator
@inline
function minValueOf<T>(): T {
  if (!isInteger<T>()) ERROR("a whole number from i8 to u64 is needed: parseInteger<u32>(text)");
  return isSigned<T>() ? <T>(i64.MIN_VALUE >> (64 - 8 * <i64>sizeof<T>())) : <T>0;
}

// @ts-ignore: decorator
@inline
function maxValueOf<T>(): T {
  const shift = 64 - 8 * <u64>sizeof<T>();
  return isSigned<T>() ? <T>((<u64>i64.MAX_VALUE) >> shift) : <T>(u64.MAX_VALUE >> shift);
}
