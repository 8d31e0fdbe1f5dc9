// Tests in the embedded host: no Envoy is needed, and time passes only when a test says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/content-injection.wasm", import.meta.url));

const page = "<!doctype html><html><head><title>a</title></head><body>b</body></html>";
const script = '<script src="https://www.foo.com/api.js"></script>';

test("unit: the script is in the head, wherever the page is cut", async () => {
  const host = await createHost({ wasm });
  for (const body of [[page], [...page]]) {
    host.script("upstream", { headers: { "content-type": "text/html" }, body });
    assert.equal((await host.request()).body, page.replace("<head>", `<head>${script}`));
  }
  host.script("upstream", { headers: { "content-type": "text/html" }, body: "<p>no head" });
  assert.equal((await host.request()).body, `${script}<p>no head`);
});

test("unit: what is no page is left alone, its length too", async () => {
  const host = await createHost({ wasm });
  host.script("upstream", {
    headers: { "content-type": "text/plain", "content-length": "6" },
    body: "<head>",
  });
  const response = await host.request();
  assert.deepEqual([response.body, response.headers.get("content-length")], ["<head>", "6"]);
});
