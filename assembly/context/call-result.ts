/**
 * Answers to HTTP calls.
 *
 * @module
 */
import { BufferType, HeaderMapType } from "../abi/enums";
import { Body } from "../http/body";
import { Headers } from "../http/headers";
import { handle } from "../memory/handle";

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
   * too slow; `failure` tells.
   */
  get status(): u32 {
    return this.headers.decimal(":status");
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
  if (status == 504)
    return result.body.slice(0, 32) == "upstream request timeout" ? CallFailure.Timeout : CallFailure.None;
  if (status != 503) return CallFailure.None;
  const text = result.body.slice(0, 512);
  if (text == "no healthy upstream") return CallFailure.Unreachable;
  if (!text.startsWith("upstream connect error or disconnect/reset before headers")) return CallFailure.None;
  return text.includes("reset reason: connection termination") || text.includes("reset reason: remote reset")
    ? CallFailure.Reset
    : CallFailure.Unreachable;
}
