// Tests in the embedded host: no Envoy is needed, and time passes only when a test says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createHost } from "proxy-wasm-as/testing";
import { readSpans } from "./otlp.js";

const wasm = fileURLToPath(new URL("../build/tracing.wasm", import.meta.url));
const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/** A host whose collector keeps what it gets. */
async function start(auth = { status: 200, delay: 20 }) {
  const spans = [];
  const host = await createHost({
    wasm,
    random: 7,
    clusters: {
      auth,
      collector: ({ bodyBytes }) => {
        spans.push(...readSpans(Buffer.from(bodyBytes)));
        return { status: 200 };
      },
    },
  });
  return { host, spans };
}

test("unit: the client's trace goes on to the service, the upstream and the collector", async () => {
  const { host, spans } = await start();
  const response = await host.request({ headers: { traceparent: parent, tracestate: "a=1,b=2" } });
  assert.equal(response.status, 200);
  await host.tick(1000);
  const [question, request] = spans;
  assert.equal(request.traceId, "0af7651916cd43dd8448eb211c80319c");
  assert.deepEqual([request.name, request.kind, request.parent], ["GET", 2, "b7ad6b7169203331"]);
  assert.deepEqual([question.name, question.kind, question.parent], ["may pass", 3, request.spanId]);
  assert.equal(request.attributes["http.response.status_code"], "200");
  assert.ok(question.nanoseconds >= 20e6, String(question.nanoseconds));
  const { headers } = response.upstream;
  assert.equal(headers.get("traceparent"), `00-${request.traceId}-${request.spanId}-01`);
  assert.equal(headers.get("tracestate"), "a=1,b=2");
});

test("unit: a trace that is not recorded is passed on, and the collector gets nothing", async () => {
  const { host, spans } = await start();
  const response = await host.request({ headers: { traceparent: parent.replace(/1$/, "0") } });
  await host.tick(1000);
  assert.match(
    response.upstream.headers.get("traceparent"),
    /^00-0af7651916cd43dd8448eb211c80319c-.{16}-00$/,
  );
  assert.equal(spans.length, 0);
});

test("unit: what is refused is logged with its trace", async () => {
  const { host, spans } = await start({ status: 403 });
  const response = await host.request();
  assert.equal(response.status, 403);
  await host.tick(1000);
  const [line] = response.logs.map(({ message }) => message).filter((message) => message.includes("refused"));
  assert.ok(line.endsWith(`trace_id=${spans[0].traceId} span_id=${spans[0].spanId}`), line);
});
