/**
 * Filters that want bodies whole.
 *
 * @module
 */
import { FilterDataStatus, FilterHeadersStatus, FilterTrailersStatus } from "../abi/enums";
import { Headers } from "../http/headers";
import { ENDED_NOW } from "../http/stream-state";
import { Tunnel, isOpened, tunnelOf } from "../http/tunnel";
import { equalsIgnoringCase } from "../memory/text";
import { NO_REQUEST_BODY, NO_RESPONSE_BODY } from "../runtime/build";
import { progress, returnTo, turn } from "../runtime/current-callback";
import { ContextKind } from "../runtime/target";
import { HttpContext } from "./http-context";

const EVENTS = "text/event-stream";

/**
 * An HTTP stream whose bodies come whole: override `onWholeRequestBody` or `onWholeResponseBody`. Each is called once, when
 * the body has ended, also for one of no bytes, and may read and change it; its length may change, because
 * `content-length` is removed first (HTTP/1 then sends the body in chunks). A message without a body is passed on unseen, and
 * so is what goes through a WebSocket, another upgrade or CONNECT, and a response of server-sent events: these have no end to
 * wait for.
 *
 * The other callbacks may be overridden as in every filter. A body callback then sees what has come so far; whatever it answers,
 * the body is kept until it is whole.
 *
 * The body is kept in the host meanwhile. A request's beyond the limit is answered with 413. A response whose headers have
 * gone on, which is the rule, is cut off: the client has its status and a broken connection. With its headers held it is
 * answered with 500. Envoy's own limit (`per_connection_buffer_limit_bytes`, 1 MiB) does the same, whichever is reached first.
 * Override `passesLargeRequests` or `passesLargeResponses` to have them passed on unseen instead.
 *
 * @example
 * class Censor extends WholeBodyContext {
 *   onWholeResponseBody(size: u32): FilterDataStatus {
 *     this.response.body.set(this.response.body.text().replaceAll("secret", "***"));
 *     return FilterDataStatus.Continue;
 *   }
 * }
 */
export class WholeBodyContext extends HttpContext {
  private $requestDone: bool = false;
  private $responseDone: bool = false;
  private $tunnel: u8 = <u8>Tunnel.None;
  /** The callback in which the body was last looked at, and what came of it. */
  private $lookedIn: u32 = 0;
  private $found: FilterDataStatus = FilterDataStatus.Continue;

  /** The largest request body in bytes. */
  get requestBodyLimit(): u32 {
    return 1 << 20;
  }

  /** The largest response body in bytes. */
  get responseBodyLimit(): u32 {
    return 1 << 20;
  }

  /**
   * Tells whether a request with a larger body is passed on unchanged instead of refused. The sender chooses the size, so leave
   * this off in a filter that is to keep something out. A body whose `content-length` says so passes without being held. Another
   * is held up to the limit, and Envoy answers it with 413 where more than its own limit comes at once: have a limit well below that
   * (`per_connection_buffer_limit_bytes`).
   */
  get passesLargeRequests(): bool {
    return false;
  }

  /** Tells whether a response with a larger body is passed on as it is; see `passesLargeRequests`. */
  get passesLargeResponses(): bool {
    return false;
  }

  /**
   * Called with the whole body of the request. Answer `FilterDataStatus.StopIterationAndBuffer` to hold the request until
   * `resumeRequest()`.
   */
  onWholeRequestBody(size: u32): FilterDataStatus {
    return FilterDataStatus.Continue;
  }

  /** Called with the whole body of the response; see `onWholeRequestBody`. */
  onWholeResponseBody(size: u32): FilterDataStatus {
    return FilterDataStatus.Continue;
  }

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (!endOfStream) this.$beginRequest();
    return FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    return this.$lookAtRequest(endOfStream);
  }

  onRequestTrailers(trailerCount: u32): FilterTrailersStatus {
    return asTrailers(this.$lookAtRequest(true));
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (!endOfStream) this.$beginResponse();
    return FilterHeadersStatus.Continue;
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    return this.$lookAtResponse(endOfStream);
  }

  onResponseTrailers(trailerCount: u32): FilterTrailersStatus {
    return asTrailers(this.$lookAtResponse(true));
  }

  /** @internal It can be no part of another context: it works in the host's callbacks, not in those that a filter calls. */
  $mayBePartOf(kind: u32): bool {
    if (kind == ContextKind.Http)
      abort("a WholeBodyContext cannot be a part of another context; answer it in createHttpContext");
    return false;
  }

  /** @internal */
  $onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const answer = this.onRequestHeaders(headerCount, endOfStream);
    if (!endOfStream && this.$isUnseen) this.$beginRequest();
    return answer;
  }

  /** @internal */
  $onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    const answer = this.onRequestBody(bodySize, endOfStream);
    if (this.$isUnseen) this.$lookAtRequest(endOfStream);
    return this.$answer(answer);
  }

  /** @internal */
  $onRequestTrailers(trailerCount: u32): FilterTrailersStatus {
    const answer = this.onRequestTrailers(trailerCount);
    if (this.$isUnseen) this.$lookAtRequest(true);
    return asTrailers(this.$answer(answer));
  }

  /** @internal */
  $onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const answer = this.onResponseHeaders(headerCount, endOfStream);
    if (!endOfStream && this.$isUnseen) this.$beginResponse();
    return answer;
  }

  /** @internal */
  $onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    const answer = this.onResponseBody(bodySize, endOfStream);
    if (this.$isUnseen) this.$lookAtResponse(endOfStream);
    return this.$answer(answer);
  }

  /** @internal */
  $onResponseTrailers(trailerCount: u32): FilterTrailersStatus {
    const answer = this.onResponseTrailers(trailerCount);
    if (this.$isUnseen) this.$lookAtResponse(true);
    return asTrailers(this.$answer(answer));
  }

  /** Tells whether the running callback still has to do its work: a filter has overridden it, and has not ended the stream. */
  private get $isUnseen(): bool {
    returnTo(this);
    return this.$lookedIn != turn && (progress & ENDED_NOW) == 0;
  }

  /** Combines the answer of a callback with `answer`, its own: the body is held while one of the two holds it. */
  private $answer(answer: i32): FilterDataStatus {
    return this.$found != FilterDataStatus.Continue || answer == 0
      ? this.$found
      : FilterDataStatus.StopIterationAndBuffer;
  }

  private $beginRequest(): void {
    this.$lookedIn = turn;
    const headers = this.request.headers;
    this.$tunnel = <u8>tunnelOf(headers);
    if (this.$tunnel != <u8>Tunnel.None || this.$passesRequest(headers)) this.$requestDone = true;
    else if (!NO_REQUEST_BODY) headers.removeLength();
  }

  private $beginResponse(): void {
    this.$lookedIn = turn;
    const headers = this.response.headers;
    if (isOpened(this.$tunnel, headers) || isEventStream(headers) || this.$passesResponse(headers))
      this.$responseDone = true;
    else if (!NO_RESPONSE_BODY) headers.removeLength();
  }

  /** Tells whether a body passes that is known to be too large. Held until it is, it could be beyond the host's own limit. */
  private $passesRequest(headers: Headers): bool {
    return this.passesLargeRequests && headers.decimal("content-length") > this.requestBodyLimit;
  }

  private $passesResponse(headers: Headers): bool {
    return this.passesLargeResponses && headers.decimal("content-length") > this.responseBodyLimit;
  }

  private $lookAtRequest(ended: bool): FilterDataStatus {
    this.$lookedIn = turn;
    this.$found = FilterDataStatus.Continue;
    if (this.$requestDone) return FilterDataStatus.Continue;
    const size = this.request.body.size;
    if (size > this.requestBodyLimit) {
      this.$requestDone = true;
      if (!this.passesLargeRequests)
        this.$found = this.respond(413, "Payload Too Large\n", {
          details: "request_body_beyond_filter_limit",
        });
    } else if (ended) {
      this.$requestDone = true;
      this.$found = this.onWholeRequestBody(size);
    } else this.$found = FilterDataStatus.StopIterationAndBuffer;
    return this.$found;
  }

  private $lookAtResponse(ended: bool): FilterDataStatus {
    this.$lookedIn = turn;
    this.$found = FilterDataStatus.Continue;
    if (this.$responseDone) return FilterDataStatus.Continue;
    const size = this.response.body.size;
    if (size > this.responseBodyLimit) {
      this.$responseDone = true;
      if (!this.passesLargeResponses)
        this.$found = this.respond(500, "Internal Server Error\n", {
          details: "response_body_beyond_filter_limit",
        });
    } else if (ended) {
      this.$responseDone = true;
      this.$found = this.onWholeResponseBody(size);
    } else this.$found = FilterDataStatus.StopIterationAndBuffer;
    return this.$found;
  }
}

/** Tells whether a response has server-sent events, which a client reads as they come. */
function isEventStream(headers: Headers): bool {
  const type = headers.get("content-type");
  if (type === null || !equalsIgnoringCase(type.substring(0, EVENTS.length), EVENTS)) return false;
  const next = type.charCodeAt(EVENTS.length);
  return type.length == EVENTS.length || next == 0x3b || next == 0x20 || next == 0x09;
}

function asTrailers(status: FilterDataStatus): FilterTrailersStatus {
  return status == FilterDataStatus.Continue
    ? FilterTrailersStatus.Continue
    : FilterTrailersStatus.StopIteration;
}
