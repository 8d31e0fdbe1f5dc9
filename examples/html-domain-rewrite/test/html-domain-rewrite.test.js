import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";

const wasm = fileURLToPath(new URL("../build/html-domain-rewrite.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho((_, response) => {
    response.setHeader("content-type", "text/html");
    response.write("<a hr");
    setTimeout(() => response.end("ef=http://foo.com>x</a>"), 50);
  });
  envoy = await Envoy.start({ envoy: found.path, filters: [{ wasm }], upstream: upstream.port });
});
after(async () => {
  await envoy?.stop();
  await upstream?.close();
});

test("a link that comes in pieces is changed", { skip }, async () => {
  const response = await fetch(`http://127.0.0.1:${envoy.port}/`);
  assert.equal(await response.text(), '<a href="http://bar.com">x</a>');
});
