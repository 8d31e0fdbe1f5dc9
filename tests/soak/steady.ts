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

const request = Buffer.from("GET /steady HTTP/1.1\r\nhost: example.test\r\n\r\n");
const CONNECTIONS = 16;

/** Sends `requests` requests on one connection, one after the other; throws when an answer is not a marked 200. */
function send(port: number, requests: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let left = requests;
    let answer = "";
    const next = (): void => {
      if (left-- > 0) socket.write(request);
      else socket.end(resolve);
    };
    socket.on("connect", next).on("error", reject);
    socket.setEncoding("latin1").on("data", (text: string) => {
      answer += text;
      if (!answer.endsWith("\r\n\r\nok\n")) return;
      if (!answer.startsWith("HTTP/1.1 200 OK") || !answer.includes("x-wasm: steady"))
        reject(new Error(`a wrong answer: ${answer}`));
      answer = "";
      next();
    });
  });
}

/** Sends `requests` requests over sixteen connections, and samples the memory forty times. */
export async function soakSteadily(
  envoyPath: string,
  requests: number,
  report: (line: string) => void,
): Promise<SteadySoak> {
  const wasm = await compileFilter("bench/filters/as/hdr-state.ts");
  const envoy = await Envoy.start({ envoy: envoyPath, filters: [{ wasm, configuration: "steady" }] });
  try {
    const each = Math.ceil(requests / 40 / CONNECTIONS);
    const samples: { at: number; value: number }[] = [];
    for (let i = 1; i <= 40; i++) {
      await Promise.all(Array.from({ length: CONNECTIONS }, () => send(envoy.port, each)));
      samples.push({ at: i * each * CONNECTIONS, value: anonymousMemory(envoy.pid) });
      report(`${samples.at(-1)!.at} requests: ${samples.at(-1)!.value.toFixed(2)} MiB`);
    }
    return { requests: samples.at(-1)!.at, memory: slopeOf(samples.slice(8)) };
  } finally {
    await envoy.stop();
  }
}
