/** Requests by the thousand, some of them cut by their clients: the same against Envoy and against the host's server. */
import { createHash } from "node:crypto";
import { Agent, request } from "node:http";

export interface LoadOptions {
  readonly requests: number;
  readonly connections: number;
  /** The largest body; most are much smaller. */
  readonly largest: number;
}

interface Plan {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The client goes away: after so many bytes of the request, or, beyond its end, when the response begins. */
  readonly cutAfter: number | undefined;
}

/** Numbers from 0 to 1 that are the same in each run. */
function numbers(seed: number): () => number {
  return () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
}

/** What the body filter does to a request, by its headers. */
const edits: readonly Readonly<Record<string, string>>[] = [
  {},
  {},
  { "x-do": "append|>", "x-at": "requestEnd", "x-free": "1" },
  { "x-do": "prepend|<", "x-at": "requestEnd", "x-hold": "1", "x-free": "1" }, // the whole body is held
];

/** Every fifth request is cut, every tenth is answered by the filter. */
function planOf(index: number, largest: number): Plan {
  const next = numbers(index + 1);
  next();
  const isDenied = index % 10 === 3;
  const length = isDenied ? 0 : Math.floor(2 ** (next() * Math.log2(largest)));
  const body = Buffer.alloc(length, `${index} `);
  return {
    path: isDenied ? "/denied" : `/${index}`,
    headers: edits[Math.floor(next() * edits.length)]!,
    body,
    cutAfter: index % 5 === 4 ? Math.floor(next() * 1.5 * length) : undefined,
  };
}

const PIECE = 32_768;

/** Sends a request; answers status and body in short, or "cut". */
function send(port: number, agent: Agent, plan: Plan): Promise<string> {
  const { path, body, cutAfter } = plan;
  return new Promise((resolve) => {
    const outgoing = request({ port, host: "127.0.0.1", agent, method: "POST", path });
    for (const [name, value] of Object.entries(plan.headers)) outgoing.setHeader(name, value);
    outgoing.setHeader("content-length", body.length);
    const cut = (): void => {
      outgoing.destroy();
      resolve("cut");
    };
    outgoing.on("response", (response) => {
      if (cutAfter !== undefined) return cut();
      const hash = createHash("sha1");
      let length = 0;
      response.on("data", (chunk: Buffer) => {
        length += chunk.length;
        hash.update(chunk);
      });
      response.on("end", () => resolve(`${response.statusCode} ${length} ${hash.digest("hex")}`));
      response.on("error", (error) => resolve(`broken off: ${error.message}`));
    });
    outgoing.on("error", (error) => resolve(cutAfter === undefined ? `failed: ${error.message}` : "cut"));
    const end = Math.min(body.length, cutAfter ?? body.length);
    for (let at = 0; at < end; at += PIECE) outgoing.write(body.subarray(at, Math.min(at + PIECE, end)));
    if (end === body.length) outgoing.end();
    else setTimeout(cut, 2); // what was written goes out
  });
}

/** Sends all requests over so many connections at once; what came of each, in order. */
export async function load(port: number, options: LoadOptions): Promise<string[]> {
  const { requests, connections, largest } = options;
  const outcomes = new Array<string>(requests);
  let next = 0;
  const client = async (): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (next < requests) {
      const index = next++;
      outcomes[index] = await send(port, agent, planOf(index, largest));
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: connections }, client));
  return outcomes;
}
