/**
 * Filters that change bodies as they pass.
 *
 * @module
 */
import { FilterDataStatus, FilterHeadersStatus } from "../abi/enums";
import { HttpContext } from "./http-context";

/**
 * An HTTP stream whose bodies are changed chunk by chunk, so that bodies of any size pass without being kept: override
 * `onRequestChunk` or `onResponseChunk`. A chunk's length may change, because `content-length` is removed first (HTTP/1 then
 * sends the body in chunks). Where chunks begin and end is the network's doing: what is looked for may be split between two.
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
    if (!endOfStream) this.request.headers.removeLength();
    return FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    const body = this.request.body;
    body.setBytes(this.onRequestChunk(body.bytes(), endOfStream));
    return FilterDataStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (!endOfStream) this.response.headers.removeLength();
    return FilterHeadersStatus.Continue;
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    const body = this.response.body;
    body.setBytes(this.onResponseChunk(body.bytes(), endOfStream));
    return FilterDataStatus.Continue;
  }
}
