/** The host's core runs in a browser: hello, through a bundle of it, in headless Chromium. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { compileFilter } from "../support/compile.js";
import { root } from "../support/paths.js";
import { findChromium } from "./chromium.js";

/** Runs in the page: two requests through hello. */
const script = `
import { Host, LoadError, VirtualLoop, callText } from "./index.js";

const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

globalThis.run = async (base64) => {
  const loop = new VirtualLoop();
  const trace = [];
  const host = await Host.start({
    loop,
    filters: [{ wasm: bytes(base64), name: "hello" }],
    onCall: (call) => trace.push(callText(call)),
  });
  const request = (path) => {
    const seen = { headers: [], body: "" };
    const stream = host.openStream({
      headers: (fields) => (seen.headers = fields.map(([name, value]) => name + ": " + value)),
      data: (chunk) => (seen.body += new TextDecoder().decode(chunk)),
      trailers: () => {},
      reset: () => {},
    });
    const fields = [[":authority", "a"], [":path", path], [":method", "GET"], [":scheme", "http"]];
    loop.do(() => stream.onHeaders(fields, true));
    loop.run();
    return seen;
  };
  const refused = await Host.start({ loop, filters: [{ wasm: bytes(btoa("no module")) }] }).catch(
    (error) => error instanceof LoadError && error.reason,
  );
  return { browser: navigator.userAgent, passed: request("/x"), denied: request("/denied"), trace, refused };
};
`;

interface Seen {
  readonly headers: readonly string[];
  readonly body: string;
}

interface Result {
  readonly browser: string;
  readonly passed: Seen;
  readonly denied: Seen;
  readonly trace: readonly string[];
  readonly refused: string;
}

const found = findChromium();
const skip = "reason" in found && found.reason;

test("host: bundled, it runs hello in Chromium", { skip }, async (t) => {
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir: join(root, "src/host") },
    bundle: true,
    platform: "browser",
    format: "iife",
    write: false,
  });
  const browser = await chromium.launch({
    executablePath: "path" in found ? found.path : "",
    args: ["--no-sandbox"], // which root cannot have
  });
  t.after(() => browser.close());
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.setContent("<title>hello</title>");
  await page.addScriptTag({ content: outputFiles[0]!.text });
  const wasm = readFileSync(await compileFilter("examples/hello/assembly/index.ts"));
  const result = await page.evaluate<Result>(`run(${JSON.stringify(wasm.toString("base64"))})`);
  assert.match(result.browser, /Chrom/);
  assert.deepEqual(errors, []);
  assert.equal(result.passed.headers[0], ":status: 200");
  assert.ok(result.passed.headers.includes("x-served-by: proxy-wasm-as"));
  assert.equal(result.passed.body, "ok\n");
  assert.equal(result.denied.headers[0], ":status: 403");
  assert.equal(result.denied.body, "denied\n");
  assert.ok(result.trace.some((line) => line.startsWith("[host->vm] proxy_on_request_headers(")));
  assert.equal(result.refused, "Failed to parse corrupted Wasm module");
});
