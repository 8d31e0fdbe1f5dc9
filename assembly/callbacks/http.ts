/**
 * The callbacks for HTTP streams; the transform exports those that a filter overrides.
 *
 * @module
 */
import { FilterDataStatus, FilterHeadersStatus, HeaderMapType } from "../abi/enums";
import { hasFailed, takeFailed } from "../context/failed";
import { HttpContext } from "../context/http-context";
import { sharedHttpContext } from "../context/register";
import { httpContextById } from "../context/by-id";
import { sendFailure } from "../http/failure";
import { hasValue } from "../http/header-reads";
import { dropChunk } from "../http/header-status";
import {
  forgetKept,
  goesOnOnce,
  hiddenSize,
  markHeld,
  noteFirstHeld,
  noteGoesOn,
  restoreHidden,
} from "../http/held-part";
import { forgetLatePart, noteHeldPart, sizeToSee } from "../http/late-part";
import { endsReplaced, endsSecond, noteHeldResponse } from "../http/second-response";
import {
  BUFFERED,
  ENDED_NOW,
  FREE_LENGTH,
  HAS_TRAILERS,
  HELD,
  REPLIED,
  RESET,
  RESPONSE,
  RESUMED,
  SENT,
  goesOnLater,
  isHeldAnew,
  isMarked,
  noteBody,
  noteBodyCome,
  noteConnect,
  noteGoesOnLater,
  noteResponse,
} from "../http/stream-state";
import {
  CHECKS_STATUS,
  DEBUG,
  DROPS_BODIES,
  HOLDS_PARTS,
  HOLDS_RESPONSES,
  LETS_PARTS_GO,
  NO_REQUEST_BODY,
  NO_RESPONSE_BODY,
  ONE_STOP,
  PLAIN_STATUSES,
  RESUMES_BOTH,
  RESUMES_HELD,
  SHARED_STREAMS,
  TRAILERS,
} from "../runtime/build";
import {
  Phase,
  actOn,
  begin,
  enter,
  leave,
  phase,
  progress,
  returnTo,
  setProgress,
} from "../runtime/current-callback";
import { explain } from "../runtime/status";
import { log } from "../services/log";

/** The stream that a callback is for; null when it is not ours or gone: Envoy may still call for a reset stream. */
function enterStream(id: u32, phase: Phase): HttpContext | null {
  enter(id, phase);
  if (SHARED_STREAMS) return sharedHttpContext;
  let stream = httpContextById(id);
  // A stream that has failed may have an object that stands in for it.
  if (RESUMES_BOTH && phase < Phase.Metadata && hasFailed(id)) stream = null;
  if (stream === null) {
    unseen = 0;
    if (phase < Phase.Metadata && takeFailed(id)) {
      sendFailure();
      unseen = 1;
    }
    leave();
  } else begin(stream);
  return stream;
}

/** The answer for a stream without a context: to go on, or to stop if a bug has kept the context from being made. */
let unseen: i32 = 0;

/**
 * Ends a callback, and remembers what has become of the message: `side` moves the flags to the request or the response.
 * One that was resumed in the callback goes on: told to hold it after that, Envoy would do so for ever.
 */
function end(stream: HttpContext, answer: i32, held: bool, buffered: bool, side: u32): i32 {
  if (!SHARED_STREAMS) {
    returnTo(stream);
    stream.$endWhenMissed(true);
    const flags = progress >> side;
    if ((progress & ENDED_NOW) != 0) {
      // "Stop" is 1 for headers, bodies and trailers. Told to go on after a reset, Envoy 1.40 would crash at a message's end.
      held = false;
      answer = 1;
    }
    if (held && (flags & RESUMED) != 0) {
      held = false;
      answer = 0;
    }
    if (HOLDS_PARTS && phase <= Phase.RequestTrailers && phase >= Phase.RequestBody && actOn(stream)) {
      restoreHidden();
      if (!held) {
        noteGoesOn();
        forgetKept(stream.contextId);
      } else if (isHeldAnew() || (NO_REQUEST_BODY && phase == Phase.RequestTrailers)) {
        answer = phase == Phase.RequestBody ? markHeld(answer) : -1;
        if (answer < 0) {
          stream.$failKeptPart();
          held = false;
          answer = 1;
        }
      } else noteFirstHeld();
    }
    if (HOLDS_RESPONSES && side == RESPONSE && (progress & ENDED_NOW) == 0 && actOn(stream)) {
      if (held) noteHeldResponse();
      else if (endsReplaced()) answer = 1;
    }
    const kept = progress & ~((HELD | RESUMED | BUFFERED) << side);
    setProgress(kept | ((held ? HELD | (buffered ? BUFFERED : 0) : SENT) << side));
  }
  stream.$endWhenDue();
  leave();
  if (ONE_STOP && answer > 1) return held ? 1 : 0;
  return answer;
}

function endHeaders(stream: HttpContext, answer: i32, side: u32): i32 {
  const held = answer != FilterHeadersStatus.Continue && answer != FilterHeadersStatus.ContinueAndEndStream;
  // With `allow_on_headers_stop_iteration`, a body would take the held headers along where nobody sees it come.
  const isUnseen = side == 0 ? NO_REQUEST_BODY : NO_RESPONSE_BODY;
  if (!SHARED_STREAMS && isUnseen && answer == FilterHeadersStatus.StopIteration)
    answer = FilterHeadersStatus.StopAllIterationAndWatermark;
  return end(stream, answer, held, false, side);
}

/**
 * Dropping data that the headers have announced with `content-length` would hang the stream, so it is kept instead, unless
 * the stream has been answered.
 */
function endBody(stream: HttpContext, answer: i32, side: u32, ended: bool): i32 {
  returnTo(stream);
  if (LETS_PARTS_GO && side == RESPONSE) answer = endPart(stream, answer, ended);
  if (TRAILERS && side == 0 && answer != FilterDataStatus.Continue) {
    if ((progress & (HAS_TRAILERS | REPLIED | RESET)) == HAS_TRAILERS) {
      log.error("a body callback that makes trailers must answer Continue; resetting the stream");
      stream.reset();
    }
  }
  if (answer == FilterDataStatus.StopIterationNoBuffer) {
    if ((progress & (REPLIED | RESET)) == 0 && ((progress >> side) & FREE_LENGTH) == 0) {
      if (DEBUG)
        explain('the data is kept, not dropped: remove "content-length" in the headers callback first');
      answer = FilterDataStatus.StopIterationAndWatermark;
    }
  }
  if (DROPS_BODIES && side == RESPONSE) noteBody();
  return end(stream, answer, answer != 0, answer == FilterDataStatus.StopIterationAndBuffer, side);
}

/**
 * Lets a held part of a response go on with its end, or in a turn of its own. This part may be one that a filter behind, such as Envoy's for
 * compression, adds in its callback for trailers: Envoy 1.40 would send the trailers from within, then once more, and die.
 */
function endPart(stream: HttpContext, answer: i32, ended: bool): i32 {
  // The callback may have acted upon another stream last, of whose body the host must not be asked.
  if (!actOn(stream) || (progress & (REPLIED | RESET | ENDED_NOW)) != 0) return answer;
  const goesOn = answer == 0 || (progress & (RESUMED << RESPONSE)) != 0;
  if (!goesOn) {
    noteGoesOnLater(false);
    noteHeldPart(answer);
  } else if (!ended && (progress & (HELD << RESPONSE)) != 0) {
    noteHeldPart(FilterDataStatus.Continue);
    if (!goesOnLater()) stream.$letGoLater();
    setProgress(progress & ~(RESUMED << RESPONSE));
    noteGoesOnLater(true);
    return FilterDataStatus.StopIterationAndWatermark;
  } else forgetLatePart(stream.contextId);
  return answer;
}

/** Notes that the message has trailers, before the filter may touch them. */
function beginTrailers(side: u32): void {
  if (TRAILERS) setProgress(progress | (HAS_TRAILERS << side));
}

/**
 * Data that is buffered already stays in the buffer while trailers are held. If the headers were held and resumed before, and body and
 * trailers have come within that resumption, Envoy 1.40 would let the trailers go on without the held body, or the body behind them. So
 * both go on in a turn of their own.
 */
function endTrailers(stream: HttpContext, answer: i32, side: u32): i32 {
  returnTo(stream);
  if (RESUMES_HELD && (progress & (REPLIED | RESET | ENDED_NOW)) == 0) {
    const flags = progress >> side;
    const goesOn = answer == 0 || (flags & RESUMED) != 0;
    if (goesOn && (flags & (HELD | SENT)) == (HELD | SENT)) {
      setProgress(progress & ~(RESUMED << side));
      stream.$resumeLater(side);
      answer = 1;
    }
  }
  return end(stream, answer, answer != 0, ((progress >> side) & BUFFERED) != 0, side);
}

/** Ends a callback of a request that was held, and of whose body something would be sent twice. */
function failKeptPart(stream: HttpContext): i32 {
  stream.$failKeptPart();
  return end(stream, 1, false, false, 0);
}

export function proxy_on_request_headers(id: u32, headerCount: u32, endOfStream: i32): i32 {
  const stream = enterStream(id, Phase.RequestHeaders);
  if (stream === null) return unseen;
  if (CHECKS_STATUS && !SHARED_STREAMS && hasValue(HeaderMapType.RequestHeaders, ":method", "CONNECT"))
    noteConnect();
  return endHeaders(stream, stream.$onRequestHeaders(headerCount, endOfStream != 0), 0);
}

export function proxy_on_request_body(id: u32, bodySize: u32, endOfStream: i32): i32 {
  const stream = enterStream(id, Phase.RequestBody);
  if (stream === null) return unseen;
  if (HOLDS_PARTS) {
    const hidden = isMarked() ? hiddenSize() : 0;
    if (!goesOnOnce(true)) return failKeptPart(stream);
    bodySize -= <u32>hidden;
    if (bodySize > 0) noteBodyCome();
  }
  return endBody(stream, stream.$onRequestBody(bodySize, endOfStream != 0), 0, endOfStream != 0);
}

export function proxy_on_request_trailers(id: u32, trailerCount: u32): i32 {
  const stream = enterStream(id, Phase.RequestTrailers);
  if (stream === null) return unseen;
  if (HOLDS_PARTS && !goesOnOnce(false)) return failKeptPart(stream);
  beginTrailers(0);
  return endTrailers(stream, stream.$onRequestTrailers(trailerCount), 0);
}

export function proxy_on_response_headers(id: u32, headerCount: u32, endOfStream: i32): i32 {
  const stream = enterStream(id, Phase.ResponseHeaders);
  if (stream === null) return unseen;
  if (HOLDS_RESPONSES && endsSecond()) return end(stream, 1, false, false, RESPONSE);
  if (CHECKS_STATUS && !PLAIN_STATUSES) noteResponse(endOfStream != 0);
  return endHeaders(stream, stream.$onResponseHeaders(headerCount, endOfStream != 0), RESPONSE);
}

export function proxy_on_response_body(id: u32, bodySize: u32, endOfStream: i32): i32 {
  const stream = enterStream(id, Phase.ResponseBody);
  if (stream === null) return unseen;
  if (LETS_PARTS_GO) bodySize = sizeToSee(bodySize);
  if (DROPS_BODIES && dropChunk()) bodySize = 0;
  return endBody(stream, stream.$onResponseBody(bodySize, endOfStream != 0), RESPONSE, endOfStream != 0);
}

export function proxy_on_response_trailers(id: u32, trailerCount: u32): i32 {
  const stream = enterStream(id, Phase.ResponseTrailers);
  if (stream === null) return unseen;
  beginTrailers(RESPONSE);
  return endTrailers(stream, stream.$onResponseTrailers(trailerCount), RESPONSE);
}

export function proxy_on_request_metadata(id: u32, elementCount: u32): i32 {
  const stream = enterStream(id, Phase.Metadata);
  if (stream === null) return unseen;
  const answer = stream.onRequestMetadata(elementCount);
  stream.$endWhenDue();
  leave();
  return answer;
}

export function proxy_on_response_metadata(id: u32, elementCount: u32): i32 {
  const stream = enterStream(id, Phase.ResponseMetadata);
  if (stream === null) return unseen;
  const answer = stream.onResponseMetadata(elementCount);
  leave();
  return answer;
}
