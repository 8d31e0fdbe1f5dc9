/**
 * `npm run bench`: measures our filters beside those of other SDKs, which are built in the same run, and prints a report;
 * `--json` prints the figures, and keeps them in .cache/bench/result.json.
 *
 * Options: `--filters a,b` only these; `--peers as,rust,gcore,go` only these; `--spread N` requests for the collector's pauses
 * (100,000). Half an hour together, and with valgrind: `--envoy` a real Envoy under callgrind, `--compile` what V8 does for a
 * module, `--native` machine instructions as a cross-check (gcc, Debian's wabt), `--load` start, memory and time in Envoy;
 * `--all` these four. `--docs` writes docs/performance.md; `--from FILE,…` reads the figures instead of measuring: of several files, as
 * of a run in parts, together, of which the later ones count.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { shapeOf } from "../src/count/index.js";
import { findEnvoy } from "../src/envoy/index.js";
import { envoyCache } from "../tests/support/envoy.js";
import { root } from "../tests/support/paths.js";
import { compileCosts } from "./compile.js";
import { costOf, spreadOf } from "./count/measure.js";
import { missingTools } from "./envoy/callgrind.js";
import { measureEnvoy } from "./envoy/compare.js";
import type { Candidate } from "./envoy/load.js";
import { measureLoad, missingLoad } from "./envoy/load.js";
import { nativeInstructions } from "./native.js";
import type { Peer } from "./peers.js";
import { buildGCore, buildGo, buildOurs, buildRust } from "./peers.js";
import { markdown, plots, text } from "./report.js";
import type { BenchResult, EnvoyCost, FilterResult } from "./result.js";
import type { Workload } from "./workloads.js";
import { workloads } from "./workloads.js";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    docs: { type: "boolean", default: false },
    all: { type: "boolean", default: false },
    envoy: { type: "boolean", default: false },
    compile: { type: "boolean", default: false },
    native: { type: "boolean", default: false },
    load: { type: "boolean", default: false },
    from: { type: "string" },
    filters: { type: "string", default: workloads.map(({ name }) => name).join(",") },
    peers: { type: "string", default: "as,rust,gcore,go" },
    spread: { type: "string", default: "100000" },
  },
});
const progress = (line: string): void => console.error(`  ${line}`);

/** Calls `body`; what it throws becomes a line about what was left out. */
async function attempt(result: BenchResult, what: string, body: () => Promise<void> | void): Promise<void> {
  try {
    await body();
  } catch (error) {
    result.leftOut.push(`${what}: ${(error as Error).message.split("\n")[0]}`);
  }
}

async function measure(): Promise<BenchResult> {
  const names = values.filters.split(",");
  const wanted = workloads.filter(({ name }) => names.includes(name));
  const wantedPeers = new Set(values.peers.split(","));

  progress("building our filters");
  const peers: Peer[] = [await buildOurs(names)];
  if (wantedPeers.has("rust")) peers.push(buildRust(names, progress));
  if (wantedPeers.has("gcore")) peers.push(buildGCore(names, progress));
  if (wantedPeers.has("go")) peers.push(buildGo(names, progress));

  const result: BenchResult = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} x ${cpus()[0]?.model.trim() ?? "unknown"}, ${process.platform} ${release()}`,
    node: process.version,
    envoyVersion: undefined,
    peers: peers.map(({ id, title, missing }) => ({ id, title, ...(missing !== undefined && { missing }) })),
    filters: [],
    builtIn: {},
    load: [],
    leftOut: peers.flatMap(({ title, missing }) => (missing === undefined ? [] : [`${title}: ${missing}`])),
  };

  for (const workload of wanted)
    for (const peer of peers) {
      const file = peer.filters[workload.name];
      if (file === undefined) continue;
      progress(`counting ${workload.name}, ${peer.title}`);
      await attempt(result, `${workload.name}, ${peer.title}`, async () => {
        result.filters.push(await count(readFileSync(file), workload, peer));
      });
    }

  /** Each filter that was counted, with its file. */
  const each = (body: (entry: FilterResult, file: string) => void, what: string): Promise<void[]> =>
    Promise.all(
      result.filters.map((entry) => {
        const peer = peers.find(({ id }) => id === entry.peer)!;
        return attempt(result, `${what}, ${entry.filter}, ${peer.title}`, () =>
          body(entry, peer.filters[entry.filter]!),
        );
      }),
    );
  if (values.native || values.all)
    await each((entry, file) => {
      if (entry.peer === "go" || entry.filter.startsWith("flow") || entry.filter === "body") return;
      entry.native = nativeInstructions(file, `${entry.filter}-${entry.peer}`);
      progress(`${entry.filter}, ${entry.peer}: ${entry.native} machine instructions`);
    }, "wasm2c and callgrind");
  if (values.compile || values.all)
    await attempt(result, "compilation under callgrind", () => {
      const missing = missingTools();
      if (missing !== undefined) throw new Error(missing);
      const entries = result.filters.filter(
        ({ filter, peer }) => peer !== "go" && (filter === "hdr" || peer === "as"),
      );
      const files = entries.map(({ filter, peer }) => peers.find(({ id }) => id === peer)!.filters[filter]!);
      for (const [i, cost] of compileCosts(files, progress).entries()) entries[i]!.compile = cost;
    });
  if (!(values.envoy || values.load || values.all)) return result;

  const found = findEnvoy(envoyCache);
  if (found.path === undefined) {
    result.leftOut.push(`Envoy: ${found.reason}`);
    return result;
  }
  result.envoyVersion = found.version;
  if (values.envoy || values.all) await measureEnvoy(result, peers, found.path, progress);
  if (values.load || values.all)
    await attempt(result, "start, memory and time in Envoy", async () => {
      if (missingLoad !== undefined) throw new Error(missingLoad);
      result.load = await measureLoad(loadCandidates(peers), {
        envoy: found.path,
        requests: REQUESTS,
        report: progress,
      });
    });
  return result;
}

async function count(binary: Uint8Array, workload: Workload, peer: Peer): Promise<FilterResult> {
  const isLarge = workload.request.body !== undefined;
  const isSlow = peer.id === "gcore" || peer.id === "go";
  // The slow peers with 1,000 streams would take minutes for the same mean.
  const amount = isLarge || isSlow ? { requests: 50, warmUp: 20 } : { requests: 2000, warmUp: 500 };
  const idle = await costOf(binary, workload, 0, amount);
  const busy = await costOf(binary, workload, 1000, amount);
  const requests = isLarge ? 1000 : Number(values.spread);
  const spread = isSlow ? undefined : await spreadOf(binary, workload, requests);
  return {
    ...{ filter: workload.name, peer: peer.id, shape: shapeOf(binary), idle, busy },
    ...(spread !== undefined && { spread }),
  };
}

/** The figures of a run in parts, of which the later ones count; the machine is that of the last. */
function together(files: readonly string[]): BenchResult {
  const parts = files.map((file) => JSON.parse(readFileSync(file, "utf8")) as BenchResult);
  const dates = [...new Set(parts.map(({ date }) => date))].toSorted();
  const dated = (cost: EnvoyCost, date: string): EnvoyCost => (dates.length > 1 ? { ...cost, date } : cost);
  const filters = new Map<string, FilterResult>();
  const builtIn: Record<string, EnvoyCost> = {};
  for (const part of parts) {
    for (const each of part.filters) {
      const key = `${each.filter} ${each.peer}`;
      const { envoy, ...rest } = each;
      filters.set(key, { ...filters.get(key), ...rest });
      if (envoy !== undefined) filters.get(key)!.envoy = dated(envoy, part.date);
    }
    for (const [name, cost] of Object.entries(part.builtIn)) builtIn[name] = dated(cost, part.date);
  }
  const place = ({ filter, peer }: FilterResult): number =>
    workloads.findIndex(({ name }) => name === filter) * 10 + ["as", "rust", "gcore", "go"].indexOf(peer);
  return {
    ...parts.at(-1),
    date: dates.join(" and "),
    envoyVersion: parts.find(({ envoyVersion }) => envoyVersion !== undefined)?.envoyVersion,
    peers: [...new Map(parts.flatMap(({ peers }) => peers.map((peer) => [peer.id, peer]))).values()],
    filters: [...filters.values()].toSorted((a, b) => place(a) - place(b)),
    builtIn,
    load: parts.findLast(({ load }) => load.length > 0)?.load ?? [],
    leftOut: parts.at(-1).leftOut,
  };
}

/** How many requests load an Envoy. */
const REQUESTS = 20_000;

/** `hdr` of each peer, ours twice, and what they are compared with; 16 copies, because one differs less than A from A. */
function loadCandidates(peers: readonly Peer[]): Candidate[] {
  const ours = peers[0]!.filters["hdr"]!;
  const others = peers.filter(
    ({ id, filters }) => id !== "as" && id !== "go" && filters["hdr"] !== undefined,
  );
  return [
    { name: "none", wasm: undefined },
    { name: "noop", wasm: peers[0]!.filters["noop"], startsOften: true },
    { name: "as", wasm: ours, startsOften: true },
    ...others.map(({ id, filters }) => ({ name: id, wasm: filters["hdr"] })),
    { name: "as x 16", wasm: ours, copies: 16 },
    { name: "as x 16, again", wasm: ours, copies: 16 },
    ...others.map(({ id, filters }) => ({ name: `${id} x 16`, wasm: filters["hdr"], copies: 16 })),
  ];
}

const result = values.from === undefined ? await measure() : together(values.from.split(","));
const json = `${JSON.stringify(result, null, 2)}\n`;
mkdirSync(join(root, ".cache", "bench"), { recursive: true });
writeFileSync(join(root, ".cache", "bench", "result.json"), json);
if (values.docs) {
  writeFileSync(join(root, "docs", "performance.md"), markdown(result));
  mkdirSync(join(root, "docs", "plots"), { recursive: true });
  for (const [name, svg] of Object.entries(plots(result)))
    writeFileSync(join(root, "docs", "plots", name), svg);
}
process.stdout.write(values.json ? json : text(result));
