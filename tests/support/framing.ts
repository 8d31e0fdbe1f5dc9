/** An Envoy between peers that count messages, with a filter that does to headers what requests say. */
import type { TestContext } from "node:test";
import type { Envoy } from "../../src/envoy/index.js";
import { compileFilter } from "./compile.js";
import type { Answer, CountingUpstream, Seen } from "./counting-peers.js";
import { SMUGGLED, exchange1, exchange2, startUpstream1, startUpstream2 } from "./counting-peers.js";
import { passTrailers, startEnvoy } from "./envoy.js";

export type Version = 1 | 2;

export interface Attack {
  /** Operations for the filter; see filters/framing/operations.ts. */
  readonly operations: readonly string[];
  /** They are for the flow. */
  readonly inFlow?: boolean;
  /** More headers of the client's. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly body?: "length" | "chunked" | "trailers";
  readonly answer?: Answer;
}

export interface Outcome {
  /** The statuses that the filter's calls answered. */
  readonly statuses: readonly number[];
  readonly seen: Seen;
  /** What is wrong; nothing should be. */
  readonly faults: readonly string[];
}

export class Framing {
  private constructor(
    private readonly envoy: Envoy,
    private readonly upstreams: Readonly<Record<Version, CountingUpstream>>,
    private readonly side: CountingUpstream,
  ) {}

  /** With other modules behind those of the operations. */
  static async start(t: TestContext, others: readonly string[] = []): Promise<Framing> {
    const wasm = await compileFilter("tests/envoy/filters/framing.ts");
    const flow = await compileFilter("tests/envoy/filters/framing-flow.ts");
    const side = await startUpstream1(t);
    const upstreams = { 1: await startUpstream1(t), 2: await startUpstream2(t) };
    const envoy = await startEnvoy(t, {
      filters: [wasm, flow, ...others].map((module) => ({ wasm: module, allowOnHeadersStopIteration: true })),
      upstream: upstreams[1].port,
      clusters: { grpc: upstreams[2].port, side: side.port },
      edit: (config) => {
        passTrailers(config);
        const [listener] = config.static_resources.listeners;
        const { route_config } = listener.filter_chains[0].filters[0].typed_config;
        route_config.virtual_hosts[0].routes.unshift({
          match: { prefix: "/", headers: [{ name: "x-up", string_match: { exact: "2" } }] },
          route: { cluster: "grpc" },
        });
      },
    });
    return new Framing(envoy, upstreams, side);
  }

  async attack(attack: Attack, down: Version, up: Version): Promise<Outcome> {
    const { operations, body, answer = "length", method = body === undefined ? "GET" : "POST" } = attack;
    const { envoy, upstreams } = this;
    for (const { seen } of Object.values(upstreams)) seen.length = 0;
    const logs = envoy.wasmLogs.length;
    const headers = {
      "x-id": "one",
      "x-up": String(up),
      "x-answer": answer,
      ...(operations.length > 0 && {
        [attack.inFlow === true ? "x-flow" : "x-op"]: operations.join(";"),
      }),
      ...attack.headers,
    };
    const victim = { "x-id": "two", "x-up": String(up) };
    const seen =
      down === 1
        ? await exchange1(envoy.port, head(method, "/one", headers, body) + head("GET", "/two", victim), [
            method,
            "GET",
          ])
        : await exchange2(envoy.port, [
            {
              headers: { ":method": method, ":path": "/one", ":authority": "a", ...headers },
              ...(body !== undefined && { body: SMUGGLED }),
              trailers: body === "trailers",
            },
            { headers: { ":path": "/two", ":authority": "a", ...victim } },
          ]);
    const faults = faultsOf(seen, upstreams[up].seen);
    // Calls end by themselves, sooner or later.
    const calls = this.side.seen.splice(0).filter((id) => id !== "call");
    if (calls.length > 0) faults.push(`calls: ${calls.join()}`);
    for (const upstream of Object.values(upstreams)) upstream.drop();
    const statuses = envoy.wasmLogs.slice(logs).map(({ message }) => Number(message));
    return { statuses, seen, faults };
  }
}

/** A request over HTTP/1.1. */
function head(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: Attack["body"],
): string {
  const chunk = `\r\n${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n`;
  const rest = {
    none: "\r\n",
    length: `content-length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`,
    chunked: `transfer-encoding: chunked\r\n${chunk}\r\n`,
    trailers: `transfer-encoding: chunked\r\n${chunk}x-end: 1\r\n\r\n`,
  };
  const lines = Object.entries({ host: "a", ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}${rest[body ?? "none"]}`;
}

/** Messages too many or too few, and answers to other requests. */
function faultsOf({ responses, problem }: Seen, requests: readonly string[]): string[] {
  const faults = problem === undefined ? [] : [`client: ${problem}`];
  const answered = responses.map(({ to }) => to);
  // The first may be answered by Envoy itself; the second never is.
  if (answered.length !== 2 || !["", "one"].includes(answered[0]!) || answered[1] !== "two")
    faults.push(`client: answers to ${JSON.stringify(answered)}`);
  if (!["one,two", "two"].includes(requests.join())) faults.push(`upstream: requests ${requests.join()}`);
  return faults;
}
