/**
 * What the measurements are to show. A goal that is missed stays in the report.
 *
 * @module
 */
import type { LoadResult } from "./envoy/load.js";
import type { BenchResult, FilterResult } from "./result.js";

export interface Goal {
  readonly what: string;
  readonly goal: string;
  readonly measured: string;
  readonly met: boolean | undefined;
}

/** Why goals are missed, by filter and what is measured; the best that was found is in the report. */
const causes: readonly (readonly [filter: string, measured: RegExp, cause: string])[] = [
  [
    "",
    /open streams over/,
    "each collection marks the streams that are open. It comes when twice as much has been allocated as was kept; less often " +
      "would cost memory.",
  ],
  [
    "noop",
    /bytes, against 0.1.0/,
    "the callback that it has to export, for trailers, now asks whether a body is still held, which Envoy would lose.",
  ],
  [
    "hdr",
    /bytes, against 0.1.0/,
    "guards that came after 0.1.0, with the containment of bugs (docs/bugs.md).",
  ],
  [
    "hdr-state",
    /: bytes$/,
    "the containment of bugs, which came after the goal, is 600 to 1,000 bytes (docs/bugs.md).",
  ],
  [
    "headers60",
    /operators per request/,
    "all headers come with one host call, which is what Envoy takes time for, and the module finds each name by itself: 6,800 of " +
      "them, where Rust's asks the host, which is not counted. Values that are read become UTF-16 texts, which is 4,500 (51 for eight " +
      "bytes; SIMD would halve that, but a host without V8 may not have it); that names and values are checked, as Rust's SDK does not, " +
      "is 2,000: the names come from a list, so the build cannot do it.",
  ],
  [
    "all-headers",
    /host calls/,
    "the log level is asked for again once in some hundred messages, as an operator may change it.",
  ],
  [
    "flow-auth",
    /allocations|host calls/,
    "a flow reads the answer when it is asked for, one part at a time.",
  ],
  [
    "flow-read",
    /operators per request, against/,
    "the exchange, its two messages and what waits are objects of a stream, which are made (310 operators), and a flow " +
      "is stepped through its waits (550), where a class has its callbacks called. Envoy takes no more time for it than the goal allows.",
  ],
  [
    "cookies",
    /per copy/,
    "half of it is the host's work, and a quarter V8's way between the two, by the functions in callgrind's dumps. The module looks " +
      "through 20 pairs for a header that may be repeated (1,100 operators); the cookies and the path become UTF-16 texts, which are " +
      "searched (900 and 1,200); objects are 550.",
  ],
  [
    "ua",
    /per copy/,
    "the search for 21 words looks at a text of UTF-16, which is twice the bytes of Rust's, eight at a time: 19,800 of 23,500 operators. " +
      "The module does 0.57 of Rust's work; the rest is the host's, and the same for both. 16 at a time would be 21,700 operators, for " +
      "3 % more bytes in a small module.",
  ],
  [
    "rewrite",
    /per copy/,
    "the pattern's instructions are followed one by one with the positions of its groups, 1,100 operators; Rust's builds an automaton " +
      "that fits it when it starts, in a module that is 66 times as large. The module does 0.77 of Rust's work; the rest is the host's.",
  ],
  [
    "jwt",
    /per copy/,
    "SHA-256 is 5,650 operators for each 64 bytes, Rust's 4,840; the header and the claims are checked as JSON as a whole before " +
      "anything of them is read, and then looked through for each claim.",
  ],
];

/** Why a missed goal is missed, when that is known. */
export function causeOf({ what, met }: Goal): string | undefined {
  if (met !== false) return undefined;
  return causes.find(([filter, measured]) => what.startsWith(`\`${filter}`) && measured.test(what))?.[2];
}

const number = (value: number): string =>
  value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 3 : 1 });

function filterOf(result: BenchResult, peer: string, filter: string): FilterResult | undefined {
  return result.filters.find((each) => each.peer === peer && each.filter === filter);
}

/** A figure of ours against the same of Rust, which must be at most `most` of it. */
function against(
  result: BenchResult,
  what: string,
  filter: string,
  most: number,
  value: (filter: FilterResult) => number | undefined,
): Goal {
  const ours = filterOf(result, "as", filter);
  const rust = filterOf(result, "rust", filter);
  const a = ours === undefined ? undefined : value(ours);
  const r = rust === undefined ? undefined : value(rust);
  const goal = `<= ${most} x Rust`;
  const label = `\`${filter}\`: ${what}`;
  if (a === undefined || r === undefined)
    return { what: label, goal, measured: "not measured", met: undefined };
  const ratio = r === 0 ? (a === 0 ? 0 : Infinity) : a / r;
  return {
    what: label,
    goal,
    measured: `${number(a)} / ${number(r)} = ${ratio.toFixed(3)}`,
    met: ratio <= most,
  };
}

/** What a flow costs, against a class that keeps a field per stream, as a flow does. */
function againstClass(
  result: BenchResult,
  what: string,
  most: number,
  value: (filter: FilterResult) => number | undefined,
): Goal {
  const [flow, form] = ["flow-read", "hdr-state"].map((name) => filterOf(result, "as", name));
  const a = flow === undefined ? undefined : value(flow);
  const b = form === undefined ? undefined : value(form);
  const label = { what: `\`flow-read\`: ${what}`, goal: `<= ${most} x \`hdr-state\`` };
  if (a === undefined || b === undefined) return { ...label, measured: "not measured", met: undefined };
  return { ...label, measured: `${number(a)} / ${number(b)} = ${(a / b).toFixed(3)}`, met: a / b <= most };
}

/** A figure of ours that must be at most `most`. */
function atMost(
  result: BenchResult,
  what: string,
  filter: string,
  most: number,
  value: (filter: FilterResult) => number | undefined,
): Goal {
  const ours = filterOf(result, "as", filter);
  const a = ours === undefined ? undefined : value(ours);
  const label = `\`${filter}\`: ${what}`;
  const goal = `<= ${number(most)}`;
  if (a === undefined) return { what: label, goal, measured: "not measured", met: undefined };
  return { what: label, goal, measured: number(Math.round(a * 1000) / 1000), met: a <= most };
}

const calls = ({ idle }: FilterResult): number =>
  Object.values(idle.hostCalls).reduce((sum, n) => sum + n, 0);

/** Start and memory of `hdr` over those of an empty Wasm filter. */
function overEmpty(result: BenchResult): Goal[] {
  const of = (name: string): LoadResult | undefined => result.load.find((each) => each.name === name);
  const [empty, ours] = [of("noop"), of("as")];
  const goal = (what: string, unit: string, most: number, value: (load: LoadResult) => number): Goal => {
    const label = { what: `\`hdr\`: ${what} over an empty filter`, goal: `<= ${most} ${unit}` };
    if (empty === undefined || ours === undefined)
      return { ...label, measured: "not measured", met: undefined };
    const over = value(ours) - value(empty);
    return { ...label, measured: `${over.toFixed(2)} ${unit}`, met: over <= most };
  };
  return [
    goal("CPU to start", "ms", 10, ({ cpuToReady }) => cpuToReady.min),
    goal("memory after the requests", "MiB", 0.5, ({ memoryAfter }) => memoryAfter.median),
  ];
}

const heavy = ["headers60", "all-headers", "body", "json-auth"];

export function goalsOf(result: BenchResult): Goal[] {
  const growth = ({ idle, busy }: FilterResult): number =>
    idle.operators === 0 ? (busy.operators === 0 ? 1 : Infinity) : busy.operators / idle.operators;
  return [
    atMost(result, "bytes", "noop", 2500, ({ shape }) => shape.bytes),
    atMost(result, "bytes", "hdr", 5000, ({ shape }) => shape.bytes),
    atMost(result, "bytes", "hdr-state", 6000, ({ shape }) => shape.bytes),
    atMost(result, "bytes, against 0.1.0", "noop", 468, ({ shape }) => shape.bytes),
    atMost(result, "bytes, against 0.1.0", "hdr", 2068, ({ shape }) => shape.bytes),
    against(result, "Envoy instructions per copy", "hdr", 0.75, ({ envoy }) => envoy?.perCopy),
    against(result, "Envoy instructions per copy", "hdr-state", 0.9, ({ envoy }) => envoy?.perCopy),
    against(result, "Envoy instructions, whole request", "hdr", 0.93, ({ envoy }) => envoy?.whole),
    against(result, "Envoy instructions, whole request", "hdr-state", 0.97, ({ envoy }) => envoy?.whole),
    against(result, "operators per request", "hdr", 0.5, ({ idle }) => idle.operators),
    against(result, "operators per request", "noop", 0.3, ({ idle }) => idle.operators),
    ...["hdr", "hdr-state", ...heavy].map((name) =>
      atMost(result, "operators with 1,000 open streams over those with none", name, 1.02, growth),
    ),
    ...heavy.map((name) => against(result, "operators per request", name, 1, ({ idle }) => idle.operators)),
    against(result, "operators per request", "flow-auth", 1, ({ idle }) => idle.operators),
    ...["hdr", "hdr-state", ...heavy, "flow-auth"].map((name) =>
      against(result, "host calls", name, 1, calls),
    ),
    ...["hdr", "hdr-state", ...heavy, "flow-auth"].map((name) =>
      against(result, "allocations by the host", name, 1, ({ idle }) => idle.allocations),
    ),
    ...["hdr", "hdr-state"].map((name) =>
      atMost(result, "pages at start", name, 1, (f) => f.idle.pagesAtStart),
    ),
    ...["hdr", "hdr-state"].map((name) =>
      atMost(result, "pages at 1,000 open streams", name, 4, ({ busy }) => busy.pages),
    ),
    against(result, "Envoy instructions per copy", "headers60", 0.6, ({ envoy }) => envoy?.perCopy),
    ...["all-headers", "body", "json-auth"].map((name) =>
      against(result, "Envoy instructions per copy", name, 1, ({ envoy }) => envoy?.perCopy),
    ),
    ...(
      [
        ["reads5", 0.42],
        ["reads2", 0.6],
        ["miss3", 0.6],
        ["cookies", 0.6],
        ["ua", 0.6],
        ["rewrite", 0.6],
      ] as const
    ).map(([name, most]) =>
      against(result, "Envoy instructions per copy", name, most, ({ envoy }) => envoy?.perCopy),
    ),
    ...["jwt", "jwt-rs256", "flow-read"].map((name) =>
      against(result, "Envoy instructions per copy", name, 1, ({ envoy }) => envoy?.perCopy),
    ),
    againstClass(result, "operators per request, against the class", 1.15, ({ idle }) => idle.operators),
    againstClass(
      result,
      "Envoy instructions per copy, against the class",
      1.15,
      ({ envoy }) => envoy?.perCopy,
    ),
    ...["reads5", "reads2", "cookies"].map((name) =>
      against(result, "allocations by the host", name, 1, ({ idle }) => idle.allocations),
    ),
    atMost(result, "million instructions to compile", "hdr", 25, ({ compile }) =>
      compile === undefined ? undefined : compile / 1e6,
    ),
    ...overEmpty(result),
    ...result.filters
      .filter(({ peer, spread }) => peer === "as" && spread !== undefined)
      .map(({ filter }) =>
        atMost(
          result,
          "operators of the slowest of 1,000 requests over the median",
          filter,
          3,
          ({ spread }) =>
            spread === undefined ? undefined : spread.median === 0 ? 1 : spread.p999 / spread.median,
        ),
      ),
  ];
}
