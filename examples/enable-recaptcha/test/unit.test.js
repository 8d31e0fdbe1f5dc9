// Tests in the embedded host: no Envoy is needed, and time passes only when a test says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/enable-recaptcha.wasm", import.meta.url));

test("unit: the script has the key, escaped; a configuration without one is refused", async () => {
  const pluginConfig = { recaptcha_key_type: "SESSION", recaptcha_key_value: 'a"b' };
  const host = await createHost({ wasm, pluginConfig });
  host.script("upstream", { headers: { "content-type": "text/html" }, body: ["<he", "ad>x"] });
  assert.equal(
    (await host.request()).body,
    '<head>\n<script src="https://www.google.com/recaptcha/enterprise.js?render=&waf=a%22b" async defer></script>\nx',
  );
  await assert.rejects(
    createHost({ wasm, pluginConfig: { recaptcha_key_type: "NONE", recaptcha_key_value: "a" } }),
  );
});
