/** A flow that changes headers by the body. */
import { Exchange, registerFlow } from "proxy-wasm-as/assembly/flow";

registerFlow(
  "",
  (x: Exchange): void => {
    x.request.headers.set("x-length", x.request.text().length.toString());
  },
  { holdHeaders: true },
);
