/**
 * What a workload costs with a module.
 *
 * @module
 */
import type { Amount, Cost, Spread } from "../../src/count/cost.js";
import { costBetween, profile, spread } from "../../src/count/cost.js";
import { CountingHost } from "../../src/count/counting-host.js";
import type { Workload } from "../workloads.js";

const hostOf = (
  wasm: Uint8Array,
  workload: Workload,
  calls: boolean,
  perFunction = false,
): Promise<CountingHost> =>
  CountingHost.start({
    wasm,
    calls,
    perFunction,
    rootId: "bench",
    ...(workload.configuration !== undefined && { configuration: workload.configuration }),
    ...(workload.answers !== undefined && { answers: workload.answers }),
  });

/** The pages at the start, and the cost of a request while `open` others are open. */
export async function costOf(
  wasm: Uint8Array,
  workload: Workload,
  open: number,
  { requests, warmUp }: Amount,
): Promise<Cost & { readonly pagesAtStart: number }> {
  const host = await hostOf(wasm, workload, true);
  const pagesAtStart = host.pages;
  workload.check(host);
  for (let i = 0; i < open; i++) host.open(workload.request);
  for (let i = 0; i < warmUp; i++) host.request(workload.request);
  const before = host.work;
  for (let i = 0; i < requests; i++) host.request(workload.request);
  return { pagesAtStart, ...costBetween(before, host.work, requests, host.pages) };
}

/** Operators per request of each function that is executed, by its name in the module or its number; most first. */
export async function profileOf(
  wasm: Uint8Array,
  workload: Workload,
  requests: number,
): Promise<[name: string, operators: number][]> {
  const host = await hostOf(wasm, workload, false, true);
  workload.check(host);
  return profile(host, wasm, requests, () => host.request(workload.request));
}

/** The spread over `requests` requests while `open` others are open. */
export async function spreadOf(
  wasm: Uint8Array,
  workload: Workload,
  requests: number,
  open = 0,
): Promise<Spread> {
  const host = await hostOf(wasm, workload, false);
  workload.check(host);
  for (let i = 0; i < open; i++) host.open(workload.request);
  const counts = new Map<number, number>();
  let before = host.operators;
  for (let i = 0; i < requests; i++) {
    host.request(workload.request);
    const now = host.operators;
    counts.set(now - before, (counts.get(now - before) ?? 0) + 1);
    before = now;
  }
  return { ...spread(counts, requests), pages: host.pages };
}
