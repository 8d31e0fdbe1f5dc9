// Overrides the callbacks of a BodyChunksContext and calls none of its base's.
import { BodyChunksContext, FilterDataStatus, FilterHeadersStatus, registerHttpFilter } from "proxy-wasm-as";
import { utf8 } from "proxy-wasm-as/assembly/std/encoding";

function mask(chunk: Uint8Array): Uint8Array {
  return utf8.encode(utf8.decodeLenient(chunk).replaceAll("secret", "*** ***"));
}

class Mask extends BodyChunksContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    return FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    return endOfStream ? FilterDataStatus.Continue : FilterDataStatus.StopIterationAndBuffer;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.response.headers.set("x-masked", "yes");
    return FilterHeadersStatus.Continue;
  }

  onRequestChunk(chunk: Uint8Array, last: bool): Uint8Array {
    return mask(chunk);
  }

  onResponseChunk(chunk: Uint8Array, last: bool): Uint8Array {
    return mask(chunk);
  }
}

registerHttpFilter<Mask>();
