import { Exchange, fetch, registerFlow } from "proxy-wasm-as/assembly/flow";

/** Asks another service whether a request may pass. */
registerFlow("", (x: Exchange): void => {
  if (fetch("auth", { path: "/check", timeout: 1000 }).status != 200) x.respond(403);
});
