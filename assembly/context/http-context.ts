/// <reference path="../runtime/build.d.ts" />
/**
 * The HTTP filter: one object for each stream.
 *
 * @module
 */
import {
  BufferType,
  FilterDataStatus,
  FilterHeadersStatus,
  FilterMetadataStatus,
  FilterTrailersStatus,
  Status,
  StreamType,
} from "../abi/enums";
import { proxy_continue_stream } from "../abi/imports";
import { LocalResponseOptions } from "../http/local-response";
import { withJsonType } from "./json-response";
import { GONE, HttpRequest, HttpResponse } from "../http/message";
import {
  BUFFERED,
  HELD,
  MISSED,
  REPLIED,
  RESET,
  RESPONSE,
  RESUMED,
  SENT,
  goesOnLater,
  hasEnded,
  hasMissed,
  isBodyThere,
  passBody,
} from "../http/stream-state";
import { goesOnOnce, noteFirst, noteGoesOn } from "../http/held-part";
import { isReplaced } from "../http/second-response";
import { handle } from "../memory/handle";
import { forgetSnapshots } from "../memory/snapshots";
import {
  DEBUG,
  HOLDS_PARTS,
  HOLDS_RESPONSES,
  MANY_READS,
  RESUMES_AFTER_CALLS,
  RESUMES_BOTH,
  SHARED_STREAMS,
  SHARED_TURNS,
  TIMERS,
} from "../runtime/build";
import {
  Phase,
  actOn,
  callbackContext,
  noteDeferred,
  phase,
  progress,
  setProgress,
  turnOf,
} from "../runtime/current-callback";
import { expectBegun, explain, lastStatus, record, refuse } from "../runtime/status";
import { ContextKind, expectStream } from "../runtime/target";
import { log } from "../services/log";
import { mayHaveNoConnection } from "./call-callback";
import { putOff } from "./next-tick";
import { claim, isResumed, noteResumed } from "./turns";
import { Context } from "./context";
import {
  endByError,
  endByReset,
  endByResponse,
  hasResumed,
  isEndDue,
  resumeTheResponse,
  sendDue,
  takeBackResumption,
} from "./deferred-reply";

/** The answer of trailers' callbacks that a filter has not overridden. */
const UNSEEN: FilterTrailersStatus = <FilterTrailersStatus>-1;

/**
 * An HTTP stream: extend it and override the callbacks that the filter needs; only those are exported, so that the host
 * does not call the others. Register the class with `registerHttpFilter`, or make it in a plugin's `createHttpContext`.
 *
 * A class without fields of its own, which uses `this` for nothing but `request`, `response`, `respond` and its own
 * methods, costs least: one object then serves all streams.
 *
 * @example
 * class Hello extends HttpContext {
 *   onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
 *     this.request.headers.set("x-hello", "world");
 *     return FilterHeadersStatus.Continue;
 *   }
 * }
 * registerHttpFilter<Hello>();
 */
export class HttpContext extends Context {
  constructor() {
    super();
    this.$kind = <u8>ContextKind.Http;
  }

  /** The request: its headers, body and trailers. */
  get request(): HttpRequest {
    return handle<HttpRequest>(this.$isReachable() ? 0 : GONE);
  }

  /** The response: its headers, body and trailers. */
  get response(): HttpResponse {
    return handle<HttpResponse>(this.$isReachable() ? 0 : GONE);
  }

  /**
   * Called when the request's headers have arrived. `endOfStream`: nothing follows, neither body nor trailers.
   * Source: `proxy_on_request_headers`.
   */
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    return FilterHeadersStatus.Continue;
  }

  /**
   * Called for each chunk of the request's body, and once with size 0 when the end comes without data. `bodySize` is what
   * can be read now: the chunk, or all that has been kept by `FilterDataStatus.StopIterationAndBuffer`. When trailers
   * follow, `endOfStream` comes with them, in one more call; not in a filter that overrides `onRequestTrailers`: there the
   * body ends in that. Source: `proxy_on_request_body`, `proxy_on_request_trailers`.
   */
  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    return passBody(0);
  }

  /**
   * Called when the request ends with trailers: the body ends here, too. As it is inherited it calls `onRequestBody` with
   * `endOfStream`; one of your own ends with `return super.onRequestTrailers(trailerCount)`, or looks at the body itself. Otherwise a
   * client that sends trailers passes a check that waits for `endOfStream`. Source: `proxy_on_request_trailers`.
   */
  onRequestTrailers(trailerCount: u32): FilterTrailersStatus {
    return UNSEEN;
  }

  /**
   * Called when the response's headers have arrived, also for local responses. `endOfStream`: nothing follows.
   * Source: `proxy_on_response_headers`.
   */
  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    return FilterHeadersStatus.Continue;
  }

  /** Called for each chunk of the response's body; see `onRequestBody`. Source: `proxy_on_response_body`. */
  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    return passBody(RESPONSE);
  }

  /** Called when the response ends with trailers; see `onRequestTrailers`. Source: `proxy_on_response_trailers`. */
  onResponseTrailers(trailerCount: u32): FilterTrailersStatus {
    return UNSEEN;
  }

  /**
   * Called for HTTP/2 METADATA of the request: name and value pairs that travel beside the body. Envoy passes them on only
   * with `allow_metadata`, and offers no way to read them here. Source: `proxy_on_request_metadata`.
   */
  onRequestMetadata(elementCount: u32): FilterMetadataStatus {
    return FilterMetadataStatus.Continue;
  }

  /**
   * Called for HTTP/2 METADATA of the response; see `onRequestMetadata`. Nothing can be done to streams here: Envoy 1.40
   * would crash. Start a timer for it. Source: `proxy_on_response_metadata`.
   */
  onResponseMetadata(elementCount: u32): FilterMetadataStatus {
    return FilterMetadataStatus.Continue;
  }

  /** Called when the stream has ended. In Envoy after `onLog`. Source: `proxy_on_done`. */
  onDone(): void {}

  /**
   * Answers the request in the upstream's stead; return its result. The response runs through the response callbacks of all
   * filters, this one's too. May be called in every callback of a stream that is still open, once. In a response callback it
   * replaces the response if the headers are still held, and resets the stream otherwise.
   *
   * A status outside 200 to 599 is sent as 500, and headers that cannot be sent are left out: a refusal is sent in any case. 204,
   * 205 and 304 carry no body. If no response is possible, nothing happens, the stream goes on, and `lastStatus()` is
   * `Status.BadArgument`. This is also the case in a callback of another stream or connection: act on a stream in its own callbacks, in
   * timers and in answers to calls. Source: `proxy_send_local_response`.
   *
   * @example
   * return this.respond(401, "who are you?\n", { headers: [["www-authenticate", "Bearer"]], details: "no_token" });
   */
  respond(status: u32, body: string = "", options: Partial<LocalResponseOptions> | null = null): i32 {
    if (!this.$canAct("respond")) return FilterHeadersStatus.Continue;
    endByResponse(status, body, null, options as LocalResponseOptions | null);
    return FilterHeadersStatus.StopIteration;
  }

  /**
   * `respond` with a body of JSON: `content-type` is `application/json`, unless `options` has another.
   *
   * @example
   * return this.respondJson(400, new JsonWriter().object().name("error").string("no name").end().text());
   */
  respondJson(status: u32, json: string, options: Partial<LocalResponseOptions> | null = null): i32 {
    return this.respond(status, json, withJsonType(options as LocalResponseOptions | null));
  }

  /** `respond` with a body of bytes, which must stay as they are until the callback has ended. */
  respondBytes(status: u32, body: Uint8Array, options: Partial<LocalResponseOptions> | null = null): i32 {
    if (!this.$canAct("respondBytes")) return FilterHeadersStatus.Continue;
    endByResponse(status, null, body, options as LocalResponseOptions | null);
    return FilterHeadersStatus.StopIteration;
  }

  /**
   * Lets a held request go on: one whose callback answered anything but `Continue`. Called in a callback of the request
   * itself, it makes that callback answer `Continue`. Nothing happens when the request is not held, or answered already.
   * Refused in a callback of another stream or connection, as `respond` is, in one of the response and in `onRequestMetadata`: Envoy 1.40
   * crashes when the upstream has reset the stream, or when the METADATA has waited. Source: `proxy_continue_stream`.
   */
  resumeRequest(): Status {
    return this.$resume(StreamType.Request, Phase.RequestHeaders, Phase.RequestTrailers, 0);
  }

  /**
   * Lets a held response go on; see `resumeRequest`. Of a request and its response that are resumed in one timer or answer, the
   * second goes on in the next tick. In a callback of the request it goes on when that callback ends, and not at all if the SDK has to
   * answer 500 then.
   */
  resumeResponse(): Status {
    return this.$resume(StreamType.Response, Phase.ResponseHeaders, Phase.ResponseTrailers, RESPONSE);
  }

  /**
   * Resets the stream: the client sees a broken connection or an HTTP/2 reset, the upstream too. May be called in every
   * callback of a stream that is still open and has not been answered: Envoy 1.40 crashes on a reset after a local
   * response, and on one after a resumption in the same callback of another stream or plugin.
   * Source: `proxy_close_stream`.
   */
  reset(): Status {
    if (!this.$canAct("reset")) return Status.BadArgument;
    endByReset();
    return lastStatus();
  }

  /** @internal */
  $mayBePartOf(kind: u32): bool {
    return kind == ContextKind.Http;
  }

  /**
   * @internal Called for the host's callback, and calls the method that a filter may override. `WholeBodyContext` and its like do
   * their own work in it, so that it is done whatever a filter overrides.
   */
  $onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    return this.onRequestHeaders(headerCount, endOfStream);
  }

  /** @internal */
  $onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    return this.onRequestBody(bodySize, endOfStream);
  }

  /** @internal */
  $onRequestTrailers(trailerCount: u32): FilterTrailersStatus {
    const answer = this.onRequestTrailers(trailerCount);
    if (answer != UNSEEN) return answer;
    // The filter has no callback for trailers, and has not been told that the body has ended: what waits for its end must not
    // be passed by a peer that sends trailers.
    const size = isBodyThere(BufferType.HttpRequestBody) ? this.request.body.size : 0;
    return this.onRequestBody(size, true) == FilterDataStatus.Continue
      ? FilterTrailersStatus.Continue
      : FilterTrailersStatus.StopIteration;
  }

  /** @internal */
  $onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    return this.onResponseHeaders(headerCount, endOfStream);
  }

  /** @internal */
  $onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    return this.onResponseBody(bodySize, endOfStream);
  }

  /** @internal */
  $onResponseTrailers(trailerCount: u32): FilterTrailersStatus {
    const answer = this.onResponseTrailers(trailerCount);
    if (answer != UNSEEN) return answer;
    const size = isBodyThere(BufferType.HttpResponseBody) ? this.response.body.size : 0;
    return this.onResponseBody(size, true) == FilterDataStatus.Continue
      ? FilterTrailersStatus.Continue
      : FilterTrailersStatus.StopIteration;
  }

  /**
   * @internal Ends the stream, which is in effect, when a change of its body was refused: what was to be hidden or added must
   * not go on as it was. `ending`: its callback ends now.
   */
  $endWhenMissed(ending: bool): bool {
    if (!isMissed()) return false;
    if (turnOf != 0 && !ending) return true; // when that callback ends
    if (!this.$isReachable()) return false; // its callback may have acted upon another stream last
    log.error('a body was not changed, because "content-length" is there; answering 500');
    endByError();
    return true;
  }

  /** @internal Ends the stream, which is in effect and held: something of its body would be sent twice. */
  $failKeptPart(): void {
    log.error(
      "held a request that had begun to go on: Envoy would send a part twice (the route's retry_policy or internal_redirect_policy, or a filter behind that holds it); answering 500",
    );
    endByError();
  }

  /** @internal Ends the stream as its callback, which ends, has asked for, or lets its response go on. */
  $endWhenDue(): void {
    if (!SHARED_STREAMS && hasResumed) this.$letGo();
    if (isEndDue(this) && this.$isReachable()) sendDue();
  }

  /** Lets the response go on for which a callback of the request, which ends, has asked. */
  private $letGo(): void {
    if (takeBackResumption() && (progress & (REPLIED | RESET)) == 0 && this.$isReachable())
      record(proxy_continue_stream(StreamType.Response));
  }

  /**
   * Resumes the request or response whose callbacks are `first` to `last`. Only one that is held is known to have begun:
   * Envoy 1.40 crashes when a response is continued that has not.
   */
  private $resume(stream: StreamType, first: Phase, last: Phase, side: u32): Status {
    if (phase >= first && phase <= last && callbackContext == this.contextId) {
      if (!this.$isReachable()) {
        if (DEBUG) explain("resume: the stream is gone");
        return refuse();
      }
      setProgress(progress | (RESUMED << side));
      return record(Status.Ok);
    }
    // The response may be Envoy's own, sent while it still takes the upstream apart that the request would go on to; and
    // METADATA may come from a list of what had to wait, which a resumption would empty.
    if (side == 0 && phase >= Phase.ResponseHeaders && phase <= Phase.Metadata) {
      if (DEBUG) explain("resume: no request in a callback of the response or of METADATA; in a timer, say");
      return refuse();
    }
    if (!this.$canAct("resume", true)) return Status.BadArgument;
    if ((progress & (HELD << side)) == 0 && !isMissed()) return record(Status.Ok);
    // The SDK may have to end the stream below, which takes the same right as resuming it.
    if (SHARED_TURNS && !claim(this)) {
      if (DEBUG) explainSecond("resume");
      return refuse();
    }
    // The side that goes on first may end the stream, and the host would not check.
    const isSecond = RESUMES_BOTH && isResumed(this);
    if (isSecond || (RESUMES_AFTER_CALLS && side == 0 && mayHaveNoConnection())) {
      noteResumed(this);
      this.$resumeLater(side);
      return record(Status.Ok);
    }
    if (this.$endWhenMissed(false)) return refuse();
    if (HOLDS_PARTS && side == 0) {
      if (!goesOnOnce(false)) {
        this.$failKeptPart();
        return refuse();
      }
      noteFirst();
      noteGoesOn();
    }
    noteResumed(this);
    noteDeferred();
    if (HOLDS_RESPONSES && side != 0 && isReplaced()) {
      endByReset();
      return refuse();
    }
    // The host lets go of the request's headers and body in either case.
    setProgress((progress & ~((HELD << side) | (BUFFERED << side) | BUFFERED)) | (SENT << side));
    if (MANY_READS) forgetSnapshots();
    return side == 0 ? record(proxy_continue_stream(stream)) : resumeTheResponse();
  }

  /** @internal Lets a held request, or response (`side`), go on in the next tick. */
  $resumeLater(side: u32): void {
    if (RESUMES_AFTER_CALLS && !TIMERS) putOff(this);
    else this.afterWith<HttpContext>(1, this, side == 0 ? resumeRequest : resumeResponse);
  }

  /** @internal Lets what is held of the response go on in the next tick, unless it is held anew. */
  $letGoLater(): void {
    this.afterWith<HttpContext>(1, this, letResponseGo);
  }

  /** Tells whether the host can be made to act upon this stream; from then on host calls do. */
  private $isReachable(): bool {
    return SHARED_STREAMS || actOn(this);
  }

  /**
   * Tells whether an action on this stream is possible now; records the refusal otherwise. Envoy 1.40 crashes on a response or
   * reset in `onDone`, `onLog` and `onDelete`, and hangs the stream on one sent when the stream is not in effect.
   */
  private $canAct(action: string, replied: bool = false): bool {
    expectStream(this);
    if (!SHARED_STREAMS) expectBegun();
    if (phase >= Phase.ResponseMetadata || phase == Phase.Create) {
      if (DEBUG) {
        const here =
          phase == Phase.ResponseMetadata
            ? ": not in onResponseMetadata"
            : ": the stream has not begun or has ended";
        explain(action + here);
      }
    } else if (!SHARED_STREAMS && turnOf != 0 && turnOf != this.contextId) {
      // The host may be in the middle of that stream, between the end of its callback and what that has answered.
      if (DEBUG) explain(action + ": not in a callback of another stream or connection; in a timer, say");
    } else if (!this.$isReachable()) {
      if (DEBUG) explain(action + ": the stream is gone");
    } else if (hasEnded(replied ? RESET : RESET | REPLIED)) {
      if (DEBUG) explain(action + ": the stream has been answered or reset already, or is over");
    } else if (!SHARED_STREAMS && !replied && isResumed(this)) {
      if (DEBUG)
        explain(action + ": the stream has just been resumed, and may have ended when its turn comes");
    } else if (SHARED_TURNS && !replied && !claim(this)) {
      if (DEBUG) explainSecond(action);
    } else return true;
    refuse();
    return false;
  }
}

/** Tells whether a change of the body of the stream in effect was refused, and the stream is still to be ended for that. */
// @ts-ignore: decorator
@inline
function isMissed(): bool {
  return hasMissed && (progress & (MISSED | REPLIED | RESET)) == MISSED;
}

function resumeRequest(stream: HttpContext): void {
  stream.resumeRequest();
}

function resumeResponse(stream: HttpContext): void {
  stream.resumeResponse();
}

function letResponseGo(stream: HttpContext): void {
  if (goesOnLater()) stream.resumeResponse();
}

function explainSecond(action: string): void {
  explain(
    action +
      ": the stream has just been resumed or ended by another filter in its chain; in another timer, say",
  );
}
