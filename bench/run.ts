/**
 * `npm run bench`: measures our filters beside those of other SDKs, which are built in the same run, and prints a report;
 * `--json` prints the figures, and keeps them in .cache/bench/result.json.
 *
 * Options: `--filters a,b` only these; `--peers as,rust,gcore` only these; `--envoy` real Envoy under callgrind, too (needs
 * valgrind; minutes); `--spread N` requests for the collector's pauses (100,000); `--docs` writes docs/performance.md.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { shapeOf } from "../src/count/index.js";
import { findEnvoy } from "../src/envoy/index.js";
import { envoyCache } from "../tests/support/envoy.js";
import { root } from "../tests/support/paths.js";
import { costOf, spreadOf } from "./count/measure.js";
import { measureEnvoy } from "./envoy/compare.js";
import type { Peer } from "./peers.js";
import { buildGCore, buildOurs, buildRust } from "./peers.js";
import { markdown, text } from "./report.js";
import type { BenchResult } from "./result.js";
import { workloads } from "./workloads.js";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    docs: { type: "boolean", default: false },
    envoy: { type: "boolean", default: false },
    filters: { type: "string", default: workloads.map(({ name }) => name).join(",") },
    peers: { type: "string", default: "as,rust,gcore" },
    spread: { type: "string", default: "100000" },
  },
});
const progress = (line: string): void => console.error(`  ${line}`);
const names = values.filters.split(",");
const wanted = workloads.filter(({ name }) => names.includes(name));
const wantedPeers = new Set(values.peers.split(","));

progress("building our filters");
const peers: Peer[] = [await buildOurs(names)];
if (wantedPeers.has("rust")) peers.push(buildRust(names, progress));
if (wantedPeers.has("gcore")) peers.push(buildGCore(names, progress));

const result: BenchResult = {
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus().length} x ${cpus()[0]?.model.trim() ?? "unknown"}, ${process.platform} ${release()}`,
  node: process.version,
  envoyVersion: undefined,
  peers: peers.map(({ id, title, missing }) => ({ id, title, ...(missing !== undefined && { missing }) })),
  filters: [],
  builtIn: {},
  leftOut: peers.flatMap(({ title, missing }) => (missing === undefined ? [] : [`${title}: ${missing}`])),
};

for (const workload of wanted)
  for (const peer of peers) {
    const file = peer.filters[workload.name];
    if (file === undefined) continue;
    progress(`counting ${workload.name}, ${peer.title}`);
    const binary = readFileSync(file);
    const isLarge = workload.request.body !== undefined;
    // The slow peer with 1,000 streams would take minutes for the same mean.
    const amount =
      isLarge || peer.id === "gcore" ? { requests: 50, warmUp: 20 } : { requests: 2000, warmUp: 500 };
    try {
      const idle = await costOf(binary, workload, 0, amount);
      const busy = await costOf(binary, workload, 1000, amount);
      const requests = isLarge ? 1000 : Number(values.spread);
      const spread = peer.id === "gcore" ? undefined : await spreadOf(binary, workload, requests);
      const shape = shapeOf(binary);
      result.filters.push({
        ...{ filter: workload.name, peer: peer.id, shape, idle, busy },
        ...(spread !== undefined && { spread }),
      });
    } catch (error) {
      result.leftOut.push(`${workload.name}, ${peer.title}: ${(error as Error).message}`);
    }
  }

if (values.envoy) {
  const found = findEnvoy(envoyCache);
  if (found.path === undefined) result.leftOut.push(`Envoy: ${found.reason}`);
  else {
    result.envoyVersion = found.version;
    await measureEnvoy(result, peers, found.path, progress);
  }
}

const json = `${JSON.stringify(result, null, 2)}\n`;
mkdirSync(join(root, ".cache", "bench"), { recursive: true });
writeFileSync(join(root, ".cache", "bench", "result.json"), json);
if (values.docs) writeFileSync(join(root, "docs", "performance.md"), markdown(result));
process.stdout.write(values.json ? json : text(result));
