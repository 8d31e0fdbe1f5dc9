// Tests in the embedded host: no Envoy is needed, and time passes only when a test says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/html-domain-rewrite.wasm", import.meta.url));

test("unit: links are changed, text and scripts are not, wherever the page is cut", async () => {
  const host = await createHost({ wasm });
  const page =
    "<p>foo.com <a class=x href='https://foo.com/a'>foo.com</a><script>'<a href=foo.com>'</script>";
  const expected = page.replace("'https://foo.com/a'", '"https://bar.com/a"');
  for (const body of [[page], [...page]]) {
    host.script("upstream", { headers: { "content-type": "text/html" }, body });
    assert.equal((await host.request()).body, expected);
  }
});
