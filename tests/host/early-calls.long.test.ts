/** Each call that is said to kill Envoy does: an Envoy for each of them. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Envoy, EnvoyStartError } from "../../src/envoy/index.js";
import { envoyTest, found } from "../support/envoy.js";
import { request } from "../support/http.js";
import type { EarlyCall } from "./early-calls.js";
import { earlyCalls, kills, moduleWith } from "./early-calls.js";

async function diesInEnvoy(path: string, folder: string, call: EarlyCall): Promise<boolean> {
  const wasm = join(folder, "call.wasm");
  writeFileSync(wasm, moduleWith([call]));
  try {
    const envoy = await Envoy.start({ envoy: path, filters: [{ wasm }] });
    const answered = await request(envoy.port).then(
      ({ status }) => status > 0,
      () => false,
    );
    // A stream that the filter closes gets no answer either.
    const dies =
      !answered &&
      (await Promise.race([
        envoy.ended.then(() => true),
        envoy.admin("/ready").then(
          () => false,
          () => true,
        ),
      ]));
    await envoy.stop();
    return dies;
  } catch (error) {
    if (!(error instanceof EnvoyStartError)) throw error;
    return error.exitCode === null;
  }
}

envoyTest("early calls: Envoy dies of each that is said to kill it", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-early-calls-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const wrong: string[] = [];
  for (const call of earlyCalls().filter(kills))
    if (!(await diesInEnvoy(found.path!, folder, call)))
      wrong.push(`${call.place}: ${call.name}(${call.value}, …)`);
  assert.deepEqual(wrong, []);
});
