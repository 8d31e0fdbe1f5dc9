import { Exchange, FetchFuture, all, registerFlow, startFetch } from "proxy-wasm-as/assembly/flow";
import { RequestTarget, percentDecode, percentEncode } from "proxy-wasm-as/assembly/std/url";

const parts = ["user", "cart", "news"];

/** Whether a service has answered within the limit; a call that has not is not waited for any more. */
function isThere(call: FetchFuture): bool {
  return call.isDone && call.response.ok;
}

/** Whether `text` can be one segment of a path. */
function isId(text: string): bool {
  return text != "" && text != "." && text != ".." && !text.includes("/");
}

registerFlow("", (x: Exchange): void => {
  const path = new RequestTarget(x.request.headers.get(":path")!).path;
  if (!path.startsWith("/home/")) return;
  // A client has written the id: encoded, it cannot lead to another path of the services ("/home/..%2Fadmin").
  const id = percentDecode(path.substring("/home/".length));
  if (!isId(id)) return x.respond(404, "no such home\n");
  const calls: FetchFuture[] = [];
  for (let i = 0; i < parts.length; i++)
    calls.push(startFetch("services", { path: "/" + parts[i] + "/" + percentEncode(id) }));
  all(calls, 300);
  let body = "";
  let answers = 0;
  for (let i = 0; i < parts.length; i++) {
    const call = calls[i];
    body += (i == 0 ? "{" : ",") + '"' + parts[i] + '":' + (isThere(call) ? call.response.text : "null");
    if (isThere(call)) answers++;
  }
  if (answers == 0) return x.respond(503, "try again\n");
  x.respond(200, body + "}\n", { headers: [["content-type", "application/json"]] });
});
