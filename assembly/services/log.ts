/**
 * The host's log.
 *
 * @module
 */
import { LogLevel, Status } from "../abi/enums";
import { proxy_get_log_level, proxy_log } from "../abi/imports";
import { OUT, mark, release } from "../memory/scratch";
import { put, putSize } from "../memory/text";
import { receivedU32 } from "../memory/host-values";
import { NO_LOG_LEVEL } from "../runtime/build";
import { inCallback } from "../runtime/current-callback";

/** After so many messages the host is asked for its level again: an operator may have changed it. */
const UNASKED: i32 = 1000;

/** The lowest level that the host kept when it was last asked, and how many messages may still rely on it. */
let keptLevel: u32 = 0;
let unasked: i32 = 0;

/**
 * Writes to the host's log (Envoy's `wasm` logger), which puts the plugin's name and root id before the message. May be
 * used anywhere, also at module scope. The build moves a message that has to be put together behind a question for the
 * level, so that `log.debug("headers: " + all)` costs next to nothing where debug is off; where it is on, the question is
 * asked for every thousandth message only.
 *
 * @example
 * log.info("configured");
 * log.debug("path is " + path);
 */
export namespace log {
  /** Writes `message` at trace level: each step, for the author. Source: `proxy_log`, as of all these. */
  export function trace(message: string): void {
    write(LogLevel.Trace, message);
  }

  /** Writes `message` at debug level. */
  export function debug(message: string): void {
    write(LogLevel.Debug, message);
  }

  /** Writes `message` at info level. */
  export function info(message: string): void {
    write(LogLevel.Info, message);
  }

  /** Writes `message` at warn level. */
  export function warn(message: string): void {
    write(LogLevel.Warn, message);
  }

  /** Writes `message` at error level. */
  export function error(message: string): void {
    write(LogLevel.Error, message);
  }

  /** Writes `message` at critical level. */
  export function critical(message: string): void {
    write(LogLevel.Critical, message);
  }

  /** Writes `message` at `level`. */
  export function write(level: LogLevel, message: string): void {
    const before = mark();
    const address = put(message);
    proxy_log(level, address, putSize);
    release(before);
  }

  /**
   * The build puts this check in front of a message that has to be put together. It is like `isEnabled`, but once it has heard
   * that the host keeps a level, it takes that for true for the next messages. The host drops messages that were then built in
   * vain.
   *
   * @internal
   */
  export function isWorthBuilding(level: LogLevel): bool {
    if (NO_LOG_LEVEL) return true;
    if (<u32>level >= keptLevel && unasked > 0) {
      unasked--;
      return true;
    }
    if (!inCallback()) return true;
    if (proxy_get_log_level(OUT) != Status.Ok) return true;
    keptLevel = receivedU32();
    unasked = UNASKED;
    return <u32>level >= keptLevel;
  }

  /**
   * Tells whether the host keeps messages of `level` now; true when it does not say. At module scope,
   * where the host cannot be asked, it is true. Source: `proxy_get_log_level`.
   */
  export function isEnabled(level: LogLevel): bool {
    if (NO_LOG_LEVEL || !inCallback()) return true;
    return proxy_get_log_level(OUT) != Status.Ok || <u32>level >= receivedU32();
  }
}
