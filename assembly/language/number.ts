/**
 * Numbers as TypeScript means them: as text, and out of text. The build calls these where a filter's source asks for it.
 *
 * @module
 */
import { numberText as finiteText } from "../std/json/format";

/** A number as JavaScript writes it. */
export function numberText(value: f64): string {
  if (isNaN(value)) return notANumber(reinterpret<u64>(value));
  if (!isFinite(value)) return value < 0 ? "-Infinity" : "Infinity";
  return finiteText(value);
}

/** The bits of `number | undefined` and `number | null` that stand for no number (src/transform/compiler/absent.ts). */
export const UNDEFINED: u64 = 0x7ff80000756e6466;

function notANumber(bits: u64): string {
  return bits == UNDEFINED ? "undefined" : bits == UNDEFINED + 1 ? "null" : "NaN";
}

/** The text of a boolean that may be undefined or null (src/transform/compiler/booleans.ts). */
export function booleanText(value: i32): string {
  return value == 0 ? "false" : value == 1 ? "true" : value == 2 ? "undefined" : "null";
}

/** `a === b` of numbers that may be undefined or null, each of which is equal to itself. */
export function strictlyEqual(a: f64, b: f64): bool {
  return a == b || (reinterpret<u64>(a) == reinterpret<u64>(b) && isNothing(a));
}

/** `Object.is(a, b)` of numbers: a NaN is itself, and 0 is not -0. */
export function isSame(a: f64, b: f64): bool {
  if (isNaN(a) && isNaN(b))
    return isNothing(a) || isNothing(b) ? reinterpret<u64>(a) == reinterpret<u64>(b) : true;
  return reinterpret<u64>(a) == reinterpret<u64>(b);
}

/** `a == b` of such numbers: undefined and null are equal, too. */
export function looselyEqual(a: f64, b: f64): bool {
  return a == b || (isNothing(a) && isNothing(b));
}

// @ts-ignore: decorator
@inline
function isNothing(value: f64): bool {
  return (reinterpret<u64>(value) & ~1) == UNDEFINED;
}

/** `values.join(separator)` of numbers that may have fractions. */
export function joinNumbers<T>(values: T, separator: string): string {
  let text = "";
  // @ts-ignore: the compiler knows the type where this is used
  for (let i = 0; i < values.length; i++) {
    if (i > 0) text += separator;
    // @ts-ignore: the compiler knows the type where this is used
    text += numberText(<f64>values[i]);
  }
  return text;
}

/** `value.toString(radix)` of a whole number. */
export function radixText(value: f64, radix: i32): string {
  if (radix == 10 || !isFinite(value)) return numberText(value);
  if (value != Math.trunc(value) || Math.abs(value) >= 9007199254740992)
    throw new RangeError("toString(radix) takes whole numbers here.");
  return (<i64>value).toString(radix);
}

/** The index of a list's element; -1, which is beyond the end, for a number with a fraction. */
export function elementIndex(value: f64): i32 {
  const index = <i32>value;
  return <f64>index == value ? index : -1;
}

/** A number as the value of an enum's member: one with a fraction, or beyond those of 32 bits, is none that a member has. */
export function memberValue(value: f64): i32 {
  const whole = <i32>value;
  return <f64>whole == value ? whole : i32.MIN_VALUE;
}

/** A number that something wants to be whole. */
export function wholeNumber(value: f64): i64 {
  if (Math.trunc(value) != value)
    throw new RangeError("This takes a whole number, not " + numberText(value) + ".");
  return <i64>value;
}

/** `value.toFixed(digits)`: exactly, as many binary fractions lie just below what their shortest text says. */
export function fixedText(value: f64, digits: i32): string {
  if (<u32>digits > 100) throw new RangeError("toFixed takes 0 to 100 digits.");
  if (!(Math.abs(value) < 1e21)) return numberText(value);
  const bits = reinterpret<u64>(value);
  const raw = <i32>((bits >> 52) & 0x7ff);
  const limbs = new StaticArray<u32>(16);
  const mantissa = raw == 0 ? bits & 0xfffffffffffff : (bits & 0xfffffffffffff) | ((<u64>1) << 52);
  limbs[0] = <u32>mantissa;
  limbs[1] = <u32>(mantissa >> 32);
  for (let i = 0; i < digits; i++) multiply(limbs, 10);
  const exponent = (raw == 0 ? 1 : raw) - 1075;
  for (let i = 0; i < exponent; i++) multiply(limbs, 2);
  if (exponent < 0) halve(limbs, -exponent);
  let text = "";
  while (!isZero(limbs)) {
    const part = divide(limbs, 1000000000).toString();
    text = (isZero(limbs) ? part : part.padStart(9, "0")) + text;
  }
  text = text.padStart(digits + 1, "0");
  const point = text.length - digits;
  if (digits > 0) text = text.substring(0, point) + "." + text.substring(point);
  return value < 0 ? "-" + text : text;
}

function multiply(limbs: StaticArray<u32>, by: u64): void {
  let carry: u64 = 0;
  for (let i = 0; i < limbs.length; i++) {
    carry += <u64>limbs[i] * by;
    limbs[i] = <u32>carry;
    carry >>= 32;
  }
}

/** Divides by 2 so many times, and rounds the half up. */
function halve(limbs: StaticArray<u32>, times: i32): void {
  const words = times >> 5;
  const bits = times & 31;
  const half = times - 1;
  let carry: u64 = half >> 5 < limbs.length ? (<u64>1) << (half & 31) : 0;
  for (let i = half >> 5; i < limbs.length; i++) {
    carry += limbs[i];
    limbs[i] = <u32>carry;
    carry >>= 32;
  }
  for (let i = 0; i < limbs.length; i++) {
    const low = i + words < limbs.length ? <u64>limbs[i + words] : 0;
    const high = i + words + 1 < limbs.length ? <u64>limbs[i + words + 1] : 0;
    limbs[i] = <u32>(((high << 32) | low) >> bits);
  }
}

function isZero(limbs: StaticArray<u32>): bool {
  for (let i = 0; i < limbs.length; i++) if (limbs[i] != 0) return false;
  return true;
}

/** Divides, and answers the remainder. */
function divide(limbs: StaticArray<u32>, by: u64): u32 {
  let rest: u64 = 0;
  for (let i = limbs.length - 1; i >= 0; i--) {
    rest = (rest << 32) | limbs[i];
    limbs[i] = <u32>(rest / by);
    rest %= by;
  }
  return <u32>rest;
}

/** `Number(text)`: the whole text is a number, or the answer is NaN. */
export function numberOf(text: string): f64 {
  const trimmed = text.trim();
  const length = trimmed.length;
  if (length == 0) return 0;
  const prefix = length > 2 && trimmed.charCodeAt(0) == 0x30 ? trimmed.charCodeAt(1) | 32 : 0;
  const radix = prefix == 0x78 ? 16 : prefix == 0x6f ? 8 : prefix == 0x62 ? 2 : 0;
  if (radix != 0) return wholeOf(trimmed, radix);
  let at = trimmed.charCodeAt(0) == 0x2b || trimmed.charCodeAt(0) == 0x2d ? 1 : 0;
  if (trimmed.substring(at) == "Infinity")
    return at == 1 && trimmed.charCodeAt(0) == 0x2d ? -Infinity : Infinity;
  const first = digitsFrom(trimmed, at);
  let count = first - at;
  at = first;
  if (at < length && trimmed.charCodeAt(at) == 0x2e) {
    const second = digitsFrom(trimmed, at + 1);
    count += second - at - 1;
    at = second;
  }
  if (count == 0) return NaN;
  if (at < length && (trimmed.charCodeAt(at) | 32) == 0x65) {
    at++;
    if (at < length && (trimmed.charCodeAt(at) == 0x2b || trimmed.charCodeAt(at) == 0x2d)) at++;
    const end = digitsFrom(trimmed, at);
    if (end == at) return NaN;
    at = end;
  }
  return at == length ? parseFloat(trimmed) : NaN;
}

function digitsFrom(text: string, from: i32): i32 {
  let at = from;
  while (at < text.length && <u32>(text.charCodeAt(at) - 0x30) < 10) at++;
  return at;
}

function wholeOf(text: string, radix: i32): f64 {
  let value: f64 = 0;
  for (let i = 2; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const digit =
      <u32>(code - 0x30) < 10 ? code - 0x30 : <u32>((code | 32) - 0x61) < 26 ? (code | 32) - 0x57 : 36;
    if (digit >= radix) return NaN;
    value = value * radix + digit;
  }
  return value;
}

/** Less than, equal to or more than 0, of which NaN is equal. */
export function signOf(value: f64): i32 {
  return i32(value > 0) - i32(value < 0);
}

/** The low 32 bits of a number without its fraction, as the bitwise operators of JavaScript take it. */
export function int32(value: f64): i32 {
  if (abs(value) < 9223372036854775808.0) return <i32>(<i64>value);
  const bits = reinterpret<u64>(value);
  const shift = <i32>((bits >> 52) & 0x7ff) - 1075;
  // Larger numbers have no bits there, nor have NaN and Infinity.
  if (shift > 31) return 0;
  const low = <i32>(((bits & 0xfffffffffffff) | 0x10000000000000) << shift);
  return <i64>bits < 0 ? -low : low;
}

/** `text.charCodeAt(index)` where JavaScript's NaN for what is beyond the end would be taken for a number. */
export function charCode(text: string, index: i32): i32 {
  const code = text.charCodeAt(index);
  if (code < 0) throw new RangeError("charCodeAt beyond the text's end");
  return code;
}

/** `text.charCodeAt(index)` of a number that may have a fraction, which is cut off. */
export function charCodeOf(text: string, index: f64): i32 {
  return charCode(text, index > -1 && index < 2147483648 ? <i32>index : -1);
}
