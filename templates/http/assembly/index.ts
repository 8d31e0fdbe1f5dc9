import { FilterHeadersStatus, HttpContext, PluginContext, log, registerPlugin } from "proxy-wasm-as";

/** Reads the configuration: the greeting. */
class MyFilter extends PluginContext {
  greeting = "hello";

  onConfigure(configuration: string): boolean {
    if (configuration.length > 0) this.greeting = configuration;
    log.info(`the greeting is ${this.greeting}`);
    return true; // false refuses the configuration
  }

  createHttpContext(): HttpContext {
    return new MyStream(this);
  }
}

/** One request and its response. */
class MyStream extends HttpContext {
  constructor(private readonly filter: MyFilter) {
    super();
  }

  onRequestHeaders(): FilterHeadersStatus {
    // This one text only: to keep strangers from a path, compare what `normalizePath` of std/url makes of it.
    if (this.request.headers.equals(":path", "/denied")) return this.respond(403, "denied\n");
    this.request.headers.set("x-greeting", this.filter.greeting);
    return FilterHeadersStatus.Continue;
  }

  onResponseHeaders(): FilterHeadersStatus {
    this.response.headers.add("x-filter", "my-filter");
    return FilterHeadersStatus.Continue;
  }
}

registerPlugin<MyFilter>();
