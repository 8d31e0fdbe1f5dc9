import assert from "node:assert/strict";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";
import { pass, until } from "../support/wait.js";

envoyTest("what a part of a context does is done to its stream", async (t) => {
  const wasm = await compileFilter("tests/envoy/filters/parts.ts");
  const upstream = await startUpstream(t);
  let status = 200;
  const auth = await startUpstream(t, (_, response) => {
    response.statusCode = status;
    response.end();
  });
  const envoy = await startEnvoy(t, {
    filters: [{ wasm }],
    upstream: upstream.port,
    clusters: { auth: auth.port },
  });
  const ask = (path: string): ReturnType<typeof request> => request(envoy.port, { path });
  const seen = (name: string): string | undefined =>
    upstream.requests.at(-1).headers.find(([key]) => key === name)?.[1];

  const allowed = await ask("/");
  assert.equal(allowed.status, 200);
  assert.equal(seen("x-mark"), "1");
  status = 500;
  assert.equal((await ask("/")).status, 403);
  assert.equal((await ask("/refuse")).status, 401);
  assert.equal((await ask("/timer")).status, 200);
  assert.equal(seen("x-late"), "1");
  assert.equal((await ask("/lone")).status, 500);
  for (let i = 0; i < 5; i++) {
    assert.equal((await ask("/keep")).status, 200);
    const held = ask("/held");
    await pass(50, "it is held, and says nothing");
    assert.equal((await ask("/end")).status, 200);
    assert.equal((await held).status, 503);
  }
});

envoyTest("a message in a queue ends what its streams hold on to, through their own methods", async (t) => {
  const wasm = await compileFilter("tests/envoy/filters/kill-switch.ts");
  // Answers nothing until it is told to.
  let release = (): void => {};
  const upstream = await startUpstream(t, async (incoming, response) => {
    if (incoming.path === "/wait") await new Promise<void>((resolve) => (release = resolve));
    response.end("ok");
  });
  const envoy = await startEnvoy(t, { filters: [{ wasm }], upstream: upstream.port });
  const ask = (path: string): Promise<number> =>
    request(envoy.port, { path }).then(
      ({ status }) => status,
      () => 0,
    );
  for (let i = 0; i < 5; i++) {
    // One that is over, one that the upstream keeps waiting, and one that is made meanwhile.
    assert.equal(await ask("/over"), 200);
    const before = upstream.requests.length;
    const waiting = ask("/wait");
    await until(() => upstream.requests.length > before);
    assert.equal(await ask("/kill"), 200);
    assert.equal(await waiting, 0);
    release();
    assert.equal(await ask("/after"), 200);
  }
});
