import assert from "node:assert/strict";
import { createServer } from "node:http2";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";

const wasm = fileURLToPath(new URL("../build/grpc-auth.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

/** A text field of a message that is short enough for one byte of length. */
const field = (number, text) =>
  Buffer.concat([Buffer.from([(number << 3) | 2, text.length]), Buffer.from(text)]);

/** The service of auth.proto, without a library: gRPC is HTTP/2 with a five-byte head before each message. */
function startAuth() {
  const questions = [];
  const server = createServer();
  server.on("stream", (stream, headers) => {
    const chunks = [];
    stream.on("error", () => undefined);
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("end", () => {
      const question = Buffer.concat(chunks).subarray(5);
      questions.push({ method: headers[":path"], question });
      if (question.includes("slow")) return;
      if (question.includes("denied")) {
        stream.respond(
          { ":status": 200, "content-type": "application/grpc", "grpc-status": "7" },
          { endStream: true },
        );
        return;
      }
      const answer = question.includes("nobody") ? Buffer.alloc(0) : field(1, "ann");
      const head = Buffer.alloc(5);
      head.writeUInt32BE(answer.length, 1);
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.end(Buffer.concat([head, answer]));
    });
  });
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve({ server, questions, port: server.address().port })),
  );
}

let auth, upstream, envoy;
before(async () => {
  if (skip !== false) return;
  auth = await startAuth();
  upstream = await startEcho();
  envoy = await Envoy.start({
    envoy: found.path,
    filters: [{ wasm, configuration: "grpc-auth" }],
    clusters: { "grpc-auth": auth.port },
    upstream: upstream.port,
  });
});
after(async () => {
  await envoy?.stop();
  auth?.server.close();
  await upstream?.close();
});

const get = (authorization, more = {}) =>
  fetch(`http://127.0.0.1:${envoy.port}/path`, {
    headers: { ...(authorization && { authorization }), ...more },
  });

test("a user who may pass is named to the upstream, and only by us", { skip }, async () => {
  const text = await (await get("Bearer good", { "x-user": "root" })).text();
  assert.match(text, /^x-user: ann$/m);
  assert.doesNotMatch(text, /root/);
  const { method, question } = auth.questions.at(-1);
  assert.equal(method, "/example.auth.v1.Auth/Check");
  assert.deepEqual(question, Buffer.concat([field(1, "Bearer good"), field(2, "GET"), field(3, "/path")]));
});

test(
  "everybody else is refused, and so is everybody when the service does not answer",
  { skip },
  async () => {
    const before = upstream.requests.length;
    assert.equal((await get("")).status, 401);
    assert.equal((await get("Bearer denied")).status, 403);
    assert.equal((await get("Bearer nobody")).status, 403);
    assert.equal((await get("Bearer slow")).status, 503);
    assert.equal(upstream.requests.length, before);
  },
);

test("without a cluster, nothing starts", { skip }, async () => {
  await assert.rejects(Envoy.start({ envoy: found.path, filters: [{ wasm }] }), /name of the cluster to ask/);
});
