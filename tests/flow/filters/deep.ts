// Waits in the depth of a function that calls itself, as deep as the request says.
import { Exchange, fetch, registerFlow } from "proxy-wasm-as/assembly/flow";

function down(n: i32, text: string): string {
  if (n == 0) return text + fetch("side", { path: "/end" }).status.toString();
  const below = down(n - 1, text);
  return n % 100 == 0 ? below + "." : below;
}

registerFlow("", (x: Exchange): void => {
  const depth = I32.parseInt(x.request.headers.get("x-id")!);
  x.respond(200, down(depth, ">"));
});
