import { FilterHeadersStatus, HttpContext, log, registerHttpFilter } from "proxy-wasm-as";

/** The first plugin: says hello in the log, sends requests elsewhere, and marks responses. */
class FirstPlugin extends HttpContext {
  onRequestHeaders(): FilterHeadersStatus {
    log.info("onRequestHeaders: hello from wasm");
    this.request.headers.set(":authority", "service-extensions.com");
    this.request.headers.set(":path", "/");
    return FilterHeadersStatus.Continue;
  }

  onResponseHeaders(): FilterHeadersStatus {
    log.info("onResponseHeaders: hello from wasm");
    this.response.headers.add("hello", "service-extensions");
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<FirstPlugin>();
