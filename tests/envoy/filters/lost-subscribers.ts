// Leaves among the subscribers of examples/service-queue what two filters leave that have crashed, one of them long ago.
import { HttpContext, PluginContext, SharedSpace, clock, registerPlugin } from "proxy-wasm-as";

class Lost extends PluginContext {
  onConfigure(configuration: string): bool {
    new SharedSpace("service-queue blocked").set("subscribers", `1:1000 2:${clock.milliseconds() + 20_000}`);
    return true;
  }

  createHttpContext(): HttpContext {
    return new Passing();
  }
}

class Passing extends HttpContext {
  onLog(): void {}
}

registerPlugin<Lost>("");
