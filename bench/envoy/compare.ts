/**
 * The filters in a real Envoy, beside no filter, Envoy's own and the peers'.
 *
 * @module
 */
import assert from "node:assert/strict";
import { startEcho } from "../../src/echo.js";
import type { Peer } from "../peers.js";
import type { BenchResult, EnvoyCost } from "../result.js";
import type { Cell, CellResult } from "./callgrind.js";
import type { Workload } from "../workloads.js";
import { workloads } from "../workloads.js";
import { measure, missingTools } from "./callgrind.js";

const COPIES = 16;
const ROUNDS = 3;
const REQUESTS = 300;

/** One copy, and a chain of them. */
const pair = (cell: Omit<Cell, "copies">): Cell[] => [1, COPIES].map((copies) => ({ ...cell, copies }));

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

function costOf(results: readonly CellResult[], name: string): EnvoyCost | undefined {
  const one = results.find((each) => each.name === name && each.copies === 1);
  const many = results.find((each) => each.name === name && each.copies === COPIES);
  if (one === undefined) return undefined;
  const whole = median(one.rounds);
  const perCopy = many === undefined ? 0 : Math.round((median(many.rounds) - whole) / (COPIES - 1));
  const noise = Math.max(
    ...[one, many].map((cell) =>
      cell === undefined ? 0 : (Math.max(...cell.rounds) - Math.min(...cell.rounds)) / median(cell.rounds),
    ),
  );
  return { whole, perCopy, noise };
}

/** Measures; writes the costs into `result`. */
export async function measureEnvoy(
  result: BenchResult,
  peers: readonly Peer[],
  envoy: string,
  report: (line: string) => void,
): Promise<void> {
  const missing = missingTools();
  if (missing !== undefined) {
    result.leftOut.push(`Envoy under callgrind: ${missing}`);
    return;
  }
  const workloadOf = (name: string): Workload => workloads.find((workload) => workload.name === name)!;
  const modules = (filter: string, cell: Partial<Cell> = {}): Cell[] =>
    peers.flatMap(({ id, filters }) => {
      const wasm = filters[filter];
      if (wasm === undefined || id === "go") return []; // one of its VMs takes minutes to start under valgrind
      const { request, configuration } = workloadOf(filter);
      return pair({
        name: `${filter}:${id}`,
        filter: { wasm, ...(configuration !== undefined && { configuration }) },
        request,
        ...cell,
      });
    });
  // At most four modules in each Envoy.
  const runs: Cell[][] = [
    [
      { name: "none", copies: 1, filter: "none" },
      ...pair({ name: "native", filter: "native", adds: "1" }),
      ...pair({ name: "lua", filter: "lua", adds: "1", denies: true }),
      ...modules("hdr", { adds: "1", denies: true }),
    ],
    modules("hdr-state", { adds: workloadOf("hdr-state").configuration!, denies: true }),
    modules("noop"),
    modules("headers60"),
    modules("all-headers", {
      verify: (_, log) => assert.match(log, /:path=\/x; :method=GET/, "no line with the headers is logged"),
    }),
    modules("body", {
      upstream: "counter",
      requests: 12,
      verify: ({ headers }) => assert.equal(headers["x-secrets"], "0", "the word is still in the body"),
    }),
    modules("json-auth"),
    ...["reads5", "reads2", "miss3", "cookies", "jwt", "jwt-rs256", "ua", "rewrite"].map((name) =>
      modules(name),
    ),
    modules("flow-read", { adds: "1", denies: true }),
    modules("flow-auth", { verify: () => assert.ok(auth.requests.length > 0, "nobody was asked") }),
  ];
  const auth = await startEcho((_, response) => response.end());
  const counter = await startEcho(({ body }, response) => {
    counter.requests.length = 0;
    response.writeHead(200, { "x-secrets": body.split("secret").length - 1 }).end("ok\n");
  });
  const clusters = { auth: auth.port, counter: counter.port };
  const wanted = new Set(result.filters.map(({ filter }) => filter));
  for (const cells of runs) {
    if (!cells.some(({ name }) => wanted.has(name.split(":")[0]!))) continue;
    try {
      const results = await measure(cells, { envoy, rounds: ROUNDS, requests: REQUESTS, clusters, report });
      for (const name of new Set(cells.map((cell) => cell.name))) {
        const cost = costOf(results, name)!;
        const [filter, peer] = name.split(":");
        if (peer === undefined) result.builtIn[name] = cost;
        else {
          const target = result.filters.find((each) => each.filter === filter && each.peer === peer);
          if (target !== undefined) target.envoy = cost;
        }
      }
    } catch (error) {
      result.leftOut.push(`Envoy under callgrind, ${cells[0]!.name}: ${(error as Error).message}`);
    }
  }
  await Promise.all([auth.close(), counter.close()]);
}
