/** Envoy's releases, which pip fetches into the user's cache, and what examples and scenarios do in them. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { run } from "node:test";
import { pathToFileURL } from "node:url";
import { buildExample } from "../../scripts/build-examples.js";
import { userCache } from "../../src/envoy/cache.js";
import { inEnvironment, installInto } from "../../src/envoy/find.js";
import type { EnvoyRelease } from "../../src/hosts/envoy-releases.js";
import { runInEnvoy } from "../parity/in-envoy.js";
import { moduleOf } from "../parity/modules.js";
import { differences, groups, recorded } from "../parity/outcome.js";
import type { Scenario } from "../parity/scenario.js";
import { loadScenarios } from "../parity/scenario.js";
import { root } from "../support/paths.js";
import type { Cells, HostResults } from "./results.js";

/** The program of a release, which is installed when it is not there. */
export function envoyOf({ tried }: EnvoyRelease): string {
  const folder = join(userCache(), `envoy-${tried}`);
  if (!existsSync(folder)) {
    mkdirSync(userCache(), { recursive: true });
    const draft = `${folder}.${process.pid}`;
    try {
      installInto(draft, tried, []);
      renameSync(draft, folder);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  }
  const path = inEnvironment(folder);
  if (path === undefined) throw new Error(`there is no Envoy in ${folder}: remove it`);
  return path;
}

/** The own tests of some examples, with this Envoy. */
export async function examplesIn(envoy: string, names: readonly string[]): Promise<Cells> {
  const cells: Record<string, string> = {};
  for (const name of names) await buildExample(name);
  const files = names.flatMap((name) => {
    const folder = join(root, "examples", name, "test");
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => /\.test\.[jt]s$/.test(file))
      .map((file) => join(folder, file));
  });
  process.env["ENVOY"] = envoy;
  process.env["NODE_OPTIONS"] = `--import=${pathToFileURL(join(root, "scripts/typescript.mjs")).href}`;
  const stream = run({ files, concurrency: 2, timeout: 600_000 });
  const nameOf = (file = ""): string => relative(join(root, "examples"), file).split("/")[0]!;
  stream.on("test:pass", ({ file, skip }) => {
    cells[nameOf(file)] ??= skip === undefined ? "runs" : `skipped: ${String(skip)}`;
  });
  stream.on("test:fail", ({ file, name }) => {
    cells[nameOf(file)] = `fails: ${name}`;
  });
  stream.resume();
  await new Promise((resolve) => stream.on("end", resolve));
  delete process.env["ENVOY"];
  return Object.fromEntries(names.map((name) => [name, cells[name] ?? "no test"]));
}

/** All scenarios but those of the Rust SDK, which takes longer to build than all of this. */
export async function scenariosIn(
  envoy: string,
  { version }: EnvoyRelease,
): Promise<HostResults["scenarios"][string]> {
  const all = loadScenarios().filter(({ sdk }) => sdk !== "rust");
  const differing: string[] = [];
  for (const group of groups(all)) {
    const wasm = await moduleOf(group[0]!);
    const wrong = async (some: readonly Scenario[], patience: number): Promise<Scenario[]> => {
      const outcomes =
        some.length === 0 ? new Map<string, never>() : await runInEnvoy(envoy, some, wasm, patience);
      return some.filter(
        (scenario) =>
          differences(scenario, recorded(scenario, version)!, outcomes.get(scenario.name)!).length > 0,
      );
    };
    // A machine that is busy has pieces come together, or late, and a time in a header has one digit more: what differs is
    // tried again, and then alone.
    for (const suspect of await wrong(await wrong(group, 1), 6)) {
      let isWrong = true;
      for (let trial = 0; trial < 4 && isWrong; trial++) isWrong = (await wrong([suspect], 6)).length > 0;
      if (isWrong) differing.push(suspect.name);
    }
  }
  return { equal: all.length - differing.length, differing };
}
