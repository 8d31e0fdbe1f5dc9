/** The host itself needs nothing of Node, and little of the rest of this package. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join, posix } from "node:path";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { compileFilter } from "../support/compile.js";
import { root } from "../support/paths.js";

test("host: its core imports neither Node nor packages, and of this one only what reads binaries", () => {
  for (const folder of ["host", "wasm"]) {
    for (const file of readdirSync(join(root, "src", folder), { recursive: true, encoding: "utf8" })) {
      const from = posix.join(folder, file);
      if (!file.endsWith(".ts") || /^host\/(server|foreign)\//.test(from)) continue;
      const text = readFileSync(join(root, "src", from), "utf8");
      for (const [, path] of text.matchAll(/(?:from|import) "([^"]+)"/g)) {
        assert.ok(path!.startsWith("."), `src/${from} imports ${path}`);
        const target = posix.join(posix.dirname(from), path!);
        assert.match(target, /^(host\/(?!server|foreign)|wasm\/)/, `src/${from} imports ${path}`);
      }
    }
  }
});

test("host: bundled for a browser, hello runs with what a browser has", async () => {
  const { outputFiles } = await build({
    entryPoints: [join(root, "src/host/index.ts")],
    bundle: true,
    platform: "browser",
    format: "iife",
    globalName: "proxyWasmHost",
    write: false,
  });
  const context = createContext({
    WebAssembly,
    TextEncoder,
    TextDecoder,
    setTimeout,
    clearTimeout,
    crypto,
    btoa,
  });
  runInContext(outputFiles[0]!.text, context);
  const wasm = readFileSync(await compileFilter("examples/hello/assembly/index.ts"));
  context["wasm"] = new Uint8Array(wasm);
  const status = (await runInContext(
    `(async () => {
      const { Host, VirtualLoop } = proxyWasmHost;
      const loop = new VirtualLoop();
      const host = await Host.start({ loop, filters: [{ wasm }] });
      const seen = [];
      const client = {
        headers: (fields) => seen.push(...fields.map(([name, value]) => name + "=" + value)),
        data: () => {}, trailers: () => {}, reset: () => {},
      };
      const stream = host.openStream(client);
      loop.do(() => stream.onHeaders(
        [[":authority", "a"], [":path", "/"], [":method", "GET"], [":scheme", "http"]], true));
      loop.run();
      return seen.join(" ");
    })()`,
    context,
  )) as string;
  assert.match(status, /:status=200 .*x-served-by=proxy-wasm-as/);
});
