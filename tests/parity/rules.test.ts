/** Each rule of `rules.yaml` has scenarios or tests that show it, and each scenario shows a rule. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { root } from "../support/paths.js";
import { mutants } from "./mutants.js";
import { loadScenarios } from "./scenario.js";

interface Section {
  readonly section: string;
  readonly rules: readonly { readonly rule: string; readonly by: readonly string[] }[];
}

const sections = parse(readFileSync(join(root, "tests/parity/rules.yaml"), "utf8")) as Section[];
const names = new Set(loadScenarios().map(({ name }) => name.replace(/\.(gcore|rust)$/, "")));

const matching = (pattern: string): string[] => {
  const [before, after] = pattern.split("*");
  return [...names].filter((name) =>
    after === undefined ? name === before : name.startsWith(before!) && name.endsWith(after),
  );
};

test("parity: there are at least 120 scenarios", () => assert.ok(names.size >= 120));

for (const { section, rules } of sections)
  test(`parity: ${section}: each rule is shown`, () => {
    for (const { rule, by } of rules) {
      assert.ok(by.length > 0, rule);
      for (const proof of by) {
        const [, file, title] = /^(\S+\.test\.ts): (.*)$/.exec(proof) ?? [];
        if (file === undefined) assert.notEqual(matching(proof).length, 0, `${rule}: no scenario ${proof}`);
        else assert.ok(readFileSync(join(root, "tests", file), "utf8").includes(title!), `${rule}: ${proof}`);
      }
    }
  });

test("parity: each scenario shows a rule", () => {
  const shown = new Set(sections.flatMap(({ rules }) => rules.flatMap(({ by }) => by.flatMap(matching))));
  assert.deepEqual(
    [...names].filter((name) => !shown.has(name)),
    [],
  );
});

test("parity: the place of each fault that mutation makes is there, once", () => {
  const read = (file: string): string => readFileSync(join(root, "src/host", file), "utf8");
  const lost = mutants.filter(({ file, from }) => read(file).split(from).length !== 2);
  assert.deepEqual(lost, []);
});
