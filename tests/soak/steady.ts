/** The same small request again and again through a filter with state in a real Envoy, as fast as it goes. */
import { Envoy } from "../../src/envoy/index.js";
import { compileFilter } from "../support/compile.js";
import { sendAll } from "./clients.js";
import type { Slope } from "./slope.js";
import { slopeOf } from "./slope.js";

export interface SteadySoak {
  readonly requests: number;
  /** Memory of the process that belongs to no file, in MiB. */
  readonly memory: Slope;
}

/** Sends `requests` requests; throws when an answer is not a marked 200. */
export async function soakSteadily(
  envoyPath: string,
  requests: number,
  report: (line: string) => void,
): Promise<SteadySoak> {
  const wasm = await compileFilter("bench/filters/as/hdr-state.ts");
  const envoy = await Envoy.start({ envoy: envoyPath, filters: [{ wasm, configuration: "steady" }] });
  try {
    const traffic = {
      request: () => "GET /steady HTTP/1.1\r\nhost: example.test\r\n\r\n",
      wrong: (_: number, answer: string) =>
        answer.startsWith("HTTP/1.1 200 OK") && answer.includes("x-wasm: steady")
          ? undefined
          : "a wrong answer",
    };
    const samples = await sendAll(envoy, requests, traffic, report);
    return { requests: samples.at(-1).at, memory: slopeOf(samples.slice(8)) };
  } finally {
    await envoy.stop();
  }
}
