/** A host function in the start section, or with an address but without a memory: which kills Envoy, and which does not. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { EnvoyCrash, createHost } from "../../src/testing/index.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { request } from "../support/http.js";
import type { EarlyCall } from "./early-calls.js";
import { earlyCalls, kills, moduleWith } from "./early-calls.js";

/** Tells whether the embedded host says that Envoy would die. */
async function diesInHost(call: EarlyCall): Promise<boolean> {
  try {
    const host = await createHost({ wasm: moduleWith([call]), mayFail: true });
    await host.request({ mayHang: true });
    return false;
  } catch (error) {
    if (!(error instanceof EnvoyCrash)) throw error;
    const expected = call.place === "start" ? /from its start section/ : /exports no memory/;
    assert.match(error.message, expected, call.name);
    return true;
  }
}

for (const [place, title] of [
  ["start", "early calls: from the start section, each host function"],
  ["no memory", "early calls: without memory, each host function"],
] as const) {
  const calls = earlyCalls().filter((call) => call.place === place);

  void test(`${title} kills Envoy or is taken`, async () => {
    const wrong: string[] = [];
    for (const call of calls)
      if ((await diesInHost(call)) !== kills(call)) wrong.push(`${call.name}(${call.value}, …)`);
    assert.deepEqual(wrong, []);
  });

  envoyTest(`${title} that is taken leaves Envoy alive`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-early-calls-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    // What acts upon the stream is shown by scenarios: together with the others, it would be another case.
    const all = calls.filter((call) => !kills(call) && !/_stream$|_done$/.test(call.name));
    for (const value of [0, 8]) {
      const some = all.filter((call) => call.value === value);
      if (some.length === 0) continue;
      const wasm = join(folder, `taken-${value}.wasm`);
      writeFileSync(wasm, moduleWith(some));
      const envoy = await startEnvoy(t, { filters: [{ wasm }] });
      assert.equal((await request(envoy.port)).status, 200, `all arguments ${value}`);
      assert.ok(envoy.isAlive);
    }
  });
}
