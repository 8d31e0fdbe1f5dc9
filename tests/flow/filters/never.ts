// Begins a call, and waits for nothing.
import { Exchange, registerFlow, startFetch } from "proxy-wasm-as/assembly/flow";

registerFlow("", (x: Exchange): void => {
  startFetch("side", { path: x.request.headers.get(":path")! });
  x.respond(204);
});
