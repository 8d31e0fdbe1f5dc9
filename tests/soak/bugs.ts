/** Requests of which each tenth has a bug, of all kinds and in several callbacks, in a real Envoy. */
import { Envoy } from "../../src/envoy/index.js";
import { bugKinds } from "../support/bugs.js";
import { freePort } from "../support/ports.js";
import { compileFilter } from "../support/compile.js";
import { sendAll } from "./clients.js";
import type { Slope } from "./slope.js";
import { slopeOf } from "./slope.js";

/** Those whose answer is 500; the others come when the client has it. */
const STAGES = ["onRequestHeaders", "respond", "onResponseHeaders", "timer", "answer", "onLog", "onDelete"];

export interface BugSoak {
  readonly requests: number;
  /** How many bugs the log has. */
  readonly bugs: number;
  /** Memory of the process that belongs to no file, in MiB. */
  readonly memory: Slope;
}

/** Sends `requests` requests; throws when one without a bug is not answered with 200, or one with a bug as it should be. */
export async function soakBugs(
  envoyPath: string,
  requests: number,
  report: (line: string) => void,
): Promise<BugSoak> {
  const wasm = await compileFilter("tests/envoy/filters/contain.ts");
  let bugs = 0;
  const envoy = await Envoy.start({
    envoy: envoyPath,
    filters: [{ wasm, name: "mine" }],
    clusters: { side: await freePort() },
    concurrency: 1,
    onLog: (text) => (bugs += text.split("abort: ").length - 1),
  });
  const stageOf = (i: number): string | undefined =>
    i % 10 === 0 ? STAGES[(i / 10) % STAGES.length] : undefined;
  try {
    const traffic = {
      request: (i: number) => {
        const stage = stageOf(i);
        const bug = stage === undefined ? "" : `x-bug: ${bugKinds[(i / 10) % bugKinds.length]}@${stage}\r\n`;
        return `GET /${i} HTTP/1.1\r\nhost: example.test\r\n${bug}\r\n`;
      },
      wrong: (i: number, answer: string) => {
        const stage = stageOf(i);
        const status = stage === undefined || /^on[LD]/.test(stage) ? 200 : 500;
        return answer.startsWith(`HTTP/1.1 ${status} `) ? undefined : `request ${i}, ${stage ?? "no bug"}`;
      },
    };
    const samples = await sendAll(envoy, requests, traffic, report);
    return { requests: samples.at(-1).at, bugs, memory: slopeOf(samples.slice(8)) };
  } finally {
    await envoy.stop();
  }
}
