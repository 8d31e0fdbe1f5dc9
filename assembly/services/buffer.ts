/**
 * The host's buffers as text.
 *
 * @module
 */
import { BufferType, Status } from "../abi/enums";
import { proxy_get_buffer_bytes } from "../abi/imports";
import { expectBytes, expectValue, receivedBytes, receivedText } from "../memory/host-values";
import { OUT, mark, release } from "../memory/scratch";
import { record } from "../runtime/status";

/** All of a buffer as text; `""` when it is empty or cannot be read now. */
export function readBuffer(buffer: BufferType): string {
  const before = mark();
  expectValue();
  const status = record(proxy_get_buffer_bytes(buffer, 0, <usize>i32.MAX_VALUE, OUT, OUT + 4));
  const text = status == Status.Ok ? receivedText() : "";
  release(before);
  return text;
}

/** All of a buffer as bytes; null when it cannot be read now. */
export function readBufferBytes(buffer: BufferType): Uint8Array | null {
  expectBytes();
  const status = record(proxy_get_buffer_bytes(buffer, 0, <usize>i32.MAX_VALUE, OUT, OUT + 4));
  const bytes = receivedBytes();
  return status == Status.Ok ? bytes : null;
}
