// Two plugins in one module, each with configuration and state of its own.
import { FilterHeadersStatus, HttpContext, PluginContext, log, registerPlugin } from "proxy-wasm-as";

class Greeter extends PluginContext {
  greeting: string = "(none)";

  onVmStart(vmConfiguration: string): bool {
    log.info("vm configuration: [" + vmConfiguration + "]");
    return true;
  }

  onConfigure(configuration: string): bool {
    this.greeting = configuration;
    log.info("configuration: " + configuration.length.toString() + " units [" + configuration + "]");
    if (configuration == "refuse me") {
      log.error("this configuration is refused on purpose");
      return false;
    }
    return true;
  }

  createHttpContext(): HttpContext {
    return new GreeterStream(this);
  }
}

class GreeterStream extends HttpContext {
  constructor(private readonly greeter: Greeter) {
    super();
  }

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.request.headers.set("x-greeting", this.greeter.greeting);
    return FilterHeadersStatus.Continue;
  }
}

class Counter extends PluginContext {
  streams: u32 = 0;

  createHttpContext(): HttpContext {
    return new CounterStream();
  }
}

class CounterStream extends HttpContext {
  private counted: bool = false;

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const plugin = this.plugin as Counter;
    if (!this.counted) plugin.streams++;
    this.counted = true;
    this.response.headers.set("x-streams", plugin.streams.toString());
    return FilterHeadersStatus.Continue;
  }
}

registerPlugin<Greeter>("greeter");
registerPlugin<Counter>("counter");
