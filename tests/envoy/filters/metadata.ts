// Says when HTTP/2 METADATA passes, and what can be done then.
import {
  FilterDataStatus,
  FilterHeadersStatus,
  FilterMetadataStatus,
  HttpContext,
  lastStatus,
  log,
  registerHttpFilter,
} from "proxy-wasm-as";

class Stream extends HttpContext {
  private isHolding: bool = false;
  private isSecond: bool = false;

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const headers = this.request.headers;
    this.isHolding = headers.equals(":path", "/hold");
    this.isSecond = headers.has("x-first");
    headers.set("x-first", "yes");
    return this.isHolding ? FilterHeadersStatus.StopIteration : FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    return FilterDataStatus.Continue;
  }

  onRequestMetadata(elementCount: u32): FilterMetadataStatus {
    if (this.isHolding) {
      // Where the first filter has held the request, Envoy would die.
      if (this.isSecond) log.info(`resume ${this.resumeRequest()}`);
      return FilterMetadataStatus.Continue;
    }
    const path = this.request.headers.get(":path") || "none";
    log.info(`request metadata ${elementCount} ${path} ${lastStatus()}`);
    return FilterMetadataStatus.Continue;
  }

  onResponseMetadata(elementCount: u32): FilterMetadataStatus {
    if (this.isHolding) return FilterMetadataStatus.Continue;
    const status = this.response.headers.get(":status") || "none";
    log.info(`response metadata ${elementCount} ${status} ${lastStatus()}`);
    // Envoy would die of a response or a reset.
    this.respond(403, "no");
    log.info(`respond ${lastStatus()} reset ${this.reset()} resume ${this.resumeResponse()}`);
    return FilterMetadataStatus.Continue;
  }
}

registerHttpFilter<Stream>();
