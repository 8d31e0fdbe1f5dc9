// Tests in the embedded host: no Envoy is needed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/rules.wasm", import.meta.url));
const pluginConfig = {
  rules: [
    { match: { paths: ["/*"] }, set: { "cache-control": "no-store" } },
    { match: { hosts: ["*.internal.example"], paths: ["/admin/*"] }, deny: true, priority: 10 },
    {
      match: { methods: ["GET"], paths: ["/assets/*"] },
      set: { "cache-control": "max-age=3600" },
      priority: 5,
    },
  ],
};

test("unit: the rule of the highest priority that matches", async () => {
  const host = await createHost({ wasm, pluginConfig });
  for (const [authority, path, status, cache] of [
    ["a.internal.example", "/admin", 403, undefined],
    ["a.internal.example", "/x/..//%61dmin/users", 403, undefined],
    ["a.internal.example", "/admin%2fusers", 400, undefined],
    ["example.com", "/admin", 200, "no-store"],
    ["example.com", "/assets/a.css?v=1", 200, "max-age=3600"],
    ["example.com", "/", 200, "no-store"],
  ]) {
    const response = await host.request({ headers: { ":authority": authority, ":path": path } });
    assert.deepEqual([response.status, response.headers.get("cache-control")], [status, cache], path);
  }
});

test("unit: what no rule is for may be refused", async () => {
  const host = await createHost({
    wasm,
    pluginConfig: { rules: [{ match: { hosts: ["example.com"] } }], deny: true },
  });
  const ask = async (authority) => (await host.request({ headers: { ":authority": authority } })).status;
  assert.deepEqual([await ask("example.com:80"), await ask("other.example")], [200, 403]);
});

test("unit: rules that cannot be meant are refused", async () => {
  const host = createHost({ wasm, pluginConfig: { rules: [{ match: { paths: ["/a?b"] } }] } });
  await assert.rejects(host, /rules\[0\]\.match\.paths\[0\]: not "\/a\?b"/);
});
