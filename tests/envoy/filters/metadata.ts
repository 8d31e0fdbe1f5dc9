// Says when HTTP/2 METADATA passes, and what can be done then.
import { FilterMetadataStatus, HttpContext, lastStatus, log, registerHttpFilter } from "proxy-wasm-as";

class Stream extends HttpContext {
  onRequestMetadata(elementCount: u32): FilterMetadataStatus {
    const path = this.request.headers.get(":path") || "none";
    log.info(`request metadata ${elementCount} ${path} ${lastStatus()}`);
    return FilterMetadataStatus.Continue;
  }

  onResponseMetadata(elementCount: u32): FilterMetadataStatus {
    const status = this.response.headers.get(":status") || "none";
    log.info(`response metadata ${elementCount} ${status} ${lastStatus()}`);
    // Envoy would die of a response or a reset.
    this.respond(403, "no");
    log.info(`respond ${lastStatus()} reset ${this.reset()} resume ${this.resumeResponse()}`);
    return FilterMetadataStatus.Continue;
  }
}

registerHttpFilter<Stream>();
