// Asks a service for each path once, while other flows that want the same wait.
import { registerPlugin } from "proxy-wasm-as";
import { Exchange, FlowPlugin, fetch } from "proxy-wasm-as/assembly/flow";
import { LruCache } from "proxy-wasm-as/assembly/std/cache";
import { FlowFlight } from "proxy-wasm-as/assembly/std/flow-cache";

class Flights extends FlowPlugin {
  known: LruCache<string> = new LruCache<string>(10);
  flights: FlowFlight = new FlowFlight();

  handle(x: Exchange): void {
    const key = x.request.headers.get(":path")!;
    let value = this.known.get(key);
    while (value === null && !this.flights.begin(x, key, 1000)) value = this.known.get(key);
    if (value === null) {
      const answer = fetch("side", { path: key, timeout: 5000 });
      value = answer.ok ? answer.text : "failed";
      if (answer.ok) this.known.set(key, answer.text, 60000);
      this.flights.end(key);
    }
    x.respond(200, value ?? "none");
  }
}

registerPlugin<Flights>();
