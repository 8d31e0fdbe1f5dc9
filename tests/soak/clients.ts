/** Small requests over a few connections, one after the other on each, as fast as they are answered. */
import { connect } from "node:net";
import type { Envoy } from "../../src/envoy/index.js";
import { anonymousMemory } from "./memory.js";
import type { Sample } from "./slope.js";

/** What request number `i` is, and what is wrong with the answer to it: undefined when nothing is. */
export interface Traffic {
  request(i: number): string;
  wrong(i: number, answer: string): string | undefined;
}

const CONNECTIONS = 16;

/** Tells whether a whole response has come. */
function isWhole(answer: string): boolean {
  const end = answer.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(answer.slice(0, end + 2));
  return length !== null && answer.length >= end + 4 + Number(length[1]);
}

/** Sends the requests `from` to `to` on one connection; throws when an answer is wrong. */
function send(port: number, from: number, to: number, traffic: Traffic): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let i = from;
    let answer = "";
    const next = (): void => {
      if (i < to) socket.write(traffic.request(i), "latin1");
      else socket.end(resolve);
    };
    socket.on("connect", next).on("error", reject);
    socket.on("close", () => reject(new Error(`the connection ended at request ${i}: ${answer}`)));
    socket.setEncoding("latin1").on("data", (text: string) => {
      answer += text;
      if (!isWhole(answer)) return;
      const wrong = traffic.wrong(i++, answer);
      if (wrong !== undefined) reject(new Error(`${wrong}: ${answer}`));
      answer = "";
      next();
    });
  });
}

/** Sends `requests` requests over sixteen connections; samples the memory, in MiB, forty times. */
export async function sendAll(
  envoy: Envoy,
  requests: number,
  traffic: Traffic,
  report: (line: string) => void,
): Promise<Sample[]> {
  const each = Math.ceil(requests / 40 / CONNECTIONS);
  const samples: Sample[] = [];
  for (let sent = 0; samples.length < 40; sent += each * CONNECTIONS) {
    await Promise.all(
      Array.from({ length: CONNECTIONS }, (_, n) =>
        send(envoy.port, sent + n * each, sent + (n + 1) * each, traffic),
      ),
    );
    samples.push({ at: sent + each * CONNECTIONS, value: anonymousMemory(envoy.pid) });
    report(`${samples.at(-1).at} requests: ${samples.at(-1).value.toFixed(2)} MiB`);
  }
  return samples;
}
