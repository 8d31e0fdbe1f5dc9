import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";

const wasm = fileURLToPath(new URL("../build/ai-tokens.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

// What lets the upstream go on.
let release;
const released = new Promise((done) => (release = done));

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho(async (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write('data: {"choices":[]}\n');
    await released;
    response.write('\ndata: {"usage":{"prompt_tok');
    await new Promise((done) => setTimeout(done, 20));
    response.end('ens":60,"completion_tokens":50}}\n\n');
  });
  envoy = await Envoy.start({
    envoy: found.path,
    filters: [{ wasm, configuration: '{"user":"x-user","tokens":100,"seconds":86400}' }],
    upstream: upstream.port,
  });
});
after(async () => {
  await envoy?.stop();
  await upstream?.close();
});

test("the answer streams through, and its tokens are counted", { skip }, async () => {
  const ask = () => fetch(`http://127.0.0.1:${envoy.port}/`, { headers: { "x-user": "ann" } });
  const answer = await ask();
  const reader = answer.body.getReader();
  const { value } = await reader.read();
  assert.equal(new TextDecoder().decode(value), 'data: {"choices":[]}\n');
  release(); // the first part came before the last was there
  while (!(await reader.read()).done);
  let status = 200;
  for (let i = 0; i < 20 && status === 200; i++) {
    const next = await ask();
    status = next.status;
    await next.text();
  }
  assert.equal(status, 429);
});
