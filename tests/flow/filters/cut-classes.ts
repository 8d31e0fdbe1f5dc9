// Begins what never ends, as `:path` says, in callbacks of a class.
import { FilterHeadersStatus, GrpcStream, HttpContext, registerHttpFilter } from "proxy-wasm-as";

const nothing = new Uint8Array(0);

/** A helper that has calls and timers of its own. */
class Part extends HttpContext {
  begin(): void {
    this.fetch("side", { path: "/" }, (result) => this.resumeRequest());
    this.after(3600000, () => this.resumeRequest());
  }
}

class Waiting extends HttpContext {
  private chat: GrpcStream | null = null;

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const path = this.request.headers.get(":path");
    if (path == "/call") this.fetch("side", { path: "/", timeout: 0 }, (result) => this.resumeRequest());
    else if (path == "/grpc")
      this.grpcCall("side", "a.B", "C", nothing, {}, (result) => this.resumeRequest());
    else if (path == "/stream" || path == "/message") {
      this.chat = new GrpcStream();
      this.grpcStream("side", "a.B", "C", this.chat!);
      this.chat!.send(nothing);
    } else if (path == "/after") this.after(3600000, () => this.resumeRequest());
    else if (path == "/every") this.every(3600000, () => this.resumeRequest());
    else if (path == "/part") new Part().begin();
    return FilterHeadersStatus.StopAllIterationAndWatermark;
  }
}

registerHttpFilter<Waiting>();
