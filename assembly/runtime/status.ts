/**
 * The outcome of the latest host call, for readers that can only answer null.
 *
 * @module
 */
import { LogLevel, Status } from "../abi/enums";
import { proxy_log } from "../abi/imports";
import { mark, release } from "../memory/scratch";
import { put, putSize } from "../memory/text";
import { DEBUG, TELLS } from "./build";
import { Phase, phase } from "./current-callback";
import { Subject, callbackName, isFailure, likelyCause, statusName } from "./explain";

let last: Status = Status.Ok;

/**
 * The status of the latest call of this SDK that can fail. Ask it when a reader answered null: `Status.NotFound` is an
 * ordinary absence, `Status.BadArgument` means that the thing cannot be read in this callback.
 *
 * @example
 * const path = this.request.headers.get(":path");
 * if (path === null && lastStatus() == Status.BadArgument) log.warn("no request headers here");
 */
export function lastStatus(): Status {
  return last;
}

/** Records what the host answered; a debug build says why a call about `subject` failed, where the host does not. */
// @ts-ignore: decorator
@inline
export function record(status: i32, subject: i32 = 0): Status {
  last = <Status>status;
  if (DEBUG && subject != Subject.Other && isFailure(status) && !(TELLS && isHeard()))
    explain(likelyCause(status, subject), status);
  return <Status>status;
}

/**
 * Throws while a stream's context is made. Nothing of the stream can be read or told then: a filter that decided by it would
 * let every request pass. The build empties it where contexts are made without coming to it (src/transform/module/early-guard.ts).
 */
export function expectBegun(): void {
  if (phase == Phase.Create)
    throw new Error(
      "a stream's constructor and its fields' initial values cannot use its request or response, which are not there yet; do it in a callback",
    );
}

/** Records that a call was refused without asking the host. Guard `reason` with `DEBUG`: its text costs bytes. */
export function refuse(): Status {
  last = Status.BadArgument;
  return Status.BadArgument;
}

/** The explanations that have been given, with their places; up to a limit, so that nobody's log or memory is filled. */
let explained: Set<string> | null = null;
const MOST_EXPLAINED: i32 = 1000;

/**
 * A level of no log, with a status in its lowest byte: the embedded host takes the message for the reason of a refusal,
 * Envoy answers BadArgument and does nothing.
 */
const REASON: i32 = 0x100;

/** Tells whether the host hears reasons; -1 before it was asked. */
let heard: i32 = -1;

function isHeard(): bool {
  if (heard < 0) heard = i32(proxy_log(<LogLevel>(REASON | Status.Ok), 0, 0) == Status.Ok);
  return heard == 1;
}

/** In a debug build, says why a call failed or was refused, once for each callback; the embedded host hears it each time. */
export function explain(reason: string, status: i32 = Status.BadArgument): void {
  if (DEBUG) {
    if (TELLS && isHeard()) {
      const start = mark();
      const told = put("in " + callbackName() + ": " + reason);
      proxy_log(<LogLevel>(REASON | status), told, putSize);
      release(start);
      return;
    }
    const text = statusName(status) + " in " + callbackName() + ": " + reason;
    let known = explained;
    if (known === null) explained = known = new Set<string>();
    if (known.has(text) || known.size == MOST_EXPLAINED) return;
    known.add(text);
    const before = mark();
    const address = put("proxy-wasm-as: " + text);
    proxy_log(LogLevel.Warn, address, putSize);
    release(before);
  }
}
