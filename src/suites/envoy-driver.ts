/**
 * Runs suites in a real Envoy.
 *
 * @module
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Envoy } from "../envoy/index.js";
import { bugsIn } from "../host/index.js";
import type { Driver, Seen, Subject } from "./driver.js";
import { NotPossible } from "./driver.js";
import { PATH_HEADER, UPSTREAM, replaceListener, useListenerFile } from "./envoy-listener.js";
import { WireClient, WireUpstream } from "./envoy-wire.js";
import { freezeClock } from "./frozen-clock.js";
import type { HeaderList, SuiteTest } from "./model.js";
import { runTest } from "./stream-run.js";
import { readTrace } from "./trace.js";
import type { TraceEvent } from "./trace.js";
import type { Exchange, Incoming, Wire } from "./wire.js";

/** Headers that Envoy adds by itself. */
const ADDED = { request: ["x-forwarded-proto"], response: ["date", "server", "content-length"] };

/** How long the other end of Envoy may take, in milliseconds. */
const PATIENCE = 2000;

export interface EnvoyDriverOptions {
  /** The Envoy to start; see `findEnvoy` in `proxy-wasm-as/envoy`. */
  readonly envoy: string | undefined;
}

/**
 * A driver with one Envoy, in which each test gets a listener, and so a VM, of its own. docs/suites.md says where a real
 * host differs from the original tester.
 */
export class EnvoyDriver implements Driver {
  readonly name = "Envoy";
  private tests = 0;

  private constructor(
    private readonly envoy: Envoy,
    private readonly upstream: WireUpstream,
    private readonly folder: string,
  ) {}

  /** Starts an Envoy. Throws `EnvoyStartError` when it does not start. */
  static async start(options: EnvoyDriverOptions): Promise<EnvoyDriver> {
    const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-suites-"));
    const upstream = await WireUpstream.start();
    try {
      const envoy = await Envoy.start({
        envoy: options.envoy,
        wasmLogLevel: "trace",
        clusters: { [UPSTREAM]: upstream.port },
        edit: (config) => useListenerFile(config, folder),
      });
      return new EnvoyDriver(envoy, upstream, folder);
    } catch (error) {
      upstream.close();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async run(subject: Subject, test: SuiteTest): Promise<Seen> {
    if (test.properties.length > 0)
      throw new NotPossible(
        "properties cannot be made up in a real Envoy; run this test in the embedded host",
      );
    const version = ++this.tests;
    const vmId = `suite-vm-${version}`;
    const before = this.envoy.log.length;
    const wasm = await this.module(subject, version);
    const { name, port } = await replaceListener(this.envoy, this.folder, version, {
      wasm,
      vmId,
      rootId: subject.rootId ?? "",
      name: "suite",
      allowOnHeadersStopIteration: true,
      ...(subject.configuration !== undefined && { configuration: subject.configuration }),
    });
    this.upstream.exchange = undefined;
    const wire = new EnvoyWire(this.envoy, this.upstream, port, vmId, before);
    const seen = await runTest(wire, test, () => this.detailsOf(name));
    await sleep(10); // what the stream's end brings, as the module's log callback, comes a turn later
    return { ...seen, bugs: bugsIn(this.envoy.log.slice(before)) };
  }

  async close(): Promise<void> {
    await this.envoy.stop();
    this.upstream.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async module({ wasm, timeSecs }: Subject, version: number): Promise<string> {
    if (timeSecs === undefined) return wasm;
    const file = join(this.folder, `frozen-${version}.wasm`);
    writeFileSync(file, await freezeClock(wasm, timeSecs));
    return file;
  }

  /** The details of a local response, which Envoy tells in its access log. */
  private async detailsOf(name: string): Promise<string> {
    const file = join(this.folder, "access.log");
    for (const deadline = Date.now() + PATIENCE; Date.now() < deadline; await sleep(10)) {
      const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
      const line = lines.find((one) => one.startsWith(`${name} `));
      if (line !== undefined) return line.slice(name.length + 1);
    }
    return "(not in Envoy's access log)";
  }
}

/** One stream through Envoy. */
class EnvoyWire implements Wire {
  readonly added = ADDED;
  private client: WireClient | undefined;

  constructor(
    private readonly envoy: Envoy,
    private readonly upstream: WireUpstream,
    private readonly port: number,
    private readonly vmId: string,
    private readonly logStart: number,
  ) {}

  get response(): Incoming {
    return this.client!.response;
  }

  get exchange(): Exchange | undefined {
    return this.upstream.exchange;
  }

  async send(headers: HeaderList): Promise<void> {
    this.client = await WireClient.send(this.port, carryPath(headers));
  }

  write(bytes: Uint8Array, isLast: boolean): Promise<void> {
    return this.client!.write(bytes, isLast);
  }

  async settle(): Promise<void> {
    await this.client!.barrier();
    await this.upstream.exchange?.barrier();
    await this.client!.barrier();
    await sleep(1); // the log comes through a pipe, which Node reads within its next turn
  }

  async until(arrived: () => boolean): Promise<void> {
    for (const deadline = Date.now() + PATIENCE; !arrived() && Date.now() < deadline;) await sleep(2);
  }

  close(): void {
    this.client?.close();
  }

  events(): readonly TraceEvent[] {
    return readTrace(this.envoy.log.slice(this.logStart)).filter(
      (event) => event.kind !== "log" || event.from === "" || event.from.split(" ").includes(this.vmId),
    );
  }
}

/** A path that Envoy takes from a client: it refuses others than from "/" on, "#", spaces and control characters. */
const TAKEN = /^\/[!"$-~\u0080-\uffff]*$/;

/** The headers with a `:path` that Envoy accepts from a client. */
function carryPath(headers: HeaderList): HeaderList {
  const path = headers.find(([name]) => name === ":path")![1];
  if (TAKEN.test(path)) return headers;
  const others = headers.filter(([name]) => name !== ":path");
  return [[":path", "/"], ...others, [PATH_HEADER, `=${Buffer.from(path).toString("hex")}`]];
}
