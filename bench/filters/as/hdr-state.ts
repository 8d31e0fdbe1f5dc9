import { FilterHeadersStatus, HttpContext, PluginContext, registerPlugin } from "proxy-wasm-as";

/** Keeps the configured value of the response header. */
class HdrState extends PluginContext {
  value: string = "";

  onConfigure(configuration: string): bool {
    this.value = configuration;
    return true;
  }

  createHttpContext(): HttpContext {
    return new HdrStateStream();
  }
}

/** `hdr` with a field per stream and a configured value. */
class HdrStateStream extends HttpContext {
  private isMarked: bool = false;

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (this.request.headers.equals(":path", "/denied")) return this.respond(403);
    this.isMarked = true;
    return FilterHeadersStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (this.isMarked) this.response.headers.add("x-wasm", (this.plugin as HdrState).value);
    return FilterHeadersStatus.Continue;
  }
}

registerPlugin<HdrState>();
