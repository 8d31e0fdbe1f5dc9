// Refuses requests without a key, and answers /health itself; the author has forgotten a `return`, and answers answers.
import { FilterHeadersStatus, HttpContext, registerPlugin, PluginContext } from "proxy-wasm-as";

class Guard extends HttpContext {
  unused: u32 = 0;

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const headers = this.request.headers;
    if (!headers.has("x-key")) this.respond(401, "who are you?\n");
    if (headers.equals(":path", "/health")) return this.respond(200, "fine, and the key is 4711\n");
    return FilterHeadersStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (this.response.headers.startsWith(":status", "4")) return this.respond(200, "a page of its own\n");
    return FilterHeadersStatus.Continue;
  }
}

class Plugin extends PluginContext {
  createHttpContext(): HttpContext {
    return new Guard();
  }
}
registerPlugin<Plugin>();
