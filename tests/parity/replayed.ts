/** Defines the test that Envoy's own logs of scenarios are replayed. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findEnvoy } from "../../src/envoy/index.js";
import { TraceReader, knownModule, mostTelling, replay } from "../../src/replay/index.js";
import type { Replayed } from "../../src/replay/index.js";
import { envoyTest } from "../support/envoy.js";
import { root } from "../support/paths.js";
import { runInEnvoy } from "./in-envoy.js";
import { moduleOf } from "./modules.js";
import type { Scenario } from "./scenario.js";
import { configurationOf, filtersOf, scriptHeaders } from "./scenario.js";

/** What a person knows of a scenario besides Envoy's log: configuration and request headers. */
function known(scenario: Scenario): Map<string, string[]> {
  const values = new Map<string, string[]>();
  const add = (name: string, value: string): void =>
    void values.set(name, [...(values.get(name) ?? []), value]);
  for (const [name, settings] of filtersOf(scenario))
    add("plugin configuration", configurationOf(name, settings));
  for (const request of scenario.requests)
    for (const [name, value] of scriptHeaders(scenario, request)) add(`request header ${name}`, value);
  return values;
}

/** Each scenario's log leads the module to the same end, or to bytes that are named as missing; at least `least` to the same end. */
export function testReplay(name: string, scenarios: readonly Scenario[], least: number): void {
  envoyTest(`replay: from Envoy's own logs: ${name}`, async (t) => {
    const found = findEnvoy(join(root, "node_modules", ".cache", "proxy-wasm-as"), false);
    const file = await moduleOf(scenarios[0]!);
    const wasm = readFileSync(file);
    const logs = new Map<Scenario, string>();
    await runInEnvoy(found.path!, scenarios, file, 3, (scenario, log) => void logs.set(scenario, log));
    assert.equal(logs.size, scenarios.length);
    const astray: string[] = [];
    let same = 0;
    for (const [scenario, log] of logs) {
      const reader = new TraceReader(knownModule(wasm));
      reader.add(Buffer.from(log));
      const vm = mostTelling(reader.end())!;
      const blind = await replay(vm, wasm);
      const scripts = [...known(scenario).keys()].filter((key) => key.startsWith("request header"));
      // What the module reads first is named, with its size; without it nothing goes far.
      const names = blind.missing.map((missing) => missing.name);
      const isNamed =
        blind.end === "same" || names.some((one) => one === "plugin configuration" || scripts.includes(one));
      const told = await replay(vm, wasm, { values: known(scenario) });
      if (told.end === "same") same++;
      if (!isNamed || !isFair(told)) astray.push(`${scenario.name}: ${JSON.stringify(told.difference)}`);
    }
    t.diagnostic(`${same} of ${logs.size} to the same end, the others to bytes that are named`);
    assert.deepEqual(astray, []);
    assert.ok(same >= least, `${same} reach the same end`);
  });
}

/** To the same end; or to a line behind that of something that the log does not have. */
function isFair({ end, difference, missing }: Replayed): boolean {
  return end === "same" || (difference !== undefined && missing.some(({ line }) => line < difference.line));
}
