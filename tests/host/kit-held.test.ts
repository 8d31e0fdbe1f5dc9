/** What a test holds, what passed, and why a request hangs. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { StreamHangs, createHost } from "../../src/testing/index.js";
import { compileFilter, compileFilterText } from "../support/compile.js";
import { root } from "../support/paths.js";

test("kit: a held call that nobody answers ends with a sentence, where nothing else keeps the process", async (t) => {
  const wasm = await compileFilter("tests/envoy/filters/calls.ts");
  const folder = mkdtempSync(join(tmpdir(), "held-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const kit = pathToFileURL(join(root, "dist/testing/index.js")).href;
  const script = join(folder, "held.mjs");
  writeFileSync(
    script,
    `import { createHost } from ${JSON.stringify(kit)};
     const host = await createHost({ wasm: ${JSON.stringify(wasm)}, upstream: {}, clusters: { side: "hold" } });
     await host.request({ headers: { "x-call": "/one" } }).catch(({ name, message }) => console.log(name, message));`,
  );
  const { code, stdout } = await new Promise<{ code: unknown; stdout: string }>((done) =>
    execFile(process.execPath, [script], (error, out) => done({ code: error?.code ?? 0, stdout: out })),
  );
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^StreamHangs The request GET \/ hangs: POST \/one to the cluster "side" is held \("hold"\), and nobody answers it\. /,
  );
});

test("kit: a timeout passes beside a held call when the test lets time pass", async () => {
  const host = await createHost({
    wasm: await compileFilter("tests/envoy/filters/calls.ts"),
    upstream: {},
    clusters: { side: "hold" },
  });
  const pending = host.request({ headers: { "x-call": "/one", "x-timeout": "1500" } });
  await host.idle();
  await host.tick(1500);
  assert.match((await pending).upstream!.headers.get("x-seen")!, /^first 504/);
});

test("kit: what passed is there without an upstream's script, and each request has its own", async () => {
  const host = await createHost({ wasm: await compileFilter("examples/hello/assembly/index.ts") });
  const { status, body, upstream } = await host.request({ path: "/x" });
  assert.deepEqual([status, body, upstream?.path], [200, "ok\n", "/x"]);
  assert.equal(upstream!.headers.get("x-hello"), "world");
  host.script("upstream", "hold");
  const one = host.open({ path: "/1" }, true);
  const two = host.open({ path: "/2" }, true);
  await host.idle();
  assert.deepEqual([one.upstream?.path, two.upstream?.path], ["/1", "/2"]);
  assert.deepEqual(two.response().calls, []);
});

test("kit: a connection without an upstream's script is closed, as in Envoy", async () => {
  const wasm = await compileFilter("tests/envoy/filters/tcp.ts");
  const host = await createHost({ tcpFilters: [{ wasm }] });
  const connection = host.connect();
  await host.idle();
  assert.equal(connection.closed, true);
});

test("kit: headers that are held for a body callback name Envoy's setting", async () => {
  const wasm = await compileFilterText(`
import { FilterDataStatus, FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

class Waits extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    return FilterHeadersStatus.StopIteration;
  }
  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    return FilterDataStatus.Continue;
  }
}

registerHttpFilter<Waits>();
`);
  const post = { method: "POST", body: "x" };
  const host = await createHost({ wasm });
  await assert.rejects(host.request(post), (error: Error) => {
    assert.ok(error instanceof StreamHangs);
    assert.match(
      error.message,
      /The request's headers are held \(StopIteration\), and onRequestBody is not called/,
    );
    assert.match(
      error.message,
      /`allow_on_headers_stop_iteration: true`.* `allowOnHeadersStopIteration: true`/s,
    );
    return true;
  });
  await assert.rejects(host.request(), (error: Error) => !error.message.includes("allow_on_headers"));
  const allowing = await createHost({ wasm, allowOnHeadersStopIteration: true });
  assert.equal((await allowing.request(post)).status, 200);
});

test("kit: a flow that holds headers has the setting that its manifest will have, unless the test says otherwise", async () => {
  const wasm = await compileFilter("tests/deploy/filters/holds-headers.ts");
  const init = { method: "POST", body: "abc" };
  for (const options of [{ wasm }, { filters: [{ wasm }] }, { wasm: readFileSync(wasm) }]) {
    const host = await createHost(options);
    const { status, upstream } = await host.request(init);
    assert.deepEqual([status, upstream?.headers.get("x-length"), upstream?.body], [200, "3", "abc"]);
  }
  const without = await createHost({ wasm, allowOnHeadersStopIteration: false });
  await assert.rejects(without.request(init), StreamHangs);
});
