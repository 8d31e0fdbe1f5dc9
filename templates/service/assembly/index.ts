import { FilterHeadersStatus, HttpContext, PluginContext, SharedSpace, registerPlugin } from "proxy-wasm-as";

/** What the service and the filter have in common; other plugins of the proxy do not see it. */
const shared = new SharedSpace("my-filter");

/** The service: runs once in the proxy, sees no traffic, and leaves a number for the filters every second. */
class Clock extends PluginContext {
  private beats: u32 = 0;

  onConfigure(configuration: string): bool {
    this.every(1000, () => this.beat());
    return true;
  }

  private beat(): void {
    this.beats++;
    shared.set("beats", this.beats.toString());
  }
}

/** The filter's plugin: runs in each worker thread. */
class MyFilter extends PluginContext {
  createHttpContext(): HttpContext {
    return new MyStream();
  }
}

/** Shows the number. */
class MyStream extends HttpContext {
  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const beats = shared.get("beats");
    this.response.headers.set("x-beats", beats === null ? "0" : beats.text);
    return FilterHeadersStatus.Continue;
  }
}

registerPlugin<Clock>("service");
registerPlugin<MyFilter>("filter");
