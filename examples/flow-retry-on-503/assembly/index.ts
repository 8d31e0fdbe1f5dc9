import { CallFailure } from "proxy-wasm-as";
import { Exchange, FetchResponse, fetch, registerFlow, sleep } from "proxy-wasm-as/assembly/flow";

const CLUSTER = "upstream";
const ATTEMPTS = 4;

/** Headers of the upstream's answer that are the host's to set, beside those with a colon. */
const OWN = ["content-length", "transfer-encoding", "connection", "date"];

/** Gives the upstream's answer to the client. */
function pass(x: Exchange, answer: FetchResponse): void {
  const headers = answer.headers.filter(([name]) => !name.startsWith(":") && !OWN.includes(name));
  x.respondBytes(answer.status, answer.body, { headers });
}

registerFlow("", (x) => {
  const headers = x.request.headers;
  // Only what is safe to do twice.
  if (!headers.equals(":method", "GET")) return;
  const path = x.request.path!;
  const authority = x.request.host!;
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
