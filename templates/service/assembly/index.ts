import { FilterHeadersStatus, HttpContext, PluginContext, SharedSpace, registerPlugin } from "proxy-wasm-as";

/** What the service and the filter have in common; other plugins of the proxy do not see it. */
const shared = new SharedSpace("my-filter");

/** The service: runs once in the proxy, sees no traffic, and leaves a number for the filters every second. */
class Clock extends PluginContext {
  private beats: u32 = 0;

  onConfigure(): boolean {
    this.every(1000, () => {
      this.beats++;
      shared.set("beats", `${this.beats}`);
    });
    return true;
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
  onResponseHeaders(): FilterHeadersStatus {
    this.response.headers.set("x-beats", shared.get("beats")?.text ?? "0");
    return FilterHeadersStatus.Continue;
  }
}

registerPlugin<Clock>("service");
registerPlugin<MyFilter>("filter");
