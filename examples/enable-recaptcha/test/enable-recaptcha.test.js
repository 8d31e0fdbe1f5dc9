import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";

const wasm = fileURLToPath(new URL("../build/enable-recaptcha.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end("<head></head>");
  });
  envoy = await Envoy.start({
    envoy: found.path,
    filters: [{ wasm, configuration: '{"recaptcha_key_type":"ACTION","recaptcha_key_value":"k"}' }],
    upstream: upstream.port,
  });
});
after(async () => {
  await envoy?.stop();
  await upstream?.close();
});

test("a page has the script", { skip }, async () => {
  const response = await fetch(`http://127.0.0.1:${envoy.port}/`);
  const url = "https://www.google.com/recaptcha/enterprise.js?render=k";
  assert.equal(await response.text(), `<head>\n<script src="${url}"></script>\n</head>`);
});
