/** `createHost({ envoy: "1.36" })` does what that Envoy does: the scenarios, and what only modules of its own would show. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost, envoyVersions, LoadError } from "../../src/testing/index.js";
import { assemble } from "../support/assemble.js";
import { runInHost } from "./in-host.js";
import { moduleOf } from "./modules.js";
import { differences, recorded } from "./outcome.js";
import { loadScenarios } from "./scenario.js";

for (const envoy of envoyVersions.filter((version) => version !== "1.40"))
  void test(`host: each scenario, as Envoy ${envoy}`, async () => {
    const wrong: string[] = [];
    for (const scenario of loadScenarios().filter(({ sdk }) => sdk === undefined)) {
      const outcome = await runInHost(scenario, await moduleOf(scenario), undefined, envoy);
      const all = differences(scenario, recorded(scenario, envoy)!, outcome);
      if (all.length > 0) wrong.push(`${scenario.name}:\n${all.join("\n")}`);
    }
    assert.equal(wrong.join("\n"), "");
  });

/** A module that imports a function of WASI. */
const importing = (name: string): Uint8Array =>
  assemble(`(import "wasi_snapshot_preview1" "${name}" (func (param i32) (result i32)))
    (memory (export "memory") 1) (func (export "proxy_abi_version_0_2_1"))
    (func (export "malloc") (param i32) (result i32) (i32.const 1024))`);

test("host: WASI's functions of files came with Envoy 1.39", async () => {
  for (const envoy of envoyVersions) {
    await createHost({ envoy, wasm: importing("fd_close") });
    const made = createHost({ envoy, wasm: importing("fd_sync") });
    if (["1.39", "1.40"].includes(envoy)) await made;
    else
      await assert.rejects(made, (error: Error) => {
        assert.ok(error instanceof LoadError);
        assert.match(error.reason, /missing import: wasi_snapshot_preview1\.fd_sync$/);
        return true;
      });
  }
});

test("host: what kills Envoy names the Envoy, and an Envoy that is not known is refused", async () => {
  const wasm = assemble(`(import "env" "proxy_close_stream" (func $close (param i32) (result i32)))
    (memory (export "memory") 1) (func (export "proxy_abi_version_0_2_1"))
    (func (export "malloc") (param i32) (result i32) (i32.const 1024))
    (func (export "proxy_on_log") (param i32) (drop (call $close (i32.const 0))))`);
  const host = await createHost({ envoy: "1.37", wasm });
  await assert.rejects(host.request(), /^EnvoyCrash: Envoy 1\.37 crashes here: proxy_close_stream in on_log/);
  await assert.rejects(createHost({ envoy: "1.35" as "1.36", wasm }), /known are 1\.36, 1\.37, 1\.38/);
});
