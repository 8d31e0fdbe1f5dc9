/**
 * AssemblyScript's own `Date` over the host; the transform redirects the global to it. In a file of its own, outside of
 * what editors see: they cannot resolve the compiler's "date".
 *
 * @module
 */
import { Date as StandardDate } from "date";
import { clock } from "./clock";

/** `Date`, whose `now()` is the host's time of day. */
export class Date extends StandardDate {
  static now(): i64 {
    return clock.milliseconds();
  }

  valueOf(): i64 {
    return this.getTime();
  }

  // @ts-ignore: decorator
  @operator("<")
  static isBefore(a: Date, b: Date): bool {
    return a.getTime() < b.getTime();
  }

  // @ts-ignore: decorator
  @operator(">")
  static isAfter(a: Date, b: Date): bool {
    return a.getTime() > b.getTime();
  }

  // @ts-ignore: decorator
  @operator("<=")
  static isNotAfter(a: Date, b: Date): bool {
    return a.getTime() <= b.getTime();
  }

  // @ts-ignore: decorator
  @operator(">=")
  static isNotBefore(a: Date, b: Date): bool {
    return a.getTime() >= b.getTime();
  }
}
