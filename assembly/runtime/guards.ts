/**
 * Checks that the build puts in front of the filter's operations that would trap. Messages and places come from `bug.ts`.
 *
 * @module
 */
import { fail } from "./bug";

/** `divisor`, which must not be 0. */
export function divisor32(divisor: i32, byZero: u32, place: u32): i32 {
  if (divisor == 0) fail(byZero, place);
  return divisor;
}

export function divisor64(divisor: i64, byZero: u32, place: u32): i64 {
  if (divisor == 0) fail(byZero, place);
  return divisor;
}

/** `divisor` of a division with a sign, whose result must be an integer of as many bits. */
export function divisorOf32(divisor: i32, dividend: i32, byZero: u32, overflow: u32, place: u32): i32 {
  if (divisor == -1 && dividend == i32.MIN_VALUE) fail(overflow, place);
  return divisor32(divisor, byZero, place);
}

export function divisorOf64(divisor: i64, dividend: i64, byZero: u32, overflow: u32, place: u32): i64 {
  if (divisor == -1 && dividend == i64.MIN_VALUE) fail(overflow, place);
  return divisor64(divisor, byZero, place);
}
