// Waits for both bodies and wraps them in brackets.
import { Exchange, registerFlow } from "proxy-wasm-as/assembly/flow";

registerFlow("", (x: Exchange): void => {
  const body = x.request.text();
  if (body != "") x.request.setBody("[" + body + "]");
  const response = x.next();
  const answer = response.text();
  if (answer != "") response.setBody("[" + answer + "]");
});
