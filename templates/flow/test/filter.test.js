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
