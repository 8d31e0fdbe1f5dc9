// Waits as often as the request says; for measurements.
import { Exchange, Signal, FlowPlugin, sleep } from "proxy-wasm-as/assembly/flow";
import { registerPlugin } from "proxy-wasm-as";

class Waits extends FlowPlugin {
  onConfigure(configuration: string): bool {
    this.flow.maxSuspended = 100000;
    return true;
  }

  handle(x: Exchange): void {
    const count = I32.parseInt(x.request.headers.get("x-id")!);
    for (let i = 0; i < count; i++) sleep(1);
  }
}

registerPlugin<Waits>();
