/**
 * The figures as a person reads them: in the terminal, and as docs/performance.md.
 *
 * @module
 */
import { goalsOf } from "./goals.js";
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
  return [
    ["filter", "SDK", "whole request", "per copy", "noise"],
    ...rows.map(([filter, name, cost]) => [
      filter,
      name,
      whole(cost.whole),
      cost.perCopy === 0 ? "" : whole(cost.perCopy),
      `${(cost.noise * 100).toFixed(2)} %`,
    ]),
  ];
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

/** The report for a terminal. */
export function text(result: BenchResult): string {
  const parts = [
    ["Modules", sizes(result)],
    ["Work in the module per request", work(result)],
    ["Pauses: operators of single requests", pauses(result)],
    ["Envoy: instructions of the worker per request", envoy(result)],
    ["Goals", goals(result)],
  ] as const;
  const blocks = parts
    .filter(([, rows]) => rows.length > 1)
    .map(([title, rows]) => `${title}\n\n${aligned(rows).replaceAll("`", "").replaceAll("**", "")}`);
  const leftOut = result.leftOut.map((line) => `left out: ${line}`).join("\n");
  return `\n${[...blocks, ...(leftOut === "" ? [] : [leftOut])].join("\n\n")}\n`;
}

/** The page of the documentation. */
export function markdown(result: BenchResult): string {
  const { date, machine, node, envoyVersion } = result;
  const described = workloads.map(({ name, description }) => [`\`${name}\``, description]);
  return `# Performance

<!-- Written by \`npm run bench -- --envoy --docs\`; change bench/report.ts, not this page. -->

${date}, ${machine}, Node ${node}${envoyVersion === undefined ? "" : `, Envoy ${envoyVersion}`}. Peers are built in the same run:
${result.peers.map(({ title, missing }) => (missing === undefined ? title : `${title} (not built)`)).join("; ")}.

## Method

Counting, not timing: the time of one request differs by up to 10 % between two runs of the same filter, these counts by nothing,
and those of Envoy by about 0.1 %.

- **Operators** are the WebAssembly instructions that the module executes for a request, counted by the module itself
  (\`bench/count/operators.ts\` rewrites it). \`memory.copy\` and \`memory.fill\` are one operator; the bytes that they move are beside it.
- **Host calls**, **callbacks** and **allocations** (by the host, in the module) are those of the embedded host, which does what
  Envoy 1.40 does.
- **Envoy** is a real one under callgrind: instructions of the worker thread per request, V8's code included. *Per copy* is what one
  more copy of the filter in the chain adds, from chains of 1 and 16.
- Each filter is checked first to do what it should. All do the same in each language; sources are in \`bench/filters\`.

${table([["filter", "what it does"], ...described])}

## Modules

${table(sizes(result))}

## Work in the module

Per request, the mean; "1,000 streams" with so many open beside it.

${table(work(result))}

## Pauses

What the collector does comes in pauses; operators of single requests:

${table(pauses(result))}

## Envoy

${envoy(result).length > 1 ? table(envoy(result)) : "Not measured in this run."}

## Goals

${table(goals(result), 3)}
${result.leftOut.length === 0 ? "" : `\nLeft out:\n\n${result.leftOut.map((line) => `- ${line}`).join("\n")}\n`}
## For authors of filters

Most of what a filter costs is in the host: each callback, each context and each host call.

- Keep no fields in the stream's class where you need none: one object then serves all streams, and Envoy makes no contexts.
- Override only what you need; a callback that is not overridden is not exported and costs nothing.
- \`headers.equals(name, value)\` compares without decoding; \`get\` makes a string.
- Read two or more headers of which most are present with one \`entries()\`.
- Answer from \`onRequestHeaders\` where you can: bodies cost by their bytes.
- Parse configuration once, in \`onConfigure\`.
`;
}
