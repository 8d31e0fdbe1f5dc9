/**
 * The host's clock.
 *
 * @module
 */
import { Status } from "../abi/enums";
import { proxy_get_current_time_nanoseconds } from "../abi/imports";
import { OUT } from "../memory/scratch";
import { receivedU64 } from "../memory/host-values";
import { Subject } from "../runtime/explain";
import { record } from "../runtime/status";

/**
 * The time of day, as the host knows it: `now()` in nanoseconds, `milliseconds()` in thousandths of a second. May be used in
 * every callback, not at module scope.
 *
 * @example
 * const started = clock.now();
 * log.info("took " + ((clock.now() - started) / 1000).toString() + " us");
 */
export namespace clock {
  /**
   * Nanoseconds since 1970-01-01 UTC, a `u64` of some 1.8e18: a million times what `milliseconds()` answers. 0 when the
   * host has no clock (`lastStatus()` says why). Source: `proxy_get_current_time_nanoseconds`.
   */
  export function now(): u64 {
    if (record(proxy_get_current_time_nanoseconds(OUT), Subject.Clock) != Status.Ok) return 0;
    return receivedU64();
  }

  /** Milliseconds since 1970-01-01 UTC, an `i64`, as `Date.now()`. */
  export function milliseconds(): i64 {
    return <i64>(now() / 1000000);
  }
}
