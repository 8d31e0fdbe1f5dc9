import { Exchange, fetch, registerFlow } from "proxy-wasm-as/assembly/flow";
import { grade } from "./common";

registerFlow("waits", (x: Exchange) => {
  const answer = fetch("side", { path: "/ask" });
  if (!answer.ok) {
    x.respond(503, "later");
    return;
  }
  x.request.headers.set("x-grade", grade(answer.status == 200 ? 1 : 7));
  const response = x.next();
  if (response !== null) {
    response.headers.set("x-seen", "yes");
  }
});
