// Tests in the embedded host: no Envoy is needed, and time passes only when a test says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/grpc-auth.wasm", import.meta.url));

const head = (size) => Uint8Array.of(0, 0, 0, 0, size);
const text = (number, value) => Uint8Array.of((number << 3) | 2, value.length, ...Buffer.from(value));
const answer = (...bytes) => ({
  headers: { "content-type": "application/grpc" },
  body: new Uint8Array([...head(bytes.length), ...bytes]),
  trailers: { "grpc-status": "0" },
});

test("unit: broken, missing and unknown answers mean no", async () => {
  let script;
  const host = await createHost({
    wasm,
    pluginConfig: "grpc-auth",
    upstream: {},
    clusters: { "grpc-auth": () => script },
  });
  const ask = () => host.request({ headers: { authorization: "t" } });
  script = answer(...text(1, "ann"));
  const passed = await ask();
  assert.equal(passed.status, 200);
  assert.equal(passed.upstream.headers.get("x-user"), "ann");
  script = answer(...text(2, "skipped"), 0x18, 0x96, 0x01, ...text(1, "bob"));
  assert.equal((await ask()).upstream.headers.get("x-user"), "bob");
  for (const broken of [
    [],
    [0x0a],
    [0x0a, 0x7f, 0x61],
    [0x0b],
    [...text(1, "ann\n")], // no name that can be sent
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  ]) {
    script = answer(...broken);
    assert.equal((await ask()).status, 403, String(broken));
  }
  script = { headers: { "content-type": "application/grpc", "grpc-status": "13" } };
  assert.equal((await ask()).status, 503);
  script = { reset: true };
  assert.equal((await ask()).status, 503);
});
