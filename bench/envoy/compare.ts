/**
 * The filters with headers in a real Envoy, beside no filter, Envoy's own and the peers'.
 *
 * @module
 */
import type { Peer } from "../peers.js";
import type { BenchResult, EnvoyCost } from "../result.js";
import type { Cell, CellResult } from "./callgrind.js";
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
  const modules = (filter: string, adds: string | undefined, denies: boolean): Cell[] =>
    peers.flatMap(({ id, filters }) => {
      const wasm = filters[filter];
      if (wasm === undefined) return [];
      const configuration = filter === "hdr-state" && { configuration: "1" };
      return pair({
        name: `${filter}:${id}`,
        filter: { wasm, ...configuration },
        denies,
        ...(adds !== undefined && { adds }),
      });
    });
  // At most four modules in each Envoy.
  const runs: Cell[][] = [
    [
      { name: "none", copies: 1, filter: "none", denies: false },
      ...pair({ name: "native", filter: "native", adds: "1", denies: false }),
      ...pair({ name: "lua", filter: "lua", adds: "1", denies: true }),
      ...modules("hdr", "1", true),
    ],
    modules("hdr-state", "1", true),
    modules("noop", undefined, false),
    modules("headers60", undefined, false),
  ];
  for (const cells of runs.filter((run) => run.length > 0)) {
    try {
      const results = await measure(cells, { envoy, rounds: ROUNDS, requests: REQUESTS, report });
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
}
