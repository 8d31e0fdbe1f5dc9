/**
 * Filters that want bodies whole.
 *
 * @module
 */
import { FilterDataStatus, FilterHeadersStatus, FilterTrailersStatus } from "../abi/enums";
import { HttpContext } from "./http-context";

/**
 * An HTTP stream whose bodies come whole: override `onWholeRequestBody` or `onWholeResponseBody`. Each is called once, when
 * the body has ended, also for one of no bytes, and may read and change it; its length may change, because
 * `content-length` is removed first (HTTP/1 then sends the body in chunks). A message without a body is passed on unseen.
 *
 * The body is kept in the host meanwhile. One beyond the limit is answered with 413 (request) or 500 (response, unless it
 * has begun to be sent; then the stream is reset). Envoy's own limit (`per_connection_buffer_limit_bytes`, 1 MiB) does the
 * same, whichever is reached first.
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

  /** The largest request body in bytes. */
  get requestBodyLimit(): u32 {
    return 1 << 20;
  }

  /** The largest response body in bytes. */
  get responseBodyLimit(): u32 {
    return 1 << 20;
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
    if (!endOfStream) this.request.headers.removeLength();
    return FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    if (this.$requestDone) return FilterDataStatus.Continue;
    const size = this.request.body.size;
    if (size > this.requestBodyLimit) {
      this.$requestDone = true;
      return this.respond(413, "Payload Too Large\n", { details: "request_body_beyond_filter_limit" });
    }
    if (!endOfStream) return FilterDataStatus.StopIterationAndBuffer;
    this.$requestDone = true;
    return this.onWholeRequestBody(size);
  }

  onRequestTrailers(trailerCount: u32): FilterTrailersStatus {
    if (this.$requestDone) return FilterTrailersStatus.Continue;
    this.$requestDone = true;
    return this.onWholeRequestBody(this.request.body.size) == FilterDataStatus.Continue
      ? FilterTrailersStatus.Continue
      : FilterTrailersStatus.StopIteration;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (!endOfStream) this.response.headers.removeLength();
    return FilterHeadersStatus.Continue;
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    if (this.$responseDone) return FilterDataStatus.Continue;
    const size = this.response.body.size;
    if (size > this.responseBodyLimit) {
      this.$responseDone = true;
      return this.respond(500, "Internal Server Error\n", { details: "response_body_beyond_filter_limit" });
    }
    if (!endOfStream) return FilterDataStatus.StopIterationAndBuffer;
    this.$responseDone = true;
    return this.onWholeResponseBody(size);
  }

  onResponseTrailers(trailerCount: u32): FilterTrailersStatus {
    if (this.$responseDone) return FilterTrailersStatus.Continue;
    this.$responseDone = true;
    return this.onWholeResponseBody(this.response.body.size) == FilterDataStatus.Continue
      ? FilterTrailersStatus.Continue
      : FilterTrailersStatus.StopIteration;
  }
}
