/**
 * The outcome of the latest host call, for readers that can only answer null.
 *
 * @module
 */
import { LogLevel, Status } from "../abi/enums";
import { proxy_log } from "../abi/imports";
import { mark, release } from "../memory/scratch";
import { put, putSize } from "../memory/text";
import { DEBUG } from "./build";

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

/** Records what the host answered. */
// @ts-ignore: decorator
@inline
export function record(status: i32): Status {
  last = <Status>status;
  return <Status>status;
}

/** Records that a call was refused without asking the host. Guard `reason` with `DEBUG`: its text costs bytes. */
export function refuse(): Status {
  last = Status.BadArgument;
  return Status.BadArgument;
}

/** In a debug build, says why a call failed or was refused. */
export function explain(reason: string): void {
  if (DEBUG) {
    const before = mark();
    const address = put("proxy-wasm-as: " + reason);
    proxy_log(LogLevel.Warn, address, putSize);
    release(before);
  }
}
