import { CallFailure } from "proxy-wasm-as";
import { Exchange, FetchResponse, fetch, registerFlow, sleep } from "proxy-wasm-as/assembly/flow";

const CLUSTER = "upstream";
const ATTEMPTS = 4;

/** Headers of the upstream's answer that are the host's to set. */
function isOwn(name: string): bool {
  return (
    name.startsWith(":") ||
    name == "content-length" ||
    name == "transfer-encoding" ||
    name == "connection" ||
    name == "date"
  );
}

/** Gives the upstream's answer to the client. */
function pass(x: Exchange, answer: FetchResponse): void {
  const headers: string[][] = [];
  for (let i = 0; i < answer.headers.length; i++)
    if (!isOwn(answer.headers[i][0])) headers.push(answer.headers[i]);
  x.respondBytes(answer.status, answer.body, { headers });
}

registerFlow("", (x: Exchange): void => {
  const headers = x.request.headers;
  // Only what is safe to do twice.
  if (!headers.equals(":method", "GET")) return;
  const path = headers.get(":path")!;
  const authority = headers.get(":authority")!;
  const sent = headers.pick([
    "accept",
    "accept-language",
    "authorization",
    "cookie",
    "user-agent",
    "x-request-id",
  ]);
  const response = x.next();
  if (response.status != 503) return;
  let wait: u32 = 20;
  for (let attempt = 2; attempt <= ATTEMPTS; attempt++, wait *= 2) {
    sleep(wait);
    const answer = fetch(CLUSTER, { path, authority, headers: sent, timeout: 1000 });
    if (answer.failed || answer.status == 503) continue;
    return pass(x, answer);
  }
  response.headers.set("x-attempts", ATTEMPTS.toString());
});
