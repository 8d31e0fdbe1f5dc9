import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";

const wasm = fileURLToPath(new URL("../build/sessions.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;
const configuration = '{"secret":"a secret of 32 characters or more"}';

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho();
  envoy = await Envoy.start({
    envoy: found.path,
    concurrency: 2,
    filters: [{ wasm, configuration }],
    upstream: upstream.port,
  });
});
after(async () => {
  await envoy?.stop();
  await upstream?.close();
});

const ask = (options) => fetch(`http://127.0.0.1:${envoy.port}/`, options);

test("each browser has a session of its own, which all threads know", { skip }, async () => {
  const names = new Set();
  for (let i = 0; i < 10; i++) {
    const first = await ask();
    const text = await first.text();
    const cookie = first.headers
      .getSetCookie()
      .map((one) => one.split(";")[0])
      .join("; ");
    const name = /^x-session: ([\w-]{22})$/m.exec(text)[1];
    const token = /^x-csrf-token: ([\w-]{43})$/m.exec(text)[1];
    names.add(name);
    const headers = { cookie, "x-csrf-token": token, "x-session": "root", connection: "close" };
    const change = await ask({ method: "POST", headers });
    assert.equal(change.status, 200);
    assert.deepEqual(change.headers.getSetCookie(), []);
    assert.deepEqual((await change.text()).match(/^x-session: .*$/gm), [`x-session: ${name}`]);
    const forged = await ask({ method: "POST", headers: { ...headers, "x-csrf-token": "A".repeat(43) } });
    assert.equal(forged.status, 403);
  }
  assert.equal(names.size, 10);
});
