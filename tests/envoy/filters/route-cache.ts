// Chooses the route anew in the callbacks that `x-at` names, and answers when there is `x-respond`.
import { FilterDataStatus, FilterHeadersStatus, HttpContext, log, registerHttpFilter } from "proxy-wasm-as";
import { clearRouteCache } from "proxy-wasm-as/assembly/envoy";

class Chooser extends HttpContext {
  private at: string = "";

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const at = this.request.headers.get("x-at");
    if (at !== null) this.at = at;
    this.choose("requestHeaders");
    if (this.request.headers.has("x-respond")) return this.respond(403, "no\n");
    if (!this.at.includes("timer")) return FilterHeadersStatus.Continue;
    this.after(10, () => {
      this.choose("timer");
      this.resumeRequest();
    });
    return FilterHeadersStatus.StopAllIterationAndWatermark;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    this.choose("requestBody");
    return FilterDataStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.choose("responseHeaders");
    return FilterHeadersStatus.Continue;
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    this.choose("responseBody");
    return FilterDataStatus.Continue;
  }

  onLog(): void {
    this.choose("log");
  }

  private choose(place: string): void {
    if (this.at.split(",").includes(place)) log.info(place + " " + clearRouteCache().toString());
  }
}

registerHttpFilter<Chooser>();
