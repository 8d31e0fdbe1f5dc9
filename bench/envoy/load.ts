/**
 * What depends on the clock or on the system: processor time until Envoy is ready, memory, and processor time per request.
 * Fresh processes, one peer after the other in each round. Only what differs by more than the spread between two equal
 * ones (A/A) means anything.
 *
 * @module
 */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bootstrap } from "../../src/envoy/index.js";
import { bootstrap } from "../../src/envoy/index.js";

/** What is loaded. */
export interface Candidate {
  readonly name: string;
  /** Its module; undefined for an Envoy without a filter. */
  readonly wasm: string | undefined;
  readonly copies?: number;
  /** Puts something else into Envoy's configuration. */
  readonly adapt?: (config: Bootstrap) => void;
  /** Whether there is a goal for its start: it is started more often, as few starts are too noisy to tell. */
  readonly startsOften?: boolean;
}

/** The medians of the rounds, and how far apart the rounds were. */
export interface LoadResult {
  readonly name: string;
  /** Milliseconds of processor time until Envoy was ready and idle. */
  readonly cpuToReady: Range;
  /** Memory that belongs to no file, in MiB, when it was ready and after the requests. */
  readonly memoryAtReady: Range;
  readonly memoryAfter: Range;
  /** Microseconds of the worker's processor time per request. */
  readonly cpuPerRequest: Range;
}

export interface Range {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** How often each is started and loaded. */
export const ROUNDS = 5;
/** How often those are started, loaded or not, whose start has a goal. */
export const STARTS = 20;

export interface LoadOptions {
  readonly envoy: string;
  /** Requests in each round, over eight connections. */
  readonly requests: number;
  readonly report: (line: string) => void;
}

interface Round {
  cpuToReady: number;
  memoryAtReady: number;
  memoryAfter: number;
  cpuPerRequest: number;
}

const anonymousMemory = (pid: number): number =>
  Number(/^Anonymous:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))![1]) / 1024;

/** Milliseconds that the thread, or all of the process's threads, have run. */
export function runningTime(pid: number, thread?: string): number {
  const folder = `/proc/${pid}/task`;
  const threads = thread === undefined ? readdirSync(folder) : [thread];
  const times = threads.map((id) =>
    Number(readFileSync(join(folder, id, "schedstat"), "utf8").split(" ")[0]),
  );
  return times.reduce((sum, time) => sum + time, 0) / 1e6;
}

/** The thread that serves requests. */
export function workerOf(pid: number): string {
  const folder = `/proc/${pid}/task`;
  const worker = readdirSync(folder).find((id) =>
    readFileSync(join(folder, id, "comm"), "utf8").startsWith("wrk:worker_0"),
  );
  if (worker === undefined) throw new Error("Envoy has no worker thread");
  return worker;
}

async function listeningPort(addressFile: string, child: ChildProcess): Promise<number> {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline && child.exitCode === null;) {
    try {
      const admin = readFileSync(addressFile, "utf8").trim();
      if ((await fetch(`http://${admin}/ready`)).ok) {
        const listeners = await (await fetch(`http://${admin}/listeners`)).text();
        return Number(/:(\d+)\s*$/m.exec(listeners)![1]);
      }
    } catch {
      // not yet
    }
    await sleep(20);
  }
  throw new Error("Envoy did not start");
}

async function send(port: number, requests: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  let left = requests;
  const client = async (): Promise<void> => {
    while (left-- > 0)
      await new Promise<void>((resolve, reject) => {
        get({ host: "127.0.0.1", port, path: "/api/v1/items?id=42", agent }, (response) => {
          if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`));
          response.resume().on("end", resolve);
        }).on("error", reject);
      });
  };
  await Promise.all(Array.from({ length: 8 }, client));
  agent.destroy();
}

/** Starts an Envoy, does `use` with it once it is idle, and ends it. */
export async function withEnvoy<T>(
  { wasm, copies = 1, adapt }: Candidate,
  { envoy }: Pick<LoadOptions, "envoy">,
  folder: string,
  use: (pid: number, port: number) => T | Promise<T>,
): Promise<T> {
  const plugin = { wasm: wasm!, name: "bench", rootId: "bench", configuration: "1" };
  const config = bootstrap({ filters: wasm === undefined ? [] : Array(copies).fill(plugin) });
  adapt?.(config);
  const addressFile = join(folder, "admin");
  rmSync(addressFile, { force: true });
  writeFileSync(join(folder, "envoy.json"), JSON.stringify(config));
  const files = ["-c", join(folder, "envoy.json"), "--admin-address-path", addressFile];
  const child = spawn(envoy, [...files, "--concurrency", "1", "--disable-hot-restart", "-l", "error"], {
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  try {
    const port = await listeningPort(addressFile, child);
    await sleep(1500); // V8's threads finish what they do in the background
    return await use(child.pid!, port);
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}

async function loadRound(pid: number, port: number, requests: number): Promise<Round> {
  const cpuToReady = runningTime(pid);
  const memoryAtReady = anonymousMemory(pid);
  await send(port, Math.ceil(requests / 10)); // warms up
  const worker = workerOf(pid);
  const before = runningTime(pid, worker);
  await send(port, requests);
  const cpuPerRequest = ((runningTime(pid, worker) - before) * 1000) / requests;
  return { cpuToReady, memoryAtReady, memoryAfter: anonymousMemory(pid), cpuPerRequest };
}

export function rangeOf(values: readonly number[]): Range {
  const sorted = values.toSorted((a, b) => a - b);
  const rounded = (value: number): number => Math.round(value * 100) / 100;
  return {
    median: rounded(sorted[sorted.length >> 1]!),
    min: rounded(sorted[0]!),
    max: rounded(sorted.at(-1)),
  };
}

/** Whether the system tells what is needed; otherwise why not. */
export const missingLoad = process.platform === "linux" ? undefined : "processes are measured on Linux only";

/** Measures the candidates, each once in a round. */
export async function measureLoad(
  candidates: readonly Candidate[],
  options: LoadOptions,
): Promise<LoadResult[]> {
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-load-"));
  const rounds = candidates.map((): Round[] => []);
  const starts = candidates.map((): number[] => []);
  try {
    for (let i = 0; i < ROUNDS; i++) {
      options.report(`loading, round ${i + 1} of ${ROUNDS}`);
      for (const [index, candidate] of candidates.entries()) {
        const measure = (pid: number, port: number): Promise<Round> => loadRound(pid, port, options.requests);
        const round = await withEnvoy(candidate, options, folder, measure);
        rounds[index]!.push(round);
        starts[index]!.push(round.cpuToReady);
      }
    }
    for (let i = ROUNDS; i < STARTS; i++) {
      options.report(`starting, ${i + 1} of ${STARTS} times`);
      for (const [index, candidate] of candidates.entries())
        if (candidate.startsOften === true)
          starts[index]!.push(await withEnvoy(candidate, options, folder, (pid) => runningTime(pid)));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return candidates.map(({ name }, index) => {
    const of = (key: keyof Round): Range => rangeOf(rounds[index]!.map((each) => each[key]));
    return {
      name,
      cpuToReady: rangeOf(starts[index]!),
      memoryAtReady: of("memoryAtReady"),
      memoryAfter: of("memoryAfter"),
      cpuPerRequest: of("cpuPerRequest"),
    };
  });
}
