/**
 * A request that is sent often, and what it costs.
 *
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { EnvoyCrash } from "../host/index.js";
import { costBetween, profile, shapeOf, spread } from "./cost.js";
import type { Cost, Shape, Spread } from "./cost.js";
import { CountingHost } from "./counting-host.js";
import type { CountingOptions, Request } from "./counting-options.js";
import { UncountedError } from "../wasm/instructions.js";

/** The result of a measurement; figures are per request. */
export interface Measured {
  readonly shape: Shape;
  readonly cost: Cost & { readonly pagesAtStart: number };
  /** Null where the operators could not be counted, with the reason. */
  readonly operators: Omit<Spread, "pages"> | null;
  readonly uncounted?: string;
  readonly microseconds: number;
  readonly functions: readonly (readonly [name: string, operators: number])[];
  /** The status of the response. */
  readonly status: number | null;
}

/** How much is measured. */
export interface MeasureOptions {
  /** How many requests are measured. */
  readonly requests: number;
  /** How many others stay open meanwhile. */
  readonly open: number;
  /** Tells whether functions are told apart. */
  readonly functions: boolean;
  /** The name of a function by its number; undefined for the one that the module has. */
  readonly nameOf: (index: number) => string | undefined;
}

/** A request did not come to its end: the filter holds it, waits for time to pass, or calls a cluster that is not there. */
export class RequestHangs extends Error {
  override readonly name = "RequestHangs";
}

/** Measures a request in a module. */
export async function measure(
  options: CountingOptions,
  request: Request,
  amount: MeasureOptions,
): Promise<Measured> {
  const { requests, open } = amount;
  const warmUp = Math.max(1, Math.ceil(requests / 10));
  let uncounted: string | undefined;
  const host = await CountingHost.start(options).catch(async (error: unknown) => {
    if (!(error instanceof UncountedError)) throw error;
    uncounted = error.message;
    return CountingHost.start({ ...options, operators: false });
  });
  const pagesAtStart = host.pages;
  const drive = driver(host, options, request);
  const status = drive();
  for (let i = 0; i < open; i++) host.open(request);
  await repeat(warmUp - 1, drive);
  const before = host.work;
  const counts = new Map<number, number>();
  let last = before.operators;
  await repeat(requests, () => {
    drive();
    const now = host.operators;
    counts.set(now - last, (counts.get(now - last) ?? 0) + 1);
    last = now;
  });
  const cost = { pagesAtStart, ...costBetween(before, host.work, requests, host.pages) };
  const functions =
    uncounted === undefined && amount.functions ? await byFunction(options, request, amount.nameOf) : [];
  return {
    shape: shapeOf(options.wasm),
    cost,
    operators: uncounted === undefined ? spread(counts, requests) : null,
    ...(uncounted !== undefined && { uncounted }),
    microseconds: await time(options, request, requests),
    functions,
    status,
  };
}

/** Does something often, and pauses meanwhile, so that Ctrl-C is heard and the terminal sees progress. */
async function repeat(times: number, body: () => unknown): Promise<void> {
  let paused = performance.now();
  for (let i = 0; i < times; i++) {
    body();
    if (performance.now() - paused < 50) continue;
    await sleep(0);
    paused = performance.now();
  }
}

/** How one request, or connection, is driven through a host; answers its status. */
export function driver(
  host: CountingHost,
  { place }: CountingOptions,
  request: Request,
): () => number | null {
  return () => {
    try {
      if (place !== "tcpFilter") return host.request(request).status;
      host.connection();
      return null;
    } catch (error) {
      if (error instanceof EnvoyCrash) throw error;
      throw new RequestHangs("The request has no end.", { cause: error });
    }
  };
}

async function byFunction(
  options: CountingOptions,
  request: Request,
  nameOf: MeasureOptions["nameOf"],
): Promise<[string, number][]> {
  const host = await CountingHost.start({ ...options, calls: false, perFunction: true });
  const drive = driver(host, options, request);
  drive();
  return profile(host, options.wasm, 100, drive, nameOf);
}

const ROUNDS = 5;

/** Microseconds of CPU for a request: the median of some rounds, after one that is not counted. */
async function time(options: CountingOptions, request: Request, requests: number): Promise<number> {
  const host = await CountingHost.start({ ...options, operators: false, calls: false });
  const drive = driver(host, options, request);
  const rounds: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    await sleep(0);
    const before = process.cpuUsage();
    for (let i = 0; i < requests; i++) drive();
    const { user, system } = process.cpuUsage(before);
    if (round > 0) rounds.push((user + system) / requests);
  }
  return Math.round(rounds.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]! * 10) / 10;
}
