import { Exchange, registerFlow } from "proxy-wasm-as/assembly/flow";

/** Looks at a header and goes on. */
registerFlow("", (x: Exchange): void => {
  if (x.request.headers.equals(":path", "/denied")) x.respond(403);
  else x.next().headers.add("x-wasm", "1");
});
