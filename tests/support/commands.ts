/** Runs commands of `proxy-wasm-as` and waits for their ends. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after } from "node:test";
import { MessageChannel, type MessagePort, Worker, receiveMessageOnPort } from "node:worker_threads";
import { root } from "./paths.js";

/** The command's file. */
export const main = join(root, "dist", "cli", "main.js");

/** How a command has ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly input?: string;
  readonly timeout?: number;
}

/** Commands that end by themselves, read no input and leave nothing running. */
const plain = new Set([
  ...["new", "inspect", "schema", "stats-tags", "pack", "push", "pull", "check", "manifest", "bench"],
  ...["rn", "--version", "--help"],
]);

/** Tells whether a command may run in one process with others. CI gives each a process of its own, as users have it. */
function isPlain([name = "", ...more]: readonly string[], { input }: CommandOptions): boolean {
  if ((process.env["CI"] ?? "") !== "" || input !== undefined) return false;
  if (name === "test") return more.includes("--suite") && !more.includes("--coverage");
  return plain.has(name) || more.includes("--help");
}

/** The process that runs plain commands, one after the other. */
class Together {
  private readonly flag = new Int32Array(new SharedArrayBuffer(4));
  private readonly port: MessagePort;
  private readonly worker: Worker;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.worker = new Worker(new URL("command-worker.mjs", import.meta.url), {
      ...{ workerData: { flag: this.flag, port: port2 }, transferList: [port2], execArgv: [] },
    });
    this.worker.unref();
    this.port = port1;
  }

  run(parameters: readonly string[], { cwd, env, timeout = 120_000 }: CommandOptions): Ended {
    this.port.postMessage({ parameters, cwd, env });
    if (Atomics.wait(this.flag, 0, 0, timeout) === "timed-out")
      throw new Error(`proxy-wasm-as ${parameters.join(" ")} has not ended in time`);
    Atomics.store(this.flag, 0, 0);
    const answer = receiveMessageOnPort(this.port)!.message as Ended & { error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }

  /** Ends the process and waits for it, so that its time is counted. */
  async end(): Promise<void> {
    this.worker.ref();
    const ended = once(this.worker, "exit");
    this.port.postMessage("end");
    await ended;
  }
}

let together: Together | undefined;
after(() => together?.end());

/** Runs a command and waits for its end. */
export function runCommand(parameters: readonly string[], options: CommandOptions): Ended {
  if (isPlain(parameters, options)) return (together ??= new Together()).run(parameters, options);
  return spawnSync(process.execPath, [main, ...parameters], { ...options, encoding: "utf8" });
}
