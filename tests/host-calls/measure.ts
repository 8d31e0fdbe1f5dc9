/** Makes every host call from every callback in a real Envoy. */
import { connect } from "node:net";
import { startEcho } from "../../src/echo.js";
import type { EchoUpstream } from "../../src/echo.js";
import { Envoy } from "../../src/envoy/index.js";
import { passTrailers } from "../support/envoy.js";
import { compilePuppet } from "../parity/puppet.js";
import { request } from "../support/http.js";
import type { Callback, HostCall } from "./calls.js";
import { callbacks, hostCalls } from "./calls.js";
import { pass } from "../support/wait.js";

/** What came of a call: the host's status, or that Envoy died or hangs, or that the callback did not run. */
export type Cell = number | "crash" | "hang" | "none";

/** By row, then by column. */
export type Cells = Record<string, Record<string, Cell>>;

/** How long a callback may take to come, in milliseconds; one that has not come by then does not. */
const PATIENCE = 1500;
/** The same for one that is known to come: a busy machine takes longer. */
const LONG_PATIENCE = 20_000;

const all = [...hostCalls.values()].flat();

class Rig {
  private constructor(
    readonly envoy: Envoy,
    private readonly upstream: EchoUpstream,
  ) {}

  static async start(path: string, script = ""): Promise<Rig> {
    const upstream = await startEcho((_, response) => {
      response.writeHead(200, { "x-sent": "1", trailer: "x-sent" });
      response.addTrailers({ "x-sent": "1" });
      response.end("response");
    });
    const wasm = await compilePuppet();
    const plugin = { wasm, name: "script", configuration: `script|${script}` };
    try {
      const envoy = await Envoy.start({
        envoy: path,
        filters: [plugin],
        tcpFilters: [{ ...plugin, rootId: "tcp" }],
        upstream: upstream.port,
        clusters: { auth: upstream.port, dead: 1 },
        connectionManager: { delayed_close_timeout: "0.02s" },
        edit: passTrailers,
      });
      return new Rig(envoy, upstream);
    } catch (error) {
      await upstream.close();
      throw error;
    }
  }

  /** What became of Envoy; one that has not said all may hang. */
  async fate(hasSaidAll: boolean): Promise<Fate> {
    if (!this.envoy.isAlive) return "crash";
    if (hasSaidAll) return "lives";
    const { status } = await request(this.envoy.port, { cutAfter: 2000 });
    if (!this.envoy.isAlive) return "crash";
    return status === 0 ? "hang" : "lives";
  }

  async stop(): Promise<void> {
    await this.envoy.stop();
    await this.upstream.close();
  }

  /** What `calls` answered in a section, while a client does what `bytes` are the beginning of. */
  async said(
    section: string,
    calls: readonly HostCall[],
    port: number,
    bytes: string,
    patience: number,
    from = this.envoy.log.length,
  ): Promise<Map<string, number>> {
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    let isClosed = false;
    socket.on("close", () => (isClosed = true)).resume();
    // Half closed, a connection ends for HTTP; a TCP one goes on with what comes from the other side.
    if (port === this.envoy.tcpPort) socket.end(bytes);
    else socket.write(bytes);
    const isGrave = calls.some(({ needs }) => needs === "envoy");
    const wanted = new Set(calls.map(({ operation }) => operation));
    const results = new Map<string, number>();
    const deadline = Date.now() + patience;
    for (let ended = Infinity; this.envoy.isAlive && Date.now() < deadline;) {
      const lines = this.envoy.log.slice(from).matchAll(/wasm log[^:]*: (\S+) (.*?) = (\d+)/g);
      for (const [, where, operation, status] of lines)
        if (where === section && wanted.has(operation!) && !results.has(operation!))
          results.set(operation!, Number(status));
      // What Envoy dies of it does after the callback: the stream has to end, or a moment to pass.
      if (results.size === wanted.size) ended = Math.min(ended, Date.now());
      if (isClosed && !isGrave && Date.now() > ended + 20) break;
      if (Date.now() > ended + 250) break;
      await pass(5, "the log is read again and again");
    }
    socket.destroy();
    return results;
  }
}

/** What became of Envoy. */
type Fate = "lives" | "crash" | "hang";

/** A request with body and trailers, which has its script with it. */
function requestBytes(script: string): string {
  const head = `POST / HTTP/1.1\r\nhost: example.test\r\nconnection: close\r\nx-script: ${script}\r\n`;
  return `${head}te: trailers\r\ntransfer-encoding: chunked\r\n\r\n7\r\nrequest\r\n0\r\nx-sent: 1\r\n\r\n`;
}

const sectionName = (callback: Callback): string => callback.section.replace(/#.*/, "");

function scriptOf(callback: Callback, calls: readonly HostCall[]): string {
  const operations = calls.map(({ operation }) => operation).join(";");
  const own = `${callback.section}:${callback.first ?? ""}${operations}`;
  // Both in one section: the puppet runs them in order.
  return `${callback.before ?? ""}${own}`;
}

/** Which cells to measure. */
export interface Selection {
  /** What is known; cells that kill Envoy are then left out, as are those that need an Envoy each. */
  readonly known?: Cells;
  readonly progress?: (text: string) => void;
}

/** Measures the cells. Calls share a callback where they can, and else have a stream or an Envoy of their own. */
export async function measure(envoy: string, { known, progress }: Selection = {}): Promise<Cells> {
  const cells: Cells = Object.fromEntries(all.map(({ row }) => [row, {}]));
  const note = (
    callback: Callback,
    calls: readonly HostCall[],
    fate: Fate,
    said?: Map<string, number>,
  ): void => {
    for (const { row, operation } of calls)
      cells[row]![callback.name] = fate === "lives" ? (said?.get(operation) ?? "none") : fate;
  };
  const patienceOf = (callback: Callback, calls: readonly HostCall[]): number =>
    known !== undefined && calls.every(({ row }) => typeof known[row]![callback.name] === "number")
      ? LONG_PATIENCE
      : PATIENCE;
  let shared: Rig | undefined;
  const inStream = async (callback: Callback, calls: readonly HostCall[]): Promise<boolean> => {
    shared ??= await Rig.start(envoy);
    const rig = shared;
    const script = scriptOf(callback, calls);
    const said = await rig.said(
      sectionName(callback),
      calls,
      rig.envoy.port,
      requestBytes(script),
      patienceOf(callback, calls),
    );
    const fate = await rig.fate(said.size === calls.length);
    note(callback, calls, fate, said);
    if (fate === "lives") return true;
    shared = undefined;
    await rig.stop();
    return false;
  };
  const inEnvoy = async (callback: Callback, calls: readonly HostCall[]): Promise<boolean> => {
    let rig: Rig | undefined;
    let said: Map<string, number> | undefined;
    try {
      const own = (rig = await Rig.start(envoy, scriptOf(callback, calls)));
      const { port, tcpPort } = own.envoy;
      // What plugins do begins before anyone can listen: the whole log counts.
      said = await own.said(
        sectionName(callback),
        calls,
        callback.kind === "connection" ? tcpPort : port,
        requestBytes(""),
        patienceOf(callback, calls),
        0,
      );
    } catch {
      // It did not start.
    }
    const fate = rig === undefined ? "crash" : await rig.fate(said?.size === calls.length);
    note(callback, calls, fate, said);
    await rig?.stop();
    return fate === "lives";
  };
  /** Calls that Envoy dies of are found by halving. */
  const inParts = async (callback: Callback, calls: readonly HostCall[]): Promise<void> => {
    const run = callback.kind === "stream" ? inStream : inEnvoy;
    if ((await run(callback, calls)) || calls.length === 1) return;
    const half = calls.length >> 1;
    await inParts(callback, calls.slice(0, half));
    await inParts(callback, calls.slice(half));
  };
  try {
    for (const callback of callbacks) {
      const calls = all.filter(({ row, needs }) => {
        if (known === undefined) return true;
        if (needs === "envoy" && callback.kind !== "stream") return false;
        return !["crash", "hang"].includes(known[row]![callback.name] as string);
      });
      if (callback.kind === "stream") {
        await inParts(
          callback,
          calls.filter(({ needs }) => needs === undefined),
        );
        const apart = calls.filter(({ needs }) => needs !== undefined);
        if (known !== undefined) await Promise.all(apart.map((call) => inStream(callback, [call])));
        else for (const call of apart) await inStream(callback, [call]);
      } else {
        const together = calls.filter(({ needs }) => needs !== "envoy");
        await inParts(callback, together);
        for (const call of calls) if (call.needs === "envoy") await inEnvoy(callback, [call]);
      }
      progress?.(callback.name);
    }
  } finally {
    await shared?.stop();
  }
  return cells;
}
