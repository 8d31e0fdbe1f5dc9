import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "proxy-wasm-as/testing";

const wasm = "build/plugin.wasm";

/** An upstream that knows one user. */
const upstream = ({ path }) => {
  if (!path.startsWith("/users/")) return { body: "from upstream" };
  return { status: path === "/users/ann" ? 200 : 404 };
};

test("a known user's request goes on", async () => {
  const host = await createHost({ wasm, upstream });
  const response = await host.request({ path: "/welcome", headers: { "x-user": "ann" } });
  assert.equal(response.status, 200);
  assert.equal(response.body, "from upstream");
  assert.equal(host.calls.at(-1).headers.get("x-user-checked"), "yes");
  assert.equal(response.headers.get("x-filter"), "my-filter");
});

test("others are refused", async () => {
  const host = await createHost({ wasm, upstream });
  assert.equal((await host.request({ headers: { "x-user": "eve" } })).status, 403);
  assert.equal((await host.request()).status, 401);
});

test("no name leads to another path", async () => {
  const asked = [];
  const all = ({ path }) => {
    asked.push(path);
    return { status: path.startsWith("/users/") ? 404 : 200 };
  };
  const host = await createHost({ wasm, upstream: all });
  for (const name of ["../health", "..", ".", "", "ann/../eve", "ann?x=1", "ann#"]) {
    const { status } = await host.request({ headers: { "x-user": name } });
    assert.ok(status === 401 || status === 403, `${name}: ${status}`);
  }
  const two = [
    ["x-user", "ann"],
    ["x-user", "eve"],
  ];
  assert.equal((await host.request({ headers: two })).status, 401);
  assert.deepEqual(asked, [
    "/users/..%2Fhealth",
    "/users/ann%2F..%2Feve",
    "/users/ann%3Fx%3D1",
    "/users/ann%23",
  ]);
});

test("nobody passes while the users cannot be asked", async () => {
  const host = await createHost({ wasm, upstream: { status: 500 } });
  assert.equal((await host.request({ headers: { "x-user": "ann" } })).status, 503);
});
