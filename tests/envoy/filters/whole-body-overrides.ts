// Overrides every callback of a WholeBodyContext and calls none of its base's.
import {
  FilterDataStatus,
  FilterHeadersStatus,
  FilterTrailersStatus,
  WholeBodyContext,
  log,
  registerHttpFilter,
} from "proxy-wasm-as";

class Mask extends WholeBodyContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.request.headers.set("x-seen", "yes");
    return FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    log.info("request body " + bodySize.toString());
    return FilterDataStatus.Continue;
  }

  onRequestTrailers(trailerCount: u32): FilterTrailersStatus {
    return FilterTrailersStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.response.headers.set("x-masked", "yes");
    return FilterHeadersStatus.Continue;
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    return FilterDataStatus.Continue;
  }

  onResponseTrailers(trailerCount: u32): FilterTrailersStatus {
    return FilterTrailersStatus.Continue;
  }

  onWholeRequestBody(size: u32): FilterDataStatus {
    if (this.request.body.text() == "refuse") return this.respond(403, "refused\n");
    this.request.body.replaceAll("secret", "******* *******");
    return FilterDataStatus.Continue;
  }

  onWholeResponseBody(size: u32): FilterDataStatus {
    this.response.body.replaceAll("secret", "******* *******");
    return FilterDataStatus.Continue;
  }
}

registerHttpFilter<Mask>();
