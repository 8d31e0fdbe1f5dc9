/// <reference path="../runtime/build.d.ts" />
/**
 * Local responses, resets and resumptions of the response that a filter has asked for, kept until its callback ends. They are deferred
 * because Envoy ends the stream of a callback that traps, and 1.40 crashes when that callback has ended the stream already.
 *
 * @module
 */
import { GrpcStatus, Status, StreamType } from "../abi/enums";
import { proxy_close_stream, proxy_continue_stream, proxy_send_local_response } from "../abi/imports";
import { isBodiless } from "../http/header-status";
import { LocalResponseOptions, finalStatus, sendLocalResponse } from "../http/local-response";
import { ENDED_NOW, RESET, RESPONSE, RESUMED, noteReply } from "../http/stream-state";
import { NO_PAIRS, NO_PAIRS_SIZE } from "../memory/pairs";
import { mark, release } from "../memory/scratch";
import { forgetSnapshots } from "../memory/snapshots";
import { put, putSize } from "../memory/text";
import { MANY_READS, SHARED_STREAMS } from "../runtime/build";
import {
  Phase,
  effectiveContext,
  noteDeferred,
  phase,
  progress,
  setProgress,
  turnOf,
} from "../runtime/current-callback";
import { record } from "../runtime/status";
import { Target } from "../runtime/target";

/** The status of the response to send when the callback ends; 1 for a reset, 0 for neither. */
let due: u32 = 0;
/** The stream is to be reset, and not answered. */
let isResetDue: bool = false;
/** The number of the stream that is to end. */
let dueStream: u32 = 0;
/** The body of the response, as text or as bytes, and its headers. */
let dueText: string | null = null;
let dueBytes: Uint8Array | null = null;
let dueOptions: LocalResponseOptions | null = null;

/** Resets the stream that is in effect. In one of the stream's own callbacks this is done when that callback ends. */
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

/**
 * Answers the stream that is in effect. In one of the stream's own callbacks this is done when that callback ends.
 *
 * @param text the body as text; null when it is bytes, or when there is none.
 * @param bytes the body as bytes; null when it is text, or when there is none.
 */
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

/** Tells whether a callback of a request has ever let a response go on: a module that does no such thing carries nothing of it. */
export let hasResumed: bool = false;

/**
 * Lets the held response of the stream in effect go on. In a callback of the request this is done when that callback ends: the SDK may have
 * to answer the request then, and Envoy 1.40 would do both, the one in the middle of the other.
 */
export function resumeTheResponse(): Status {
  if (turnOf == effectiveContext && phase <= Phase.RequestTrailers) {
    hasResumed = true;
    setProgress(progress | (RESUMED << RESPONSE));
    return record(Status.Ok);
  }
  return record(proxy_continue_stream(StreamType.Response));
}

/** Forgets that the response was to go on when the running callback of the request ends. Answers whether it was. */
export function takeBackResumption(): bool {
  const flag = RESUMED << RESPONSE;
  if ((progress & flag) == 0) return false;
  setProgress(progress & ~flag);
  return true;
}

/** Tells whether `stream` is to end when its running callback does. */
// @ts-ignore: decorator
@inline
export function isEndDue(stream: Target): bool {
  return due != 0 && (SHARED_STREAMS || dueStream == stream.contextId);
}

/** Forgets the response or reset that the running callback of `stream` has asked for. Answers whether there was one. */
export function takeBack(stream: Target): bool {
  if (!isEndDue(stream)) return false;
  due = 0;
  isResetDue = false;
  dueText = null;
  dueBytes = null;
  dueOptions = null;
  return true;
}

/** Sends the deferred response or reset to the host, for the stream that is in effect. */
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
