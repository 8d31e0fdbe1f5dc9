// Tests in the embedded host: no Envoy is needed, and time passes only when a test says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/opa.wasm", import.meta.url));
const start = (opa, more = {}) =>
  createHost({ wasm, pluginConfig: { cluster: "opa", ...more }, clusters: { opa } });

test("unit: the policy decides by what it is told, once for all that ask the same", async () => {
  const asked = [];
  const host = await start(({ method, path, body }) => {
    asked.push([method, path, JSON.parse(body).input]);
    return { body: JSON.stringify({ result: JSON.parse(body).input.path === "/public" }), delay: 20 };
  });
  const headers = { authorization: 'Bearer "t"\\' };
  const get = (path) => host.request({ path, headers });
  const all = await Promise.all([get("/public"), get("/public"), get("/secret"), get("/public")]);
  assert.deepEqual(
    all.map(({ status }) => status),
    [200, 200, 403, 200],
  );
  assert.equal(all[2].details, "opa_denied");
  assert.equal(asked.length, 2);
  const [method, path, input] = asked[0];
  assert.deepEqual([method, path], ["POST", "/v1/data/httpapi/authz/allow"]);
  assert.deepEqual(
    [input.method, input.path, input.authorization],
    ["GET", "/public", headers.authorization],
  );
  assert.deepEqual([(await get("/public")).status, (await get("/secret")).status], [200, 403]);
  assert.equal(asked.length, 2, "it is kept");
  await host.tick(5000);
  assert.equal((await get("/public")).status, 200);
  assert.equal(asked.length, 3, "but not for ever");
  await host.request({ path: "/public" });
  assert.equal(asked.length, 4, "and not for others");
});

test("unit: no rule, no answer and nonsense mean no, and are asked about again", async () => {
  let answer;
  let asked = 0;
  const host = await start(() => {
    asked++;
    return answer;
  });
  const cases = [
    [{ body: "{}" }, 403],
    [{ body: '{"result":"true"}' }, 403],
    [{ body: '{"result":{"allow":false}}' }, 403],
    [{ body: '{"result":{"allow":true,"why":"x"}}' }, 200],
    [{ body: "no json" }, 503],
    [{ body: '{"result":true', status: 200 }, 503],
    [{ body: '{"result":true}', status: 500 }, 503],
    [{ reset: true }, 503],
    [{ body: `{"result":${"[".repeat(1000)}` }, 503],
  ];
  for (const [i, [script, status]] of cases.entries()) {
    answer = script;
    const response = await host.request({ path: `/${i}` });
    assert.equal(response.status, status, JSON.stringify(script));
    if (status !== 200) assert.equal(response.upstream, undefined);
  }
  answer = { body: '{"result":true}' };
  const before = asked;
  assert.equal((await host.request({ path: "/7" })).status, 200, "a failure is not kept");
  assert.equal(asked, before + 1);
});

test("unit: who waits for a decision may go, and others get theirs", async () => {
  const host = await start(() => ({ body: '{"result":true}', delay: 100 }));
  const gone = host.open({ path: "/a" });
  const stays = host.request({ path: "/a" });
  await host.tick(10);
  gone.abort();
  assert.equal((await stays).status, 200);
});

test("unit: a configuration that cannot work is refused", async () => {
  for (const more of [{ cluster: undefined }, { path: "/x" }, { seconds: -1 }, { x: 1 }])
    await assert.rejects(start({}, more), /Failed to configure/, JSON.stringify(more));
});
