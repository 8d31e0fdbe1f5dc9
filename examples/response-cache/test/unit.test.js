// Tests in the embedded host: no Envoy is needed, and time passes only when a test says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/response-cache.wasm", import.meta.url));

/** A host whose upstream counts what it is asked. */
async function start(headers = {}, more = {}) {
  const asked = [];
  const host = await createHost({
    wasm,
    upstream: ({ method, path }) => {
      asked.push(`${method} ${path}`);
      const body = `body ${asked.length}`;
      const own = {
        "content-type": "text/x",
        "content-length": String(body.length),
        "x-frame-options": "DENY",
      };
      return { headers: { ...own, "cache-control": "max-age=60", ...headers }, body, ...more };
    },
  });
  return { host, asked };
}

test("unit: what everybody may have is kept for its time, with its headers", async () => {
  const { host, asked } = await start();
  assert.equal((await host.request({ path: "/a?b" })).body, "body 1");
  await host.tick(7000);
  const again = await host.request({ path: "/a?b" });
  assert.deepEqual([again.body, again.details, asked.length], ["body 1", "response_cache", 1]);
  const told = ["content-type", "x-frame-options", "age", "content-length"].map((name) =>
    again.headers.get(name),
  );
  assert.deepEqual(told, ["text/x", "DENY", "7", "6"]);
  assert.equal((await host.request({ path: "/a?c" })).body, "body 2");
  assert.equal((await host.request({ path: "/a?b", headers: { host: "b.example" } })).body, "body 3");
  await host.tick(53_000);
  assert.equal((await host.request({ path: "/a?b" })).body, "body 4");
});

test("unit: what is somebody's own, a part, or said to be fresh is asked for", async () => {
  const { host, asked } = await start();
  await host.request();
  const requests = [
    ...[
      { method: "POST" },
      { method: "HEAD" },
      { headers: { authorization: "x" } },
      { headers: { cookie: "a=b" } },
    ],
    ...[{ headers: { range: "bytes=0-1" } }, { headers: { "cache-control": "no-cache" } }],
  ];
  for (const request of requests) await host.request(request);
  assert.equal(asked.length, 1 + requests.length);
  assert.equal((await host.request()).body, "body 1", "and what they got is not what others get");
});

test("unit: answers that are not for everybody, or are too large, are not kept", async () => {
  for (const [headers, more] of [
    [{ "cache-control": "private, max-age=60" }],
    [{ "cache-control": "no-store" }],
    [{ "cache-control": "max-age=60, no-cache" }],
    [{ "cache-control": "s-maxage=0, max-age=60" }],
    [{ "cache-control": "max-age=x" }],
    [{ "cache-control": "public" }],
    [{ age: "60" }],
    [{ "set-cookie": "a=b" }],
    [{ vary: "accept" }],
    [{}, { status: 404 }],
    [{}, { body: "x".repeat(70_000), headers: { "cache-control": "max-age=60", "content-length": "70000" } }],
  ]) {
    const { host, asked } = await start(headers, more);
    const [first, second] = [await host.request(), await host.request()];
    assert.deepEqual(
      [first.status, second.details === "response_cache", asked.length],
      [more?.status ?? 200, false, 2],
      JSON.stringify([headers, more?.headers]),
    );
  }
});

test("unit: of those that want the same, one asks", async () => {
  const { host, asked } = await start({}, { delay: 100 });
  const all = await Promise.all([1, 2, 3].map(() => host.request()));
  assert.deepEqual([all.map(({ body }) => body), asked.length], [["body 1", "body 1", "body 1"], 1]);
});
