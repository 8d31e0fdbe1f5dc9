/**
 * The figures as a person reads them: in the terminal, and as docs/performance.md.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../tests/support/paths.js";
import { causeOf, goalsOf } from "./goals.js";
import type { Range } from "./envoy/load.js";
import { ROUNDS, STARTS } from "./envoy/load.js";
import type { Bar, BarOptions } from "./plots.js";
import { bars } from "./plots.js";
import type { BenchResult, FilterResult } from "./result.js";
import { workloads } from "./workloads.js";

const whole = (value: number): string => Math.round(value).toLocaleString("en");
const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

type Row = readonly string[];

/** Columns side by side: the first to the left, numbers to the right. */
function aligned(rows: readonly Row[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function table(rows: readonly Row[], texts = 2): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const [head, ...rest] = rows;
  return [line(head!), line(head!.map((_, i) => (i < texts ? "---" : "--:"))), ...rest.map(line)].join("\n");
}

const titleOf = (result: BenchResult, peer: string): string =>
  result.peers
    .find(({ id }) => id === peer)
    ?.title.split(",")[0]!
    .replace(/ \d.*$/, "") ?? peer;

function sizes(result: BenchResult): Row[] {
  return [
    ["filter", "SDK", "bytes", "gzip", "brotli", "imports", "exports", "pages", "pages, 1,000 streams"],
    ...result.filters.map(({ filter, peer, shape, idle, busy }) => [
      filter,
      titleOf(result, peer),
      ...[shape.bytes, shape.gzip, shape.brotli, shape.imports.length, shape.exports.length].map(whole),
      ...[idle.pagesAtStart, busy.pages].map(whole),
    ]),
  ];
}

function work(result: BenchResult): Row[] {
  const rust = (filter: string): FilterResult | undefined =>
    result.filters.find((each) => each.filter === filter && each.peer === "rust");
  return [
    [
      "filter",
      "SDK",
      "operators",
      "x Rust",
      "1,000 streams",
      "bytes copied",
      "callbacks",
      "host calls",
      "allocations",
    ],
    ...result.filters.map(({ filter, peer, idle, busy }) => {
      const base = rust(filter)?.idle.operators;
      return [
        filter,
        titleOf(result, peer),
        whole(idle.operators),
        base === undefined || base === 0 ? "" : (idle.operators / base).toFixed(2),
        whole(busy.operators),
        ...[idle.bulkBytes, sum(idle.callbacks), sum(idle.hostCalls), idle.allocations].map(whole),
      ];
    }),
  ];
}

function pauses(result: BenchResult): Row[] {
  return [
    ["filter", "SDK", "requests", "median", "mean", "p99", "p99.9", "max"],
    ...result.filters.flatMap(({ filter, peer, spread }) =>
      spread === undefined
        ? []
        : [
            [
              filter,
              titleOf(result, peer),
              ...[spread.requests, spread.median, spread.mean, spread.p99, spread.p999, spread.max].map(
                whole,
              ),
            ],
          ],
    ),
  ];
}

function envoy(result: BenchResult): Row[] {
  const rows = [
    ...Object.entries(result.builtIn).map(([name, cost]) => ["", name, cost] as const),
    ...result.filters.flatMap(({ filter, peer, envoy: cost }) =>
      cost === undefined ? [] : [[filter, titleOf(result, peer), cost] as const],
    ),
  ];
  const isDated = rows.some(([, , { date }]) => date !== undefined);
  return [
    ["filter", "SDK", "whole request", "per copy", "noise", ...(isDated ? ["measured"] : [])],
    ...rows.map(([filter, name, cost]) => [
      filter,
      name,
      whole(cost.whole),
      cost.perCopy === 0 ? "" : whole(cost.perCopy),
      `${(cost.noise * 100).toFixed(2)} %`,
      ...(isDated ? [cost.date ?? ""] : []),
    ]),
  ];
}

function machine(result: BenchResult): Row[] {
  return [
    ["filter", "SDK", "operators", "machine instructions", "instructions per operator"],
    ...result.filters.flatMap(({ filter, peer, idle, native }) =>
      native === undefined
        ? []
        : [
            [
              filter,
              titleOf(result, peer),
              whole(idle.operators),
              whole(native),
              idle.operators === 0 ? "" : (native / idle.operators).toFixed(2),
            ],
          ],
    ),
  ];
}

function compilation(result: BenchResult): Row[] {
  return [
    ["filter", "SDK", "million instructions"],
    ...result.filters.flatMap(({ filter, peer, compile }) =>
      compile === undefined ? [] : [[filter, titleOf(result, peer), (compile / 1e6).toFixed(1)]],
    ),
  ];
}

const range = ({ median, min, max }: Range): string => `${median} (${min} to ${max})`;

function load(result: BenchResult): Row[] {
  return [
    ["`hdr` of", "ms of CPU to ready", "MiB at ready", "MiB after the requests", "µs of CPU per request"],
    ...result.load.map(({ name, cpuToReady, memoryAtReady, memoryAfter, cpuPerRequest }) => [
      name.replace(/^\w+/, (id) => (id === "noop" ? "an empty filter" : titleOf(result, id))),
      ...[cpuToReady, memoryAtReady, memoryAfter, cpuPerRequest].map(range),
    ]),
  ];
}

/** The pictures of the page, by file name. */
export function plots(result: BenchResult): Record<string, string> {
  const bar = (
    value: (filter: FilterResult) => number | undefined,
    peers = ["as", "rust", "gcore", "go"],
  ): Bar[] =>
    result.filters
      .filter(({ peer }) => peers.includes(peer))
      .flatMap((each) => {
        const found = value(each);
        return found === undefined
          ? []
          : [{ group: each.filter, name: titleOf(result, each.peer), value: found }];
      });
  const pictures: [string, Bar[], BarOptions][] = [
    ["bytes.svg", bar(({ shape }) => shape.bytes), { title: "Modules", unit: "bytes", logarithmic: true }],
    [
      "operators.svg",
      bar(({ idle }) => idle.operators),
      { title: "Work in the module", unit: "operators per request", logarithmic: true },
    ],
    [
      "envoy.svg",
      bar(({ filter, envoy: cost }) => (filter === "body" ? undefined : cost?.perCopy)),
      { title: "A copy of the filter in Envoy", unit: "instructions per request", logarithmic: true },
    ],
  ];
  return Object.fromEntries(
    pictures
      .filter(([, values]) => values.length > 0)
      .map(([name, values, options]) => [name, bars(values, options)]),
  );
}

function goals(result: BenchResult): Row[] {
  return [
    ["figure", "goal", "measured", ""],
    ...goalsOf(result).map(({ what, goal, measured, met }) => [
      what,
      goal,
      measured,
      met === undefined ? "" : met ? "met" : "**missed**",
    ]),
  ];
}

/** What is missed, and why. */
function missed(result: BenchResult): string {
  const lines = goalsOf(result).flatMap((goal) => {
    const cause = causeOf(goal);
    return cause === undefined ? [] : [`- ${goal.what}: ${cause}`];
  });
  return lines.length === 0 ? "" : `\nMissed goals, with their reasons:\n\n${lines.join("\n")}\n`;
}

/** The report for a terminal. */
export function text(result: BenchResult): string {
  const parts = [
    ["Modules", sizes(result)],
    ["Work in the module per request", work(result)],
    ["Pauses: operators of single requests", pauses(result)],
    ["Envoy: instructions of the worker per request", envoy(result)],
    ["Machine instructions per request", machine(result)],
    ["Compilation", compilation(result)],
    ["Start, memory and time in Envoy", load(result)],
    ["Goals", goals(result)],
  ] as const;
  const blocks = parts
    .filter(([, rows]) => rows.length > 1)
    .map(([title, rows]) => `${title}\n\n${aligned(rows).replaceAll("`", "").replaceAll("**", "")}`);
  const leftOut = result.leftOut.map((line) => `left out: ${line}`).join("\n");
  return `\n${[...blocks, ...(leftOut === "" ? [] : [leftOut])].join("\n\n")}\n`;
}

/** A heading, a sentence and a table, or nothing where nothing was measured. */
function section(title: string, about: string, rows: readonly Row[], texts = 2, picture = ""): string {
  if (rows.length < 2) return "";
  const image = picture === "" ? "" : `![${title}](plots/${picture})\n\n`;
  return `## ${title}\n\n${about === "" ? "" : `${about}\n\n`}${image}${table(rows, texts)}\n\n`;
}

/** The page of the documentation. */
export function markdown(result: BenchResult): string {
  const { date, machine: computer, node, envoyVersion } = result;
  const described = workloads.map(({ name, description }) => [`\`${name}\``, description]);
  return `# Performance

<!-- Written by \`npm run bench -- --all --docs\`; change bench/report.ts, not this page. -->

${date}, ${computer}, Node ${node}${envoyVersion === undefined ? "" : `, Envoy ${envoyVersion}`}. Peers are built in the same run:
${result.peers.map(({ title, missing }) => (missing === undefined ? title : `${title} (not built)`)).join("; ")}.

## Method

Counting, not timing: the time of one request differs by up to 10 % between two runs of the same filter, these counts by nothing,
and those of Envoy by about 0.1 %. \`npm run bench\` counts in the module, \`npm run bench -- --all\` everything on this page.

- **Operators** are the WebAssembly instructions that the module executes for a request, counted by the module itself
  (\`operators.ts\` rewrites it). \`memory.copy\` and \`memory.fill\` are one operator; the bytes that they move are beside it.
- **Host calls**, **callbacks** and **allocations** (by the host, in the module) are those of the embedded host, which does what
  Envoy 1.40 does.
- **Envoy** is a real one under callgrind: instructions of the worker thread per request, V8's code included. *Per copy* is what one
  more copy of the filter in the chain adds, from chains of 1 and 16.
- Each filter is checked first to do what it should. All do the same in each language; sources are in \`bench/filters\`.

${table([["filter", "what it does"], ...described])}

${section("Modules", "", sizes(result), 2, "bytes.svg")}${section(
    "Work in the module",
    'Per request, the mean; "1,000 streams" with so many open beside it.',
    work(result),
    2,
    "operators.svg",
  )}${section("Pauses", "The collector works in pauses; operators of single requests:", pauses(result))}${section(
    "Envoy",
    "In a chain of copies of `body` all but the first find nothing to replace.",
    envoy(result),
    2,
    "envoy.svg",
  )}${section(
    "Machine instructions",
    "A cross-check of the operators: the module as C by `wasm2c`, compiled by `gcc -O2`, under callgrind, with a host of a few lines that answers at once.",
    machine(result),
  )}${section(
    "Compilation",
    "V8's work with Envoy's settings (no Liftoff, one thread), under callgrind, less an empty module. Envoy does it once for each module, and each of its threads gets the code.",
    compilation(result),
  )}${section(
    "Start, memory and time",
    `Medians of fresh processes, with the smallest and largest. Compare what differs by more than our filter differs from itself (the row "again"); nothing here is a goal but start and memory over an empty filter. These two were started ${STARTS} times, the others ${ROUNDS}; the goal compares the smallest of each, as what else runs on the machine only adds to it.`,
    load(result),
    1,
  )}## Goals

${table(goals(result), 3)}
${missed(result)}${result.leftOut.length === 0 ? "" : `\nLeft out:\n\n${result.leftOut.map((line) => `- ${line}`).join("\n")}\n`}
${["over-time.md", "guide.md"].map((name) => readFileSync(join(root, "bench", name), "utf8")).join("\n")}`;
}
