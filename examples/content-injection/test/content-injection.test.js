import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";

const wasm = fileURLToPath(new URL("../build/content-injection.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho((_, response) => {
    response.setHeader("content-type", "text/html");
    response.write("<html><he");
    setTimeout(() => response.end("ad></head>"), 50);
  });
  envoy = await Envoy.start({ envoy: found.path, filters: [{ wasm }], upstream: upstream.port });
});
after(async () => {
  await envoy?.stop();
  await upstream?.close();
});

test("a page that comes in pieces has the script", { skip }, async () => {
  const response = await fetch(`http://127.0.0.1:${envoy.port}/`);
  assert.equal(
    await response.text(),
    '<html><head><script src="https://www.foo.com/api.js"></script></head>',
  );
});
