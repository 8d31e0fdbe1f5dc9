import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { readSpans } from "./otlp.js";

const wasm = fileURLToPath(new URL("../build/tracing.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

/** A service on the loopback that keeps what it is asked. */
async function startService(answer) {
  const requests = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      requests.push({ url: request.url, headers: request.headers, body: Buffer.concat(chunks) });
      response.writeHead(answer).end();
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { requests, port: server.address().port, close: () => server.close() };
}

let auth, collector, upstream, envoy;
before(async () => {
  if (skip !== false) return;
  auth = await startService(200);
  collector = await startService(200);
  upstream = await startEcho();
  envoy = await Envoy.start({
    envoy: found.path,
    filters: [{ wasm }],
    clusters: { auth: auth.port, collector: collector.port },
    upstream: upstream.port,
  });
});
after(async () => {
  await envoy?.stop();
  for (const service of [auth, collector, upstream]) await service?.close();
});

test("the trace goes through the proxy, and its spans to the collector", { skip }, async () => {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const headers = { traceparent, "x-b3-traceid": "1".repeat(32) };
  const response = await fetch(`http://127.0.0.1:${envoy.port}/a?b`, { headers });
  const echoed = await response.text();
  for (let i = 0; i < 100 && collector.requests.length === 0; i++) await sleep(50);
  const [batch] = collector.requests;
  assert.deepEqual([batch.url, batch.headers["content-type"]], ["/v1/traces", "application/x-protobuf"]);
  const [question, request] = readSpans(batch.body);
  assert.deepEqual([request.parent, question.parent], ["b7ad6b7169203331", request.spanId]);
  assert.equal(request.attributes["url.path"], "/a?b");
  const asked = auth.requests[0].headers.traceparent;
  assert.equal(asked, `00-${question.traceId}-${question.spanId}-01`);
  assert.match(echoed, new RegExp(`traceparent: 00-${request.traceId}-${request.spanId}-01`));
  assert.doesNotMatch(echoed, /x-b3/);
});
