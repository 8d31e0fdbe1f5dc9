/// <reference path="../runtime/build.d.ts" />
/**
 * What ends a stream, and when: in the stream's own callback, at its end. Envoy ends the stream of a callback that traps, and
 * 1.40 crashes when the callback has ended it before.
 *
 * @module
 */
import { GrpcStatus, Status, StreamType } from "../abi/enums";
import { proxy_close_stream, proxy_send_local_response } from "../abi/imports";
import { isBodiless } from "../http/header-status";
import { LocalResponseOptions, finalStatus, sendLocalResponse } from "../http/local-response";
import { ENDED_NOW, RESET, noteReply } from "../http/progress";
import { NO_PAIRS, NO_PAIRS_SIZE } from "../memory/pairs";
import { mark, release } from "../memory/scratch";
import { forgetSnapshots } from "../memory/snapshots";
import { put, putSize } from "../memory/text";
import { MANY_READS, SHARED_STREAMS } from "../runtime/build";
import { Target, noteDeferred, progress, setProgress, turnOf } from "../runtime/call";
import { record } from "../runtime/status";

/** What is due: the status of a response, or any but 0 for a reset; 0 for nothing. Of which stream, and the response's rest. */
let due: u32 = 0;
let isResetDue: bool = false;
let dueStream: u32 = 0;
let dueText: string | null = null;
let dueBytes: Uint8Array | null = null;
let dueOptions: LocalResponseOptions | null = null;

/** Resets the stream that is in effect, in its own callback when that ends. */
export function endByReset(): void {
  setProgress(progress | RESET | ENDED_NOW);
  isResetDue = true;
  endBy(1);
}

/** Answers the stream that is in effect with 500, at once: its callback has ended, or none of its own is running. */
export function endByError(): void {
  noteReply();
  noteDeferred();
  if (MANY_READS) forgetSnapshots();
  record(proxy_send_local_response(500, 0, 0, 0, 0, NO_PAIRS, NO_PAIRS_SIZE, GrpcStatus.Unset));
}

/** Answers the stream that is in effect, in its own callback when that ends; the body is one of both, or null. */
export function endByResponse(
  status: u32,
  text: string | null,
  bytes: Uint8Array | null,
  options: LocalResponseOptions | null,
): void {
  const code = finalStatus(status);
  if (!isBodiless(code)) {
    dueText = text;
    dueBytes = bytes;
  }
  noteReply();
  isResetDue = false;
  dueOptions = options;
  endBy(code);
}

function endBy(what: u32): void {
  noteDeferred();
  due = what;
  dueStream = turnOf;
  record(Status.Ok);
  if (!SHARED_STREAMS && turnOf == 0) sendDue();
}

/** Whether the callback of `stream`, which ends, has asked for the stream's end. */
// @ts-ignore: decorator
@inline
export function isEndDue(stream: Target): bool {
  return due != 0 && (SHARED_STREAMS || dueStream == stream.contextId);
}

/** Takes back what the running callback of `stream` has asked for; whether it had. */
export function takeBack(stream: Target): bool {
  if (!isEndDue(stream)) return false;
  due = 0;
  isResetDue = false;
  dueText = null;
  dueBytes = null;
  dueOptions = null;
  return true;
}

/** Ends the stream that is in effect as has been asked for. */
export function sendDue(): void {
  const what = due;
  due = 0;
  if (isResetDue) {
    isResetDue = false;
    if (MANY_READS) forgetSnapshots();
    record(proxy_close_stream(StreamType.Request));
    return;
  }
  const text = dueText;
  const bytes = dueBytes;
  if (text !== null) {
    const before = mark();
    sendLocalResponse(what, put(text), putSize, dueOptions);
    release(before);
  } else if (bytes !== null) sendLocalResponse(what, bytes.dataStart, bytes.byteLength, dueOptions);
  else sendLocalResponse(what, 0, 0, dueOptions);
  dueText = null;
  dueBytes = null;
  dueOptions = null;
}
