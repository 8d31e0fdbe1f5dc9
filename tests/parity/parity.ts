/** Defines the tests of scenarios: the embedded host does what Envoy did, and Envoy still does it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { envoyTest, envoyVersion, found } from "../support/envoy.js";
import { runInEnvoy } from "./in-envoy.js";
import { runInHost } from "./in-host.js";
import { moduleOf } from "./modules.js";
import { differences, groups, recorded, withTimesOf } from "./outcome.js";
import type { Scenario } from "./scenario.js";

export function testParity(scenarios: readonly Scenario[]): void {
  for (const scenario of scenarios) {
    void test(`host: ${scenario.name}: ${scenario.rule}`, async () => {
      const envoy = recorded(scenario, envoyVersion);
      assert.ok(envoy !== undefined, "not recorded yet: npm run parity -- --record");
      const all = differences(
        scenario,
        envoy,
        await runInHost(scenario, await moduleOf(scenario), undefined, envoyVersion),
      );
      assert.equal(all.length, 0, all.join("\n"));
    });
  }

  for (const group of groups(scenarios)) {
    const name = group.length === 1 ? group[0]!.name : `${group[0]!.name} and ${group.length - 1} more`;
    envoyTest(`envoy: what is recorded is what Envoy does: ${name}`, async () => {
      const wasm = await moduleOf(group[0]!);
      const differing = async (
        list: readonly Scenario[],
        patience: number,
      ): Promise<Map<Scenario, string>> => {
        const outcomes = list.length === 0 ? new Map() : await runInEnvoy(found.path!, list, wasm, patience);
        const all = list.map((scenario): [Scenario, string] => {
          const expected = recorded(scenario, envoyVersion)!;
          const different = differences(
            scenario,
            expected,
            withTimesOf(expected, outcomes.get(scenario.name)),
          );
          return [scenario, different.join("\n")];
        });
        return new Map(all.filter(([, different]) => different !== ""));
      };
      // Pieces may have come together, or late, on a machine that is busy.
      let failed = await differing(group, 1);
      for (let again = 0; again < 3 && failed.size > 0; again++)
        failed = await differing([...failed.keys()], 6);
      const text = [...failed].map(
        ([scenario, different]) => `${scenario.name}: Envoy (as "host") has\n${different}`,
      );
      assert.equal(failed.size, 0, text.join("\n"));
    });
  }
}
