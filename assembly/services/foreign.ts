/**
 * Functions that a host offers besides the ABI.
 *
 * @module
 */
import { Status } from "../abi/enums";
import { proxy_call_foreign_function } from "../abi/imports";
import { expectBytes, receivedBytes } from "../memory/host-values";
import { OUT, mark, release } from "../memory/scratch";
import { forgetSnapshots } from "../memory/snapshots";
import { put, putSize } from "../memory/text";
import { DEBUG, MANY_READS, SHARED_STREAMS } from "../runtime/build";
import { Phase, REQUEST_SENT, actsOnAnother, phase, progress } from "../runtime/current-callback";
import { Subject } from "../runtime/explain";
import { explain, record, refuse } from "../runtime/status";
import { hasClient, readInteger } from "./property";

/**
 * Tells whether the stream in effect is a request that can still take another way. Envoy 1.40 crashes when filters behind ask for a
 * route that is chosen anew once a response has begun.
 */
function mayChooseRoute(): bool {
  if (actsOnAnother()) return false;
  if (phase == Phase.RequestHeaders) return true;
  if (SHARED_STREAMS || (progress & REQUEST_SENT) != 0) return false;
  const isLater = phase == Phase.RequestBody || phase == Phase.RequestTrailers || phase == Phase.Answer;
  return isLater && readInteger("response\0code", 0) == 0;
}

/**
 * Calls the host's function `name`; null when it fails: `lastStatus()` is `Status.NotFound` when the host has no such
 * function, and what the function says otherwise; what would kill Envoy is refused with `Status.BadArgument`. Envoy's own are in `proxy-wasm-as/assembly/envoy`. Source:
 * `proxy_call_foreign_function`.
 *
 * @example
 * const packed = callForeignFunction("compress", body);
 */
export function callForeignFunction(name: string, argument: Uint8Array): Uint8Array | null {
  if (
    (name == "clear_route_cache" && !mayChooseRoute()) ||
    (name == "expr_evaluate" && phase > Phase.Plugin && !hasClient())
  ) {
    if (DEBUG) explain(name + ": not here, where Envoy 1.40 would crash");
    refuse();
    return null;
  }
  if (MANY_READS) forgetSnapshots();
  const before = mark();
  const address = put(name);
  expectBytes();
  const status = record(
    proxy_call_foreign_function(address, putSize, argument.dataStart, argument.byteLength, OUT, OUT + 4),
    Subject.ForeignFunction,
  );
  const bytes = receivedBytes();
  release(before);
  return status == Status.Ok ? bytes : null;
}
