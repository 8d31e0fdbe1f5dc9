/** Outcomes that a real Envoy has had, and how two are compared. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { EnvoyVersion } from "../../src/testing/index.js";
import { root } from "../support/paths.js";
import type { Outcome, Scenario } from "./scenario.js";
import { groupKey } from "./scenario.js";

const folder = join(root, "tests/parity/recorded");

const aspects = ["trace", "logs", "wire", "upstream", "details", "metrics"] as const;

/** Where the outcome in an Envoy is, if it is another one than in Envoy 1.40. */
const fileOf = ({ name }: Scenario, envoy: EnvoyVersion): string =>
  envoy === "1.40" ? join(folder, `${name}.json`) : join(folder, envoy, `${name}.json`);

/** What Envoy did when the scenario was recorded; an older one did the same unless there is a file of its own. */
export function recorded(scenario: Scenario, envoy: EnvoyVersion = "1.40"): Outcome | undefined {
  const path = [envoy, "1.40" as const]
    .map((each) => fileOf(scenario, each))
    .find((each) => existsSync(each));
  return path === undefined ? undefined : (JSON.parse(readFileSync(path, "utf8")) as Outcome);
}

export function record(scenario: Scenario, outcome: Outcome, envoy: EnvoyVersion = "1.40"): void {
  const kept = scenario.crash === true ? { crashed: outcome.crashed } : comparable(scenario, outcome);
  const path = fileOf(scenario, envoy);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(kept, null, 1)}\n`);
}

/** Says that an older Envoy did what Envoy 1.40 does. */
export function recordSame(scenario: Scenario, envoy: EnvoyVersion): void {
  if (envoy !== "1.40") rmSync(fileOf(scenario, envoy), { force: true });
}

/** The part of an outcome that the scenario compares; of a crash, that it was one. */
export function comparable(scenario: Scenario, outcome: Outcome): Partial<Outcome> {
  if (scenario.crash === true) return { crashed: outcome.crashed };
  const kept = (scenario.compare ?? aspects.filter((aspect) => aspect !== "metrics")) as readonly string[];
  return Object.fromEntries(
    Object.entries(outcome).filter(([aspect]) => aspect === "crashed" || kept.includes(aspect)),
  );
}

/** What differs, as a person reads it; empty when nothing does. */
export function differences(scenario: Scenario, envoy: Outcome, host: Outcome): string[] {
  const expected = comparable(scenario, envoy);
  const actual = comparable(scenario, host);
  return Object.keys(actual).flatMap((aspect) => {
    const a = expected[aspect as keyof Outcome];
    const b = actual[aspect as keyof Outcome];
    if (JSON.stringify(a) === JSON.stringify(b)) return [];
    if (!Array.isArray(a) || !Array.isArray(b) || typeof (a[0] ?? b[0]) !== "string")
      return [`${aspect}\n  Envoy ${JSON.stringify(a)}\n  host  ${JSON.stringify(b)}`];
    let i = 0;
    while (a[i] === b[i]) i++;
    const around = (list: readonly unknown[]): string =>
      JSON.stringify(list.slice(Math.max(0, i - 2), i + 4));
    return [`${aspect}, from ${i}\n  Envoy ${around(a)}\n  host  ${around(b)}`];
  });
}

/** The callbacks in which a header map can tell how many milliseconds an answer took. */
const TELLS_TIME = /^> proxy_on_(http_call_response|response_)/;

/**
 * The outcome with the sizes of such header maps as in `expected` where they differ by up to three bytes: the time has more digits on a
 * machine that is busy.
 */
export function withTimesOf(expected: Partial<Outcome>, outcome: Outcome): Outcome {
  const before = expected.trace;
  if (before === undefined) return outcome;
  const sizeIn = (trace: readonly string[], i: number): number =>
    trace[i - 1] === ": proxy_get_header_map_pairs"
      ? Number(/^> proxy_on_memory_allocate\((\d+)\)$/.exec(trace[i] ?? "")?.[1])
      : NaN;
  let callback = "";
  const trace = outcome.trace.map((line, i) => {
    if (Math.abs(sizeIn(before, i) - sizeIn(outcome.trace, i)) <= 3 && TELLS_TIME.test(callback))
      return before[i]!;
    if (line.startsWith("> proxy_on_") && !line.startsWith("> proxy_on_memory_allocate")) callback = line;
    return line;
  });
  return { ...outcome, trace };
}

/** Scenarios that one Envoy can serve, together. */
export function groups(scenarios: readonly Scenario[]): Scenario[][] {
  const all = new Map<string, Scenario[]>();
  for (const scenario of scenarios) {
    const key = groupKey(scenario);
    const group = all.get(key);
    if (group === undefined) all.set(key, [scenario]);
    else group.push(scenario);
  }
  return [...all.values()];
}
