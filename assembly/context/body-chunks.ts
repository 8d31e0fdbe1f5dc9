/**
 * Filters that change bodies as they pass.
 *
 * @module
 */
import { FilterDataStatus, FilterHeadersStatus, FilterTrailersStatus } from "../abi/enums";
import { ENDED_NOW } from "../http/stream-state";
import { progress, returnTo, turn } from "../runtime/current-callback";
import { ContextKind } from "../runtime/target";
import { HttpContext } from "./http-context";

/**
 * An HTTP stream whose bodies are changed chunk by chunk, so that bodies of any size pass without being kept: override
 * `onRequestChunk` or `onResponseChunk`. A chunk's length may change, because `content-length` is removed first (HTTP/1 then
 * sends the body in chunks). The network decides where chunks begin and end: the text that you look for may be split between two.
 *
 * The other callbacks may be overridden as in every filter; a body callback sees each chunk before it is changed.
 *
 * @example
 * class Upper extends BodyChunksContext {
 *   onResponseChunk(chunk: Uint8Array, last: bool): Uint8Array {
 *     for (let i = 0; i < chunk.length; i++) if (chunk[i] >= 0x61 && chunk[i] <= 0x7a) chunk[i] -= 0x20;
 *     return chunk;
 *   }
 * }
 */
export class BodyChunksContext extends HttpContext {
  /** The callback in which a chunk was last changed. */
  private $workedIn: u32 = 0;

  /**
   * Called with each chunk of the request's body; answers what is passed on in its place. `last`: nothing follows; the
   * chunk may then be empty. When trailers follow, no chunk is the last: keep nothing back for it.
   */
  onRequestChunk(chunk: Uint8Array, last: bool): Uint8Array {
    return chunk;
  }

  /** Called with each chunk of the response's body; see `onRequestChunk`. */
  onResponseChunk(chunk: Uint8Array, last: bool): Uint8Array {
    return chunk;
  }

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    return FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    this.$changeRequest(endOfStream);
    return FilterDataStatus.Continue;
  }

  onRequestTrailers(trailerCount: u32): FilterTrailersStatus {
    return FilterTrailersStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    return FilterHeadersStatus.Continue;
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    this.$changeResponse(endOfStream);
    return FilterDataStatus.Continue;
  }

  onResponseTrailers(trailerCount: u32): FilterTrailersStatus {
    return FilterTrailersStatus.Continue;
  }

  /** @internal It can be no part of another context: it works in the host's callbacks, not in those that a filter calls. */
  $mayBePartOf(kind: u32): bool {
    if (kind == ContextKind.Http)
      abort("a BodyChunksContext cannot be a part of another context; answer it in createHttpContext");
    return false;
  }

  /** @internal */
  $onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const answer = this.onRequestHeaders(headerCount, endOfStream);
    if (!endOfStream && this.$isOpen) this.request.headers.removeLength();
    return answer;
  }

  /** @internal */
  $onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    const answer = this.onRequestBody(bodySize, endOfStream);
    if (this.$isDue) this.$changeRequest(endOfStream);
    return withoutBuffer(answer);
  }

  /** @internal */
  $onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const answer = this.onResponseHeaders(headerCount, endOfStream);
    if (!endOfStream && this.$isOpen) this.response.headers.removeLength();
    return answer;
  }

  /** @internal */
  $onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    const answer = this.onResponseBody(bodySize, endOfStream);
    if (this.$isDue) this.$changeResponse(endOfStream);
    return withoutBuffer(answer);
  }

  /** Tells whether the filter has not ended the stream in the running callback. */
  private get $isOpen(): bool {
    returnTo(this);
    return (progress & ENDED_NOW) == 0;
  }

  /** Tells whether the running callback still has to change its chunk: a filter has overridden it, and has not ended the stream. */
  private get $isDue(): bool {
    return this.$isOpen && this.$workedIn != turn;
  }

  private $changeRequest(last: bool): void {
    this.$workedIn = turn;
    const body = this.request.body;
    body.setBytes(this.onRequestChunk(body.bytes(), last));
  }

  private $changeResponse(last: bool): void {
    this.$workedIn = turn;
    const body = this.response.body;
    body.setBytes(this.onResponseChunk(body.bytes(), last));
  }
}

/** Keeps changed data out of the buffer: the filter would get it once more, as a part of the buffered data. */
function withoutBuffer(answer: FilterDataStatus): FilterDataStatus {
  return answer == FilterDataStatus.StopIterationAndBuffer
    ? FilterDataStatus.StopIterationAndWatermark
    : answer;
}
