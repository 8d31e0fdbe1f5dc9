/**
 * An Envoy process on this machine.
 *
 * @module
 */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { BootstrapOptions } from "./bootstrap.js";
import { bootstrap } from "./bootstrap.js";

export interface EnvoyOptions extends BootstrapOptions {
  /** The Envoy to start: the `path` that `findEnvoy` answers. Without one, `start` throws. */
  readonly envoy: string | undefined;
  /** Worker threads; each has VMs of its own. 1 unless given. */
  readonly concurrency?: number;
  /** The level of the `wasm` log; "trace" logs each call between host and module. "info" unless given. */
  readonly wasmLogLevel?: "trace" | "debug" | "info" | "warning" | "error" | "critical";
  /** Is given each piece of the log as it comes. */
  readonly onLog?: (text: string) => void;
}

/** Envoy refused its configuration or died before it served. */
export class EnvoyStartError extends Error {
  override readonly name = "EnvoyStartError";

  constructor(
    readonly exitCode: number | null,
    readonly log: string,
  ) {
    super(`Envoy did not start (exit code ${exitCode}):\n${lastLines(log, 20)}`);
  }
}

function lastLines(text: string, count: number): string {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}

/** A line that a module wrote. */
export interface WasmLog {
  readonly level: string;
  /** Plugin name, root id and VM id, those that there are; a plugin's own context has no name. */
  readonly from: string;
  readonly message: string;
}

/** The running processes, which end with this one. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
/** Node ends without an "exit" event on these, unless somebody listens. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const leave = (signal: NodeJS.Signals): never => process.exit(128 + constants.signals[signal]);

function keep(child: ChildProcess): void {
  if (running.size === 0) for (const signal of signals) process.once(signal, leave);
  running.add(child);
}

function forget(child: ChildProcess): void {
  running.delete(child);
  if (running.size === 0) for (const signal of signals) process.off(signal, leave);
}

/** A running Envoy. */
export class Envoy {
  /** Everything that Envoy has logged. */
  log = "";
  private stopping = false;

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    /** The port of the listener. */
    readonly port: number,
    /** The port of the network filters' listener; 0 when there are none. */
    readonly tcpPort: number,
    private readonly adminAddress: string,
    /** Settles when the process has ended: with its exit code, or the signal that killed it. */
    readonly ended: Promise<number | NodeJS.Signals>,
  ) {}

  /** Starts an Envoy and waits until it serves; throws `EnvoyStartError` when it does not. */
  static async start(options: EnvoyOptions): Promise<Envoy> {
    if (options.envoy === undefined) throw new EnvoyStartError(null, "no Envoy was found: see `reason`");
    const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-envoy-"));
    const configFile = join(folder, "envoy.json");
    const addressFile = join(folder, "admin");
    writeFileSync(configFile, JSON.stringify(bootstrap(options), null, 2));
    const child = spawn(
      options.envoy,
      [
        ...["-c", configFile, "--admin-address-path", addressFile, "--disable-hot-restart"],
        ...[
          "--concurrency",
          String(options.concurrency ?? 1),
          "--drain-time-s",
          "1",
          "--file-flush-interval-msec",
          "20",
        ],
        ...["-l", "warning", "--component-log-level", `wasm:${options.wasmLogLevel ?? "info"},main:error`],
        ...["--log-format", "[%l][%n] %v"],
      ],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    keep(child);
    const ended = new Promise<number | NodeJS.Signals>((resolve) =>
      child.once("close", (code, signal) => resolve(code ?? signal!)),
    );
    let log = "";
    let receive = (text: string): void => void (log += text);
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      receive(text);
      options.onLog?.(text);
    });
    child.once("error", (error) => receive(String(error)));

    const deadline = Date.now() + 60_000;
    while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
      const ready = await ports(addressFile).catch(() => undefined);
      if (ready !== undefined) {
        const envoy = new Envoy(child, folder, ready.http, ready.tcp, ready.admin, ended);
        envoy.log = log;
        receive = (text) => void (envoy.log += text);
        return envoy;
      }
      await sleep(20);
    }
    child.kill("SIGKILL");
    await ended;
    forget(child);
    rmSync(folder, { recursive: true, force: true });
    throw new EnvoyStartError(child.exitCode, log);
  }

  /** The number of the process. */
  get pid(): number {
    return this.child.pid!;
  }

  /** Tells whether the process is still there. */
  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Tells whether the process has ended by itself. */
  get hasDied(): boolean {
    return !this.isAlive && !this.stopping;
  }

  /** The messages that modules have logged. */
  get wasmLogs(): WasmLog[] {
    const logs: WasmLog[] = [];
    // A message may have several lines: it ends where the next entry begins.
    for (const entry of this.log.split(/\n(?=\[[a-z]+\]\[[a-z_0-9]+\] )/)) {
      const parts = /^\[([a-z]+)\]\[wasm\] wasm log ?([^:]*): ([^]*?)\n?$/.exec(entry);
      if (parts !== null) logs.push({ level: parts[1]!, from: parts[2]!.trim(), message: parts[3]! });
    }
    return logs;
  }

  /** Asks Envoy's admin interface. */
  async admin(path: string): Promise<string> {
    return (await fetch(`http://${this.adminAddress}${path}`)).text();
  }

  /** A statistic; undefined when Envoy has none of this name. */
  async stat(name: string): Promise<number | undefined> {
    const text = await this.admin(`/stats?filter=${encodeURIComponent(`^${name.replaceAll(".", "\\.")}$`)}`);
    const value = /: (\d+)/.exec(text)?.[1];
    return value === undefined ? undefined : Number(value);
  }

  /** Waits until `condition` holds of the log; throws with the log's end when it does not within five seconds. */
  async waitForLog(condition: (log: string) => boolean): Promise<void> {
    for (const deadline = Date.now() + 5000; !condition(this.log);) {
      if (Date.now() > deadline) throw new Error(`not in Envoy's log:\n${lastLines(this.log, 40)}`);
      await sleep(10);
    }
  }

  /** The end of the log. */
  lastLog(lines = 40): string {
    return lastLines(this.log, lines);
  }

  /** Ends the process and waits until it has; answers its exit code, or the signal that killed it. */
  async stop(): Promise<number | NodeJS.Signals> {
    this.stopping ||= this.isAlive;
    this.child.kill("SIGTERM");
    const patience = setTimeout(() => this.child.kill("SIGKILL"), 10_000);
    const exit = await this.ended;
    clearTimeout(patience);
    forget(this.child);
    rmSync(this.folder, { recursive: true, force: true });
    return exit;
  }
}

interface Listeners {
  readonly listener_statuses: {
    readonly name: string;
    readonly local_address: { readonly socket_address: { readonly port_value: number } };
  }[];
}

/** The ports that a starting Envoy listens on; throws while it does not serve yet. */
async function ports(addressFile: string): Promise<{ admin: string; http: number; tcp: number }> {
  const admin = readFileSync(addressFile, "utf8").trim();
  if (!(await fetch(`http://${admin}/ready`)).ok) throw new Error("not ready");
  const text = await (await fetch(`http://${admin}/listeners?format=json`)).text();
  const { listener_statuses: listeners } = JSON.parse(text) as Listeners;
  const port = (name: string): number =>
    listeners.find((listener) => listener.name === name)?.local_address.socket_address.port_value ?? 0;
  return { admin, http: port("http"), tcp: port("tcp") };
}
