/** The same small request again and again through a filter with state in a real Envoy, as fast as it goes. */
import { connect } from "node:net";
import { Envoy } from "../../src/envoy/index.js";
import { compileFilter } from "../support/compile.js";
import { anonymousMemory } from "./memory.js";
import type { Slope } from "./slope.js";
import { slopeOf } from "./slope.js";

export interface SteadySoak {
  readonly requests: number;
  /** Memory of the process that belongs to no file, in MiB. */
  readonly memory: Slope;
}

/** Requests that are sent in one piece; HTTP/1.1 answers them in order. */
const BATCH = 200;
const batch = Buffer.from("GET /steady HTTP/1.1\r\nhost: example.test\r\n\r\n".repeat(BATCH));

/** Sends `batches` batches on one connection; throws when an answer is not a marked 200. */
function send(port: number, batches: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let left = batches;
    let rest = "";
    let answered = 0;
    const next = (): void => {
      if (left-- > 0) socket.write(batch);
      else {
        socket.destroy();
        resolve();
      }
    };
    socket.on("connect", next).on("error", reject);
    socket.on("close", () => reject(new Error("Envoy has closed the connection"))); // nothing after `resolve`
    socket.setEncoding("latin1").on("data", (text: string) => {
      const answers = (rest + text).split("\r\n\r\nok\n");
      rest = answers.pop()!;
      for (const answer of answers)
        if (!answer.startsWith("HTTP/1.1 200 OK") || !answer.includes("x-wasm: steady"))
          reject(new Error(`a wrong answer: ${answer}`));
      answered += answers.length;
      if (answered < BATCH) return;
      answered -= BATCH;
      next();
    });
  });
}

/** Sends `requests` requests over four connections at a time, and samples the memory forty times. */
export async function soakSteadily(
  envoyPath: string,
  requests: number,
  report: (line: string) => void,
): Promise<SteadySoak> {
  const wasm = await compileFilter("bench/filters/as/hdr-state.ts");
  const envoy = await Envoy.start({ envoy: envoyPath, filters: [{ wasm, configuration: "steady" }] });
  try {
    const batches = Math.max(1, Math.round(requests / BATCH / 40 / 4));
    const samples: { at: number; value: number }[] = [];
    for (let i = 1; i <= 40; i++) {
      await Promise.all([1, 2, 3, 4].map(() => send(envoy.port, batches)));
      samples.push({ at: i * batches * 4 * BATCH, value: anonymousMemory(envoy.pid) });
      report(`${samples.at(-1)!.at} requests: ${samples.at(-1)!.value.toFixed(2)} MiB`);
    }
    return { requests: samples.at(-1)!.at, memory: slopeOf(samples.slice(8)) };
  } finally {
    await envoy.stop();
  }
}
