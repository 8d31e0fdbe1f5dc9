import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { Configuration, WasmPlugin } from "../../src/envoy/index.js";
import type { EnvoyStartError } from "../../src/envoy/index.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";

const filter = (): Promise<string> => compileFilter("tests/envoy/filters/plugins.ts");

/** Starts the plugin "greeter" with this configuration; answers the header that reaches the upstream. */
async function greeting(t: TestContext, configuration: Configuration | undefined): Promise<string> {
  const upstream = await startUpstream(t);
  const plugin: WasmPlugin = { wasm: await filter(), rootId: "greeter", name: "p" };
  const envoy = await startEnvoy(t, {
    filters: [configuration === undefined ? plugin : { ...plugin, configuration }],
    upstream: upstream.port,
  });
  assert.equal((await request(envoy.port)).status, 200);
  return upstream.requests[0]!.headers.find(([name]) => name === "x-greeting")![1];
}

envoyTest(
  "a plugin's configuration arrives: text, JSON, bytes that are not UTF-8, empty, none",
  async (t) => {
    assert.equal(await greeting(t, "good morning"), "good morning");
    assert.equal(await greeting(t, '{"greeting":"hi"}'), '{"greeting":"hi"}');
    assert.equal(await greeting(t, Buffer.from("\xff\xfeab\xe9", "latin1")), "\xff\xfeab\xe9");
    assert.equal(await greeting(t, ""), "");
    assert.equal(await greeting(t, undefined), "");
    assert.equal(await greeting(t, "ü".repeat(5000)), Buffer.from("ü".repeat(5000)).toString("latin1"));
  },
);

envoyTest("the VM's configuration arrives in onVmStart", async (t) => {
  const plugin: WasmPlugin = { wasm: await filter(), rootId: "greeter" };
  const envoy = await startEnvoy(t, { filters: [{ ...plugin, vmConfiguration: "of the vm" }] });
  assert.ok(envoy.wasmLogs.some(({ message }) => message === "vm configuration: [of the vm]"));
});

envoyTest(
  "onConfigure returning false stops Envoy's start, with the filter's message in its log",
  async (t) => {
    const wasm = await filter();
    await assert.rejects(
      startEnvoy(t, { filters: [{ wasm, rootId: "greeter", configuration: "refuse me" }] }),
      (error: EnvoyStartError) => {
        assert.equal(error.exitCode, 1);
        assert.match(
          error.log,
          /\[error\]\[wasm\] wasm log greeter: this configuration is refused on purpose/,
        );
        assert.match(error.log, /Failed to configure base Wasm plugin/);
        return true;
      },
    );
  },
);

envoyTest("two plugins of one module run in one VM, each with its configuration and state", async (t) => {
  const wasm = await filter();
  const upstream = await startUpstream(t);
  const envoy = await startEnvoy(t, {
    filters: [
      { wasm, vmId: "one", name: "a", rootId: "greeter", configuration: "hello" },
      { wasm, vmId: "one", name: "b", rootId: "counter" },
      { wasm, vmId: "one", name: "c", rootId: "greeter", configuration: "bye" },
    ],
    upstream: upstream.port,
  });
  assert.deepEqual((await request(envoy.port)).all("x-streams"), ["1"]);
  assert.deepEqual((await request(envoy.port)).all("x-streams"), ["2"]);
  const greetings = upstream.requests.map(
    ({ headers }) => headers.find(([name]) => name === "x-greeting")![1],
  );
  assert.deepEqual(greetings, ["bye", "bye"], "the last filter of the chain has the last word");
  assert.equal(await envoy.stat("wasm.envoy.wasm.runtime.v8.active"), 3, "a base, a main and a worker VM");
});

envoyTest("a root id that nothing is registered for is refused by name", async (t) => {
  const wasm = await filter();
  await assert.rejects(startEnvoy(t, { filters: [{ wasm, rootId: "nobody" }] }), (error: EnvoyStartError) => {
    const message = 'this module has no plugin for root_id "nobody"; it has "greeter", "counter"';
    assert.ok(error.log.includes(`[critical][wasm] wasm log nobody: ${message}`), error.log);
    return true;
  });
});
