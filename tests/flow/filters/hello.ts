// examples/hello, written as a flow.
import { Exchange, registerFlow } from "proxy-wasm-as/assembly/flow";

registerFlow("", (x: Exchange): void => {
  if (x.request.headers.equals(":path", "/denied")) return x.respond(403, "denied\n");
  x.request.headers.set("x-hello", "world");
  x.next().headers.add("x-served-by", "proxy-wasm-as");
});
