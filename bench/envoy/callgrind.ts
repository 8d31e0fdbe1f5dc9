/**
 * Instructions that a real Envoy's worker thread executes for a request, V8's machine code included, counted by
 * valgrind's callgrind. Nothing else on the machine changes them; two runs differ by about 0.1 %.
 *
 * @module
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bootstrap } from "../../src/envoy/index.js";
import { bootstrap, cluster } from "../../src/envoy/index.js";
import type { Request } from "../../src/count/index.js";

/** A listener of the measured Envoy. */
export interface Cell {
  readonly name: string;
  /** How many copies of the filter are in the chain. */
  readonly copies: number;
  /** A module, or Envoy's own way of doing the same. */
  readonly filter: { readonly wasm: string; readonly configuration?: string } | "none" | "native" | "lua";
  /** The value of `x-wasm` that one copy adds; undefined when it adds none. */
  readonly adds?: string;
  /** Whether it answers 403 to `/denied`. */
  readonly denies?: boolean;
  /** What is sent, if it is more than a GET. */
  readonly request?: Request;
  /** Requests go to a cluster of this name instead of being answered by Envoy. */
  readonly upstream?: string;
  /** Requests per round through one copy, when they are dearer than others. */
  readonly requests?: number;
  /** Throws when an answer is not what the filter should make of it; `log` is what Envoy has logged lately. */
  readonly verify?: (answer: Answer, log: string) => void;
}

/** What came of a request. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

export interface CellResult {
  readonly name: string;
  readonly copies: number;
  /** Instructions per request, by round. */
  readonly rounds: number[];
}

const TYPE = "type.googleapis.com/envoy.extensions.filters.http";

const lua = `function envoy_on_request(h)
  if h:headers():get(":path") == "/denied" then h:respond({[":status"] = "403"}, "") end
end
function envoy_on_response(h) h:headers():add("x-wasm", "1") end`;

const append = { header: { key: "x-wasm", value: "1" }, append_action: "APPEND_IF_EXISTS_OR_ADD" };

/** The filters of Envoy itself. */
export const builtIn = {
  native: {
    "@type": `${TYPE}.header_mutation.v3.HeaderMutation`,
    mutations: { response_mutations: [{ append }] },
  },
  lua: { "@type": `${TYPE}.lua.v3.Lua`, default_source_code: { inline_string: lua } },
};

function listenerOf(cell: Cell, index: number): unknown {
  const { filter, copies, name } = cell;
  const modules =
    typeof filter === "string"
      ? []
      : Array.from({ length: copies }, () => ({
          ...filter,
          name: "bench",
          rootId: "bench",
          vmId: filter.wasm,
        }));
  const config: Bootstrap = bootstrap({
    filters: modules,
    connectionManager: { stat_prefix: name, generate_request_id: false },
  });
  const connectionManager = config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
  const route = connectionManager.route_config.virtual_hosts[0].routes[0];
  if (cell.upstream !== undefined) {
    delete route.direct_response;
    route.route = { cluster: cell.upstream };
  }
  const listener = config.static_resources.listeners[0];
  listener.name = `cell-${index}`;
  const chain = connectionManager.http_filters as unknown[];
  if (filter === "native" || filter === "lua")
    chain.unshift(
      ...Array.from({ length: copies }, (_, i) => ({ name: `f${i}`, typed_config: builtIn[filter] })),
    );
  return listener;
}

/** Sends one request at a time on one connection. */
class Client {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(
    private readonly port: number,
    private readonly sent: Request = {},
  ) {}

  send(path: string, { method = "GET", headers = [], body = [] } = this.sent): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const length = body.reduce((sum, chunk) => sum + chunk.length, 0);
      const options = {
        ...{ host: "127.0.0.1", port: this.port, path, agent: this.agent, method },
        headers: { ...Object.fromEntries(headers), ...(length > 0 && { "content-length": length }) },
      };
      const outgoing = request(options, (response) => {
        const { statusCode, headers: received } = response;
        response.resume().on("end", () => resolve({ status: statusCode!, headers: received }));
      }).on("error", reject);
      for (const chunk of body) outgoing.write(chunk);
      outgoing.end();
    });
  }

  async load(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await this.send("/api/v1/items?id=42");
  }

  close(): void {
    this.agent.destroy();
  }
}

/** A filter that failed to load looks faster than none. */
async function check(cell: Cell, client: Client, log: () => string): Promise<void> {
  // A service that is asked may take too long while Envoy compiles what asks it.
  let answer = await client.send("/x");
  for (let i = 0; i < 5 && answer.status !== 200; i++) answer = await client.send("/x");
  const added = String(answer.headers["x-wasm"]);
  const expected = cell.adds === undefined ? "undefined" : Array(cell.copies).fill(cell.adds).join(", ");
  if (answer.status !== 200 || added !== expected)
    throw new Error(`${cell.name}: ${answer.status}, x-wasm: ${added}`);
  cell.verify?.(answer, log());
  if (cell.denies !== true) return;
  const { status: refused } = await client.send("/denied");
  if (refused !== 403) throw new Error(`${cell.name} answers ${refused} to /denied`);
}

export interface Options {
  readonly envoy: string;
  readonly rounds: number;
  /** Requests per round through one copy. */
  readonly requests: number;
  /** Ports of clusters, by name. */
  readonly clusters?: Readonly<Record<string, number>>;
  readonly report: (line: string) => void;
}

/** Whether the machine has what it takes; otherwise why not. */
export function missingTools(): string | undefined {
  for (const tool of ["valgrind", "callgrind_control"]) {
    try {
      execFileSync("which", [tool], { stdio: "ignore" });
    } catch {
      return `${tool} is not installed (Debian: apt-get install valgrind)`;
    }
  }
  return undefined;
}

/** Measures the cells in one Envoy, which takes at most four modules: valgrind has no more room for V8. */
export async function measure(cells: readonly Cell[], options: Options): Promise<CellResult[]> {
  const modules = new Set(cells.flatMap(({ filter }) => (typeof filter === "string" ? [] : [filter.wasm])));
  if (modules.size > 4) throw new Error("at most four modules fit into one Envoy under valgrind");
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-callgrind-"));
  mkdirSync(join(folder, "out"));
  const addressFile = join(folder, "admin");
  const config = {
    admin: { address: { socket_address: { address: "127.0.0.1", port_value: 0 } } },
    static_resources: {
      listeners: cells.map(listenerOf),
      clusters: Object.entries(options.clusters ?? {}).map(([name, port]) => cluster(name, port)),
    },
  };
  writeFileSync(join(folder, "envoy.json"), JSON.stringify(config));
  const valgrind = ["--tool=callgrind", "--separate-threads=yes", "--instr-atstart=no"];
  const child = spawn(
    "valgrind",
    [
      ...[...valgrind, `--callgrind-out-file=${join(folder, "out", "cg")}`, options.envoy],
      ...["-c", join(folder, "envoy.json"), "--admin-address-path", addressFile, "--concurrency", "1"],
      ...["--disable-hot-restart", "-l", "warn", "--component-log-level", "wasm:info"],
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let log = "";
  child.stderr.on("data", (text: Buffer) => (log = (log + text.toString()).slice(-20_000)));
  const ended = new Promise((resolve) => child.once("close", resolve));
  const control = (...parameters: string[]): void => {
    execFileSync("callgrind_control", [...parameters, String(child.pid)], {
      stdio: "ignore",
      timeout: 120_000,
    });
  };
  const clients: Client[] = [];
  try {
    const began = Date.now();
    const ports = await waitForPorts(
      addressFile,
      () => child.exitCode !== null,
      () => log,
    );
    options.report(`Envoy under callgrind is ready after ${Math.round((Date.now() - began) / 1000)} s`);
    control("-i", "on");
    for (const [i, cell] of cells.entries()) {
      const client = new Client(ports.get(`cell-${i}`)!, cell.request);
      clients.push(client);
      await check(cell, client, () => log);
      await client.load(Math.min(200, cell.requests ?? 200));
    }
    const results: CellResult[] = cells.map(({ name, copies }) => ({ name, copies, rounds: [] }));
    for (let round = 0; round < options.rounds; round++)
      for (const [i, cell] of cells.entries()) {
        const requests = cell.requests ?? options.requests;
        const count = Math.ceil(Math.max(requests / 6, (requests * 2) / (cell.copies + 1)));
        await dump(join(folder, "out"), control);
        await clients[i]!.load(count);
        const each = Math.round((await dump(join(folder, "out"), control)) / count);
        results[i]!.rounds.push(each);
        options.report(`${cell.name} x ${cell.copies}: ${each}`);
      }
    return results;
  } finally {
    for (const client of clients) client.close();
    if (child.exitCode === null) child.kill("SIGTERM");
    const patience = setTimeout(() => child.kill("SIGKILL"), 30_000);
    await ended;
    clearTimeout(patience);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Takes a dump and answers the instructions of the thread that has most since the last one: the worker. */
async function dump(folder: string, control: (...parameters: string[]) => void): Promise<number> {
  control("-d");
  let names: string[] = [];
  for (let i = 0; i < 200; i++) {
    const now = readdirSync(folder);
    if (now.length > 0 && now.length === names.length) break;
    names = now;
    await sleep(150);
  }
  let most = 0;
  for (const name of names) {
    const summary = /^(?:summary|totals): (\d+)/m.exec(readFileSync(join(folder, name), "utf8"))?.[1];
    if (/-\d+$/.test(name)) most = Math.max(most, Number(summary ?? 0));
    rmSync(join(folder, name));
  }
  return most;
}

async function waitForPorts(
  addressFile: string,
  hasEnded: () => boolean,
  log: () => string,
): Promise<Map<string, number>> {
  for (const deadline = Date.now() + 400_000; Date.now() < deadline && !hasEnded();) {
    try {
      const admin = readFileSync(addressFile, "utf8").trim();
      if ((await fetch(`http://${admin}/ready`)).ok) {
        const response = await fetch(`http://${admin}/listeners?format=json`);
        const { listener_statuses: listeners } = (await response.json()) as {
          listener_statuses: { name: string; local_address: { socket_address: { port_value: number } } }[];
        };
        return new Map(listeners.map((each) => [each.name, each.local_address.socket_address.port_value]));
      }
    } catch {
      // not yet
    }
    await sleep(500);
  }
  throw new Error(`Envoy did not start under valgrind:\n${log()}`);
}
