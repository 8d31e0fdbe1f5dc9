// Waits for what never comes, as `:path` says.
import { PluginContext, SharedQueue, registerPlugin } from "proxy-wasm-as";
import {
  Alarm,
  Exchange,
  FlowPlugin,
  Future,
  Signal,
  all,
  grpcCall,
  fetch,
  race,
  receive,
  sleep,
  startFetch,
  startGrpcCall,
} from "proxy-wasm-as/assembly/flow";
import { FlowFlight } from "proxy-wasm-as/assembly/std/flow-cache";

const nothing = new Uint8Array(0);

class Waiting extends FlowPlugin {
  private signal: Signal = new Signal();
  private queue: SharedQueue = SharedQueue.register("cut")!;
  private flight: FlowFlight = new FlowFlight();

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
    else if (path == "/grpc") grpcCall("side", "a.B", "C", nothing);
    else if (path == "/all") {
      const futures: Future[] = [
        startFetch("side"),
        new Alarm(3600000),
        startGrpcCall("side", "a.B", "C", nothing),
      ];
      all(futures, 7200000);
    } else if (path == "/untaken") {
      startFetch("side", { timeout: 0 });
      startGrpcCall("side", "a.B", "C", nothing);
      new Alarm(3600000);
      this.signal.wait();
    } else if (path == "/flight") {
      if (this.flight.begin(x, "key", 3600000)) fetch("side", { timeout: 0 });
      this.flight.end("key");
    } else if (path == "/text") x.request.text();
    else if (path == "/chunk") x.request.chunk();
  }
}

registerPlugin<Waiting>();
