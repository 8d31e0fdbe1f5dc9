/**
 * Answers to HTTP calls.
 *
 * @module
 */
import { BufferType, GrpcStatus, HeaderMapType, Status } from "../abi/enums";
import { Body } from "../http/body";
import { Headers } from "../http/headers";
import { handle } from "../memory/handle";
import { record } from "../runtime/status";

/** Why there is no answer of the upstream's own, as far as Envoy 1.40 tells. */
export const enum CallFailure {
  /** The upstream has answered. */
  None,
  /** No answer came within the timeout: status 504. */
  Timeout,
  /** The host could not reach the upstream: status 503. */
  Unreachable,
  /** The upstream broke the call off: status 503 before the headers, none after them. */
  Reset,
}

/**
 * The answer to an HTTP call. Its headers, body and trailers can be read in the callback only.
 *
 * @example
 * this.fetch("auth", { path: "/check" }, (result) => {
 *   if (result.failed) log.warn("no answer: " + result.failure.toString());
 *   else if (result.status == 200) this.user = result.headers.get("x-user");
 * });
 */
@final
export class CallResult {
  /** @internal The call had a header that may have told Envoy that it is gRPC. */
  $looksLikeGrpc: bool = false;
  /** @internal The status, once it is known. */
  $status: u32 = 0;

  constructor(
    /** The number of headers; 0 when the call broke off. */
    readonly headerCount: u32,
    /** The size of the body in bytes. */
    readonly bodySize: u32,
    /** The number of trailers. */
    readonly trailerCount: u32,
  ) {}

  /**
   * The HTTP status; 0 when there is none. Envoy answers with 503 or 504 itself when the upstream cannot be reached or is
   * too slow; `failure` tells. To a call whose `content-type` is `application/grpc` it says so with 200 and a `grpc-status`, as a gRPC
   * server does that is unavailable: the status is 503 then, so that such an answer is never taken for a permission.
   */
  get status(): u32 {
    const known = this.$status;
    if (known != 0) return known;
    const status = this.headers.decimal(":status");
    return (this.$status = this.$looksLikeGrpc ? this.statusOfGrpc(status) : status);
  }

  private statusOfGrpc(status: u32): u32 {
    if (status != 200 || this.bodySize != 0) return status;
    const unavailable = this.headers.decimal("grpc-status") == <u32>GrpcStatus.Unavailable;
    record(Status.Ok);
    return unavailable ? 503 : status;
  }

  /** The answer's headers, `:status` among them. */
  get headers(): Headers {
    return handle<Headers>(HeaderMapType.HttpCallResponseHeaders);
  }

  /** The answer's body, which the host has kept whole. */
  get body(): Body {
    return handle<Body>(BufferType.HttpCallResponseBody);
  }

  /** The answer's trailers. */
  get trailers(): Headers {
    return handle<Headers>(HeaderMapType.HttpCallResponseTrailers);
  }

  /** Tells whether the upstream has not answered by itself. */
  get failed(): bool {
    return this.failure != CallFailure.None;
  }

  /**
   * Why the upstream has not answered by itself. Read from what Envoy writes in its stead: an upstream that answers the
   * same words with the same status looks alike.
   */
  get failure(): CallFailure {
    return failureOf(this, this.headerCount == 0 ? 0 : this.status);
  }
}

/** `failure` of an answer whose status is known. */
export function failureOf(result: CallResult, status: u32): CallFailure {
  if (result.headerCount == 0) return CallFailure.Reset;
  if (status != 503 && status != 504) return CallFailure.None;
  let text = result.body.slice(0, 512);
  if (result.$looksLikeGrpc && text == "") {
    const message = result.headers.get("grpc-message");
    if (message !== null) text = message;
  }
  if (text == "upstream request timeout") return CallFailure.Timeout;
  if (status == 504) return CallFailure.None;
  if (text == "no healthy upstream") return CallFailure.Unreachable;
  if (!text.startsWith("upstream connect error or disconnect/reset before headers")) return CallFailure.None;
  return text.includes("reset reason: connection termination") || text.includes("reset reason: remote reset")
    ? CallFailure.Reset
    : CallFailure.Unreachable;
}
