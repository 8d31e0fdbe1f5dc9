import { FetchFuture, all, registerFlow, startFetch } from "proxy-wasm-as/assembly/flow";
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

registerFlow("", (x) => {
  const path = new RequestTarget(x.request.path!).path;
  if (!path.startsWith("/home/")) return;
  // A client has written the id: encoded, it cannot lead to another path of the services ("/home/..%2Fadmin").
  const id = percentDecode(path.slice("/home/".length));
  if (!isId(id)) return x.respond(404, "no such home\n");
  const calls = parts.map((part) => startFetch("services", { path: `/${part}/${percentEncode(id)}` }));
  all(calls, 300);
  const fields: string[] = [];
  let answers = 0;
  for (const [i, call] of calls.entries()) {
    fields.push(`"${parts[i]}":${isThere(call) ? call.response.text : "null"}`);
    if (isThere(call)) answers++;
  }
  if (answers == 0) return x.respond(503, "try again\n");
  x.respond(200, `{${fields.join(",")}}\n`, { headers: [["content-type", "application/json"]] });
});
