/** Shared data and queues are a plugin's own, though the host gives them to everyone with the same `vm_id`. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilter, compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { request } from "../support/http.js";
import { root } from "../support/paths.js";
import { startReplaceable } from "../support/replaceable.js";
import { becomes } from "../support/wait.js";

interface Copy {
  readonly wasm: string;
  readonly name?: string;
  readonly rootId?: string;
  readonly configuration?: string;
}

/** A copy of the filter by each thing that tells plugins apart; `command` is the header that it obeys. */
async function copies(): Promise<readonly (Copy & { command: string })[]> {
  const wasm = await compileFilter("tests/envoy/filters/state.ts");
  const other = await compileFilter("tests/envoy/filters/state.ts", { options: ["-O1"] });
  const twin = await compileFilterText(
    readFileSync(join(root, "tests/envoy/filters/state.ts"), "utf8").replace(
      "this.command = configuration;",
      'this.command = "x-twin";',
    ),
  );
  const named = ["first", "second"].map((name) => ({ wasm, name, configuration: `x-${name}` }));
  return [
    ...named,
    { wasm: other, name: "third", configuration: "x-third" },
    { wasm, name: "first", rootId: "root", configuration: "x-root" },
    { wasm, configuration: "x-nameless" },
    { wasm: other, configuration: "x-nameless-too" },
    { wasm: twin, configuration: "x-nameless", command: "x-twin" },
  ].map((copy) => ({ command: copy.configuration, ...copy }));
}

/** Has each copy set its name under one key, add to one number, then read; and a queue of one name is each one's own. */
async function eachHasItsOwn(ask: (header: string, command: string) => Promise<string>): Promise<void> {
  const all = (await copies()).map(({ command }) => command);
  for (const header of all) {
    assert.equal(await ask(header, "get|k"), "null 1", header);
    assert.equal(await ask(header, `set|k|${header}`), "0 0");
    assert.equal(await ask(header, "add|n"), "1 0", header);
    assert.equal(await ask(header, "queue|own"), "no queue, then one 0", header);
  }
  for (const header of all) {
    assert.equal(await ask(header, "get|k"), `[${header}] versioned 0`);
    assert.equal(await ask(header, "add|n"), "2 0");
  }
  for (const [index, header] of all.entries())
    assert.equal(await ask(header, "add-shared|n"), `${index + 1} 0`);
}

envoyTest("plugins and modules in one VM id: each has its own data and queues, in Envoy", async (t) => {
  const envoy = await startEnvoy(t, { filters: (await copies()).map((copy) => ({ ...copy, vmId: "one" })) });
  await eachHasItsOwn(async (header, command) => {
    return (await request(envoy.port, { headers: [[header, command]] })).body;
  });
});

test("plugins and modules in one VM id: each has its own data and queues, in the embedded host", async () => {
  const host = await createHost({ filters: (await copies()).map((copy) => ({ ...copy, vmId: "one" })) });
  await eachHasItsOwn(
    async (header, command) => (await host.request({ headers: { [header]: command } })).body,
  );
});

envoyTest("a plugin's data outlast an update of its configuration when it has a name", async (t) => {
  const wasm = await compileFilter("tests/envoy/filters/state.ts");
  const plugin = { wasm, name: "limits", vmId: "one" };
  const { port, replace } = await startReplaceable(t, { ...plugin, configuration: "x-first" });
  const ask = async (header: string, command: string): Promise<string> =>
    (await request(port, { headers: [[header, command]] })).body;
  assert.equal(await ask("x-first", "set|k|kept"), "0 0");
  replace({ ...plugin, configuration: "x-next" });
  await becomes(() => ask("x-next", "get|k"), "[kept] versioned 0");
});
