/** What the SDK refuses by itself shows where people work, and costs what is shipped nothing. */
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { DIAGNOSTICS_OPTION, withOwner, diagnosticFile } from "../../src/diagnostic-module.js";
import { createHost, explain } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";

const text = `
import {
  Counter, FilterHeadersStatus, Histogram, HttpContext, property, registerHttpFilter,
} from "proxy-wasm-as";

const counter = new Counter("c");
const histogram = new Histogram("h");

class Refused extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const what = this.request.headers.get("x-what");
    const headers = this.request.headers; // under its own name the build would refuse these
    if (what == "name") headers.set("no name", "x");
    if (what == "value") headers.set("x", "a\\nb");
    if (what == "length") headers.set("content-length", "7");
    if (what == "required") headers.remove(":path");
    if (what == "body") this.request.body.set("x");
    if (what == "late") this.response.headers.set("x", "y");
    if (what == "property") property.text(["a\\0b"]);
    if (what == "no path") property.text([]);
    if (what == "set") property.set("", "x");
    if (what == "counter") counter.increment(0);
    if (what == "histogram") histogram.record(-1);
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<Refused>();
`;

const reasons: Readonly<Record<string, RegExp>> = {
  name: /^in onRequestHeaders: 'no name' is not a header name/,
  value: /^in onRequestHeaders: the value for 'x' has a control character/,
  length: /^in onRequestHeaders: 'content-length' says where the message ends/,
  required: /^in onRequestHeaders: ':path' cannot be removed/,
  body: /^in onRequestHeaders: a body can be used in its own body callback/,
  property: /^in onRequestHeaders: property: a segment of the path has a NUL/,
  "no path": /^in onRequestHeaders: property: the path has no segment/,
  set: /^in onRequestHeaders: a property that can be read again has a name of one segment/,
  counter: /^in onRequestHeaders: counter 'c': it is incremented by 1 or more/,
  histogram: /^in onRequestHeaders: histogram 'h': a value is not negative/,
};

test("kit: a diagnostic module says why the SDK refused, each time, and logs nothing", async () => {
  const wasm = await compileFilterText(text, { options: ["--use", DIAGNOSTICS_OPTION] });
  const host = await createHost({ wasm });
  for (let round = 0; round < 2; round++) {
    for (const [what, reason] of Object.entries(reasons)) {
      const response = await host.request({ headers: { "x-what": what } });
      const own = response.refusals.filter(({ by }) => by === "sdk");
      assert.equal(own.length, 1, `${what}: ${JSON.stringify(response.refusals)}`);
      assert.match(own[0]!.reason, reason);
      assert.equal(own[0]!.status, 2);
      assert.match(explain(response), /What the SDK refused:\n {2}BadArgument in onRequestHeaders: /);
      assert.ok(response.trace.includes(`# BadArgument: ${own[0]!.reason}`));
      assert.deepEqual(response.messages, []);
      assert.ok(!response.trace.some((line) => line.includes("proxy_log")), "no host call of the filter's");
    }
  }
  assert.deepEqual((await host.request({ headers: { "x-what": "nothing" } })).refusals, []);
});

test("kit: what the host refuses is told once, with the host's own reason", async () => {
  const wasm = await compileFilterText(text, { options: ["--use", DIAGNOSTICS_OPTION] });
  const host = await createHost({ wasm });
  const { refusals } = await host.request({ headers: { "x-what": "late" } });
  assert.equal(refusals.length, 1, JSON.stringify(refusals));
});

test("kit: a diagnostic module stands in for the module that it belongs to, and for no other", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "diagnostics-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const shipped = await compileFilterText(text);
  const told = await compileFilterText(text, { options: ["--use", DIAGNOSTICS_OPTION] });
  const wasm = join(folder, "plugin.wasm");
  copyFileSync(shipped, wasm);
  const own = async (): Promise<number> => {
    const host = await createHost({ wasm });
    return (await host.request({ headers: { "x-what": "name" } })).refusals.length;
  };
  assert.equal(await own(), 0, "nothing beside it");
  writeFileSync(diagnosticFile(wasm), withOwner(readFileSync(told), Uint8Array.of(1)));
  writeFileSync(wasm, readFileSync(shipped));
  assert.equal(await own(), 0, "one of another module");
  writeFileSync(diagnosticFile(wasm), withOwner(readFileSync(told), readFileSync(shipped)));
  const fresh = join(folder, "other.wasm");
  copyFileSync(wasm, fresh);
  copyFileSync(diagnosticFile(wasm), diagnosticFile(fresh));
  const host = await createHost({ wasm: fresh });
  assert.equal((await host.request({ headers: { "x-what": "name" } })).refusals.length, 1);
});
