/** Drives many streams of a module at once: answers come in random order, and some streams end while they wait. */
import type { FlowHost, HostStream } from "./host.js";

export interface DriveOptions {
  readonly streams: number;
  readonly atOnce: number;
  readonly seed: number;
  /** At one step of so many, a waiting stream ends. */
  readonly dropOneIn?: number;
  readonly headers: (n: number) => Record<string, string>;
  /** The body that a call for `path` is answered with; the path's last part unless given. */
  readonly answer?: (path: string) => string;
  /** Is called when a stream's flow has ended. */
  readonly check: (n: number, stream: HostStream) => void;
}

export interface DriveOutcome {
  right: number;
  dropped: number;
  /** Pages of memory after the first half, and at the end. */
  pages: [number, number];
}

/** Numbers from 0 to below 1 (mulberry32). */
export function randomNumbers(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function drive(host: FlowHost, options: DriveOptions): DriveOutcome {
  const random = randomNumbers(options.seed);
  const outcome: DriveOutcome = { right: 0, dropped: 0, pages: [0, 0] };
  const answer = options.answer ?? ((path) => path.slice(path.lastIndexOf("/") + 1));
  const running = new Map<HostStream, { n: number; responded: boolean }>();
  let started = 0;
  const finish = (stream: HostStream): void => {
    const state = running.get(stream)!;
    options.check(state.n, stream);
    outcome.right++;
    running.delete(stream);
    host.end(stream);
  };
  while (started < options.streams || running.size > 0) {
    while (running.size < options.atOnce && started < options.streams) {
      const n = started++;
      running.set(host.begin(options.headers(n)), { n, responded: false });
      if (started === options.streams >> 1) outcome.pages[0] = host.pages;
    }
    if (options.dropOneIn !== undefined && random() < 1 / options.dropOneIn && running.size > 0) {
      const stream = [...running.keys()][Math.floor(random() * running.size)]!;
      running.delete(stream);
      host.end(stream);
      outcome.dropped++;
      continue;
    }
    for (const [stream, state] of running) {
      if (stream.reply !== undefined) finish(stream);
      else if (stream.passed && !state.responded) {
        state.responded = true;
        stream.passed = false;
        host.respond(stream);
        if (stream.response.has("x-out")) finish(stream);
      } else if (state.responded && stream.response.has("x-out")) finish(stream);
    }
    if (host.calls.length > 0 && random() < 0.9) {
      const call = host.calls[Math.floor(random() * host.calls.length)]!;
      host.settle(call, answer(call.path));
    } else if (!host.tick() && host.calls.length === 0 && running.size > 0) {
      const stuck = [...running].find(([stream]) => stream.reply === undefined && !stream.passed);
      if (stuck !== undefined) throw new Error(`stream ${stuck[1].n} waits for nothing: ${host.logs.at(-1)}`);
    }
  }
  outcome.pages[1] = host.pages;
  return outcome;
}
