/**
 * The state of a stream, as flags: what has been sent, held, resumed or reset. The SDK looks at them before a host call, and refuses
 * the calls that would crash Envoy, hang or corrupt the stream, or do nothing. Each stream has its own flags; `progress` holds those
 * of the stream that host calls act upon.
 *
 * @module
 */
import { BufferType, FilterDataStatus, HeaderMapType } from "../abi/enums";
import {
  DROPS_BODIES,
  NO_REQUEST_HEADERS,
  NO_RESPONSE_HEADERS,
  SHARED_STREAMS,
  TRAILERS,
} from "../runtime/build";
import {
  Phase,
  REQUEST_SENT,
  TRANSIENT,
  actsOnAnother,
  actsOnOwn,
  callbackContext,
  phase,
  progress,
  setProgress,
} from "../runtime/current-callback";
import { expectBegun } from "../runtime/status";

/** A local response has been sent. */
export const REPLIED: u32 = 1;
/** The running callback has sent a local response or reset the stream. The message stops then, whatever the callback answers. */
export const ENDED_NOW: u32 = TRANSIENT;
/** The stream has been reset by the filter, or is over: between `onLog` and `onDone` Envoy 1.40 crashes on actions. */
export const RESET: u32 = 2;

/** The flags of the request; those of the response are the same, moved by `RESPONSE`. */
export const RESPONSE: u32 = 8;

/** A callback has answered that the message is to be held. */
export const HELD: u32 = 1 << 2;
/** The filter has resumed the message in one of its own callbacks. It goes on when that callback ends. */
export const RESUMED: u32 = 1 << 3;
/** Its headers have gone on: Envoy may still answer Ok to a change, which then has no effect. */
export const SENT: u32 = REQUEST_SENT;
/** The last body callback answered that the body be buffered, so that it can be read in other callbacks. */
export const BUFFERED: u32 = 1 << 5;
/** `content-length` was removed before the headers went on: the body may change its length. */
export const FREE_LENGTH: u32 = 1 << 6;

/** It has trailers: they have come, or were made in a body callback. */
export const HAS_TRAILERS: u32 = 1 << 7;

/** A change of one of its bodies was refused, because the length had been announced. */
export const MISSED: u32 = 1 << 17;

/** Tells whether that has ever happened: a module that changes no bodies carries nothing of what follows from it. */
export let hasMissed: bool = false;

/** Notes that a change of a body was refused. */
export function noteMissed(): void {
  hasMissed = true;
  setProgress(progress | MISSED);
}

/** Of the response alone: it has ended with its headers … */
const ENDED: u32 = 1 << 18;
/** … its status has no body, so that what comes of one is dropped … */
const DROPPED: u32 = 1 << 19;
/** … a body callback has answered, and so the host may keep something of it. */
const BODY_BEGUN: u32 = 1 << 20;

/** Of the request alone: a part of its body has come … */
const BODY_COME: u32 = 1 << 21;
/** … and has gone on; … */
export const BODY_GONE: u32 = 1 << 22;
/** … what is held of it stands behind a mark (`held-part.ts`) … */
const MARKED: u32 = 1 << 23;
/** … and is nothing that the filter sees. */
const HIDDEN: u32 = 1 << 24;
/** The host keeps nothing of what has gone on. */
const UNKEPT: u32 = 1 << 25;
/** The first of the body is held, and the headers have gone on. */
export const FIRST_HELD: u32 = 1 << 28;

/** It asks for a tunnel by the method CONNECT: a status of 200 to 299 would open it. */
const CONNECT: u32 = 1 << 26;

/** Of the response alone: what is held of it goes on in the next tick. */
const GOES_ON_LATER: u32 = 1 << 27;

/** Tells whether what is held of the response already goes on in the next tick. */
export function goesOnLater(): bool {
  return (progress & GOES_ON_LATER) != 0;
}

/** Notes whether what is held of the response goes on in the next tick. */
export function noteGoesOnLater(later: bool): void {
  setProgress(later ? progress | GOES_ON_LATER : progress & ~GOES_ON_LATER);
}

/** Notes that the request is a CONNECT. */
export function noteConnect(): void {
  setProgress(progress | CONNECT);
}

/** Tells whether it has been noted that the request is a CONNECT. */
export function isConnect(): bool {
  return !SHARED_STREAMS && (progress & CONNECT) != 0;
}

/** Tells whether the request's headers can still be read. */
export function areRequestHeadersThere(): bool {
  return phase == Phase.RequestHeaders || (!SHARED_STREAMS && (progress & (HELD | SENT)) == HELD);
}

/** Notes that a part of the request's body has come. */
export function noteBodyCome(): void {
  setProgress(progress | BODY_COME);
}

/** Notes that the request goes on, with all that has come of its body. */
export function noteBodyGone(): void {
  if ((progress & BODY_COME) != 0) setProgress(progress | BODY_GONE);
}

/** Tells whether what is held from now on is the first that is held of it since a part has gone on. */
export function isHeldAnew(): bool {
  return (progress & (BODY_GONE | HELD | UNKEPT | REPLIED | RESET)) == BODY_GONE;
}

/** Notes that the host keeps nothing of what has gone on. */
export function noteUnkept(): void {
  setProgress(progress | UNKEPT);
}

/** Tells whether the first of the body goes on, and stands where the filter can see it. */
export function goesOnBuffered(): bool {
  return (progress & (BODY_COME | BODY_GONE | BUFFERED)) == (BODY_COME | BUFFERED);
}

/** Tells whether what is held stands behind a mark; hidden from the filter. */
export function isMarked(): bool {
  return (progress & (MARKED | REPLIED | RESET)) == MARKED;
}

export function isHidden(): bool {
  return (progress & HIDDEN) != 0;
}

export function setMarked(marked: bool, hidden: bool): void {
  setProgress((progress & ~(MARKED | HIDDEN)) | (marked ? MARKED : 0) | (hidden ? HIDDEN : 0));
}

/** The same as `ENDED`, where one object serves all streams; it counts in the headers callback only. */
// @ts-ignore: decorator
@lazy
let responseEnded: bool = false;

/** Notes that the response's headers have come: the upstream's, or those of a local response that takes their place. */
export function noteResponse(ended: bool): void {
  if (SHARED_STREAMS) responseEnded = ended;
  else setProgress((progress & ~(ENDED | DROPPED | BODY_BEGUN)) | (ended ? ENDED : 0));
}

/** Tells whether no body follows the response's headers. */
export function hasEndedResponse(): bool {
  return SHARED_STREAMS ? responseEnded : (progress & ENDED) != 0;
}

/** Notes that a callback of the response's body has answered. */
export function noteBody(): void {
  setProgress(progress | BODY_BEGUN);
}

/** Tells whether all of the response's body can be dropped: none of it is in the host out of reach. */
export function mayDrop(): bool {
  return (progress & (BODY_BEGUN | (BUFFERED << RESPONSE))) != BODY_BEGUN;
}

/** Notes that the response's body is to be dropped. */
export function noteDropped(): void {
  setProgress(progress | DROPPED);
}

/** Tells whether the stream can go on without the filter: nothing is left for it to hide, drop or end. */
export function mayPass(): bool {
  return (progress & (MISSED | DROPPED | REPLIED | RESET)) == 0;
}

/** Takes back that the running callback has answered or reset the stream. */
export function forgetEnd(): void {
  setProgress(progress & ~(REPLIED | RESET | ENDED_NOW));
}

/** Tells whether the body is dropped, because the response's status has none. */
export function isDropped(buffer: i32): bool {
  return DROPS_BODIES && buffer == BufferType.HttpResponseBody && (progress & DROPPED) != 0;
}

/**
 * Tells whether the map is one of trailers that can be made: a request's at its body's end. Those of a response Envoy 1.40 would keep
 * from a filter that waits for the whole body, for ever.
 */
export function mayMakeTrailers(map: i32): bool {
  return TRAILERS && map == HeaderMapType.RequestTrailers && phase == Phase.RequestBody && actsOnOwn();
}

/**
 * Tells whether the map is one of trailers that the host does not have now. Envoy 1.40 makes some for calls that could `change` a
 * map (or ask for its size) when it last saw the end of a message, be it the other one, and then crashes when its own come.
 */
export function areMissing(map: i32, change: bool): bool {
  if (!TRAILERS) return false;
  const isRequest = map == HeaderMapType.RequestTrailers;
  if (!isRequest && map != HeaderMapType.ResponseTrailers) return false;
  if (phase == Phase.Log) return change || isRequest || !actsOnOwn();
  if (phase == Phase.End || actsOnAnother()) return true;
  const flags = isRequest ? progress : progress >> RESPONSE;
  if ((flags & HAS_TRAILERS) == 0) return true;
  if ((flags & HELD) != 0) return false;
  const own = isRequest ? Phase.RequestTrailers : Phase.ResponseTrailers;
  return !mayMakeTrailers(map) && !(phase == own && actsOnOwn());
}

/** Notes that trailers were made. */
export function noteTrailers(map: i32): void {
  if (mayMakeTrailers(map)) setProgress(progress | HAS_TRAILERS);
}

/** Tells whether the callback comes after the response's headers, whatever the module knows of them. */
function isBehindHeaders(): bool {
  return phase == Phase.ResponseBody || phase == Phase.ResponseTrailers || phase == Phase.ResponseMetadata;
}

/** Tells whether the headers of this map have gone on to the next filter. */
export function areSent(map: i32): bool {
  // In `onLog`, access logs still see what is changed.
  if (NO_REQUEST_HEADERS && map == HeaderMapType.RequestHeaders && phase < Phase.Log) return true;
  if (NO_RESPONSE_HEADERS && map == HeaderMapType.ResponseHeaders && isBehindHeaders()) return true;
  if (SHARED_STREAMS) return false; // such a filter keeps nothing to know it by; the host itself refuses what it can
  if (map == HeaderMapType.RequestHeaders) return (progress & SENT) != 0;
  return map == HeaderMapType.ResponseHeaders && (progress & (SENT << RESPONSE)) != 0;
}

/** The answer of a body callback that no filter overrides: held headers go on when the filter resumes them. */
export function passBody(side: u32): FilterDataStatus {
  const isHeld = !SHARED_STREAMS && ((progress >> side) & (HELD | SENT)) == HELD;
  return isHeld ? FilterDataStatus.StopIterationAndWatermark : FilterDataStatus.Continue;
}

/** Notes that the body behind this header map may change its length. */
export function freeLength(map: i32): void {
  if (SHARED_STREAMS) return;
  setProgress(progress | (map == HeaderMapType.RequestHeaders ? FREE_LENGTH : FREE_LENGTH << RESPONSE));
}

/** Tells whether the body may change its length. */
export function isLengthFree(buffer: i32): bool {
  return (progress & (buffer == BufferType.HttpRequestBody ? FREE_LENGTH : FREE_LENGTH << RESPONSE)) != 0;
}

/** Tells whether the data of a connection can be touched now: in its own callback only. */
export function isDataThere(buffer: i32): bool {
  return (
    actsOnOwn() && phase == (buffer == BufferType.DownstreamData ? Phase.DownstreamData : Phase.UpstreamData)
  );
}

/**
 * Tells whether the body can be touched now: in its own body callback, and elsewhere while it is buffered, but not in callbacks of
 * other streams, which may be other contexts of the same one. In Envoy 1.40 it dangles in all other places, and reading it
 * kills the process.
 */
export function isBodyThere(buffer: i32): bool {
  if (!SHARED_STREAMS) expectBegun();
  const request = buffer == BufferType.HttpRequestBody;
  if (phase == (request ? Phase.RequestBody : Phase.ResponseBody) && actsOnOwn()) return true;
  if (SHARED_STREAMS || phase >= Phase.Log || phase == Phase.Create || actsOnAnother()) return false;
  return (progress & (request ? BUFFERED : BUFFERED << RESPONSE)) != 0;
}

/** The stream that was answered last, where one object serves all: the response callbacks of that answer follow at once. */
export let lastReplied: u32 = 0;

/** Tells whether the stream whose callback is running was answered or reset, as far as `flags` of its progress tell. */
// @ts-ignore: decorator
@inline
export function hasEnded(flags: u32): bool {
  return SHARED_STREAMS ? lastReplied == callbackContext : (progress & flags) != 0;
}

/** Notes that a local response has been sent: nothing is held any more. */
export function noteReply(): void {
  if (SHARED_STREAMS) {
    lastReplied = callbackContext;
    return;
  }
  const held = HELD | BUFFERED;
  setProgress((progress & ~(held | (held << RESPONSE))) | REPLIED | ENDED_NOW);
}
