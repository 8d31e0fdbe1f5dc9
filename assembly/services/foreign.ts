/**
 * Functions that a host offers besides the ABI.
 *
 * @module
 */
import { Status } from "../abi/enums";
import { proxy_call_foreign_function } from "../abi/imports";
import { expectBytes, receivedBytes } from "../memory/received";
import { OUT, mark, release } from "../memory/scratch";
import { put, putSize } from "../memory/text";
import { Subject } from "../runtime/reasons";
import { record } from "../runtime/status";

/**
 * Calls the host's function `name`; null when it fails: `lastStatus()` is `Status.NotFound` when the host has no such
 * function, and what the function says otherwise. Envoy's own are in `proxy-wasm-as/assembly/envoy`. Source:
 * `proxy_call_foreign_function`.
 *
 * @example
 * const packed = callForeignFunction("compress", body);
 */
export function callForeignFunction(name: string, argument: Uint8Array): Uint8Array | null {
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
