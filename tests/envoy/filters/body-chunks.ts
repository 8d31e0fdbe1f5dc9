// Doubles each byte of a request, and makes the letters of a response large.
import { BodyChunksContext, registerHttpFilter } from "proxy-wasm-as";

class Chunks extends BodyChunksContext {
  onRequestChunk(chunk: Uint8Array, last: bool): Uint8Array {
    const end = last ? 1 : 0;
    const twice = new Uint8Array(chunk.length * 2 + end);
    for (let i = 0; i < chunk.length; i++) twice[2 * i] = twice[2 * i + 1] = chunk[i];
    if (last) twice[chunk.length * 2] = 0x21;
    return twice;
  }

  onResponseChunk(chunk: Uint8Array, last: bool): Uint8Array {
    for (let i = 0; i < chunk.length; i++) if (chunk[i] >= 0x61 && chunk[i] <= 0x7a) chunk[i] -= 0x20;
    return chunk;
  }
}

registerHttpFilter<Chunks>();
