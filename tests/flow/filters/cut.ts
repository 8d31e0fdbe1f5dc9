// Waits for what never comes, as `:path` says.
import { PluginContext, SharedQueue, registerPlugin } from "proxy-wasm-as";
import {
  Alarm,
  Exchange,
  FlowPlugin,
  Future,
  Signal,
  fetch,
  race,
  receive,
  sleep,
  startFetch,
} from "proxy-wasm-as/assembly/flow";

class Waiting extends FlowPlugin {
  private signal: Signal = new Signal();
  private queue: SharedQueue = SharedQueue.register("cut")!;

  handle(x: Exchange): void {
    const path = x.request.headers.get(":path");
    if (path == "/signal") this.signal.wait();
    else if (path == "/signal-limit") this.signal.wait(3600000);
    else if (path == "/queue") receive(this.queue, 0);
    else if (path == "/queue-limit") receive(this.queue, 3600000);
    else if (path == "/sleep") sleep(3600000);
    else if (path == "/call") fetch("side", { timeout: 0 });
    else if (path == "/race") {
      const futures: Future[] = [startFetch("side"), new Alarm(3600000)];
      race(futures, 7200000);
    } else if (path == "/alarm") new Alarm(3600000);
    else if (path == "/next") x.next();
  }
}

registerPlugin<Waiting>();
