// Does what the request's headers say, as a flow.
import { Exchange, fetch, registerFlow } from "proxy-wasm-as/assembly/flow";

registerFlow("", (x: Exchange): void => {
  const who = x.request.headers.get("x-who");
  let seen = "";
  for (let i = 0; i < 3; i++) {
    const answer = fetch("side", { path: "/status/200/" + i.toString() + (who === null ? "" : who) });
    seen += answer.status.toString() + answer.text + ",";
    if (answer.status == 403) {
      x.respond(403, "denied\n");
      return;
    }
  }
  x.request.headers.set("x-checked", seen);
  const response = x.next();
  response.headers.set("x-seen", seen);
});
