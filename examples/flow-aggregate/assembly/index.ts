import { Exchange, FetchFuture, all, registerFlow, startFetch } from "proxy-wasm-as/assembly/flow";

const parts = ["user", "cart", "news"];

/** The JSON that a service has answered; null in the place of one that failed. */
function json(call: FetchFuture): string {
  // A call that has not ended within the limit is not waited for any more.
  return call.isDone && call.response.ok ? call.response.text : "null";
}

registerFlow("", (x: Exchange): void => {
  const path = x.request.headers.get(":path")!;
  if (!path.startsWith("/home/")) return;
  const id = path.substring("/home/".length);
  const calls: FetchFuture[] = [];
  for (let i = 0; i < parts.length; i++)
    calls.push(startFetch("services", { path: "/" + parts[i] + "/" + id }));
  all(calls, 300);
  let body = "";
  for (let i = 0; i < parts.length; i++)
    body += (i == 0 ? "{" : ",") + '"' + parts[i] + '":' + json(calls[i]);
  x.respond(200, body + "}\n", { headers: [["content-type", "application/json"]] });
});
