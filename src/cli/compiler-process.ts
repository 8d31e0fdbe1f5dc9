/**
 * Runs the compiler, in processes of their own.
 *
 * @module
 */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { whenLeaving } from "./leave.js";
import type { Ended, Order } from "./staying-compiler.js";

/** How a build has ended; `status` is null where something has ended the compiler. */
export interface Compiled {
  readonly status: number | null;
  readonly messages: string;
}

/** A compiler that has taken more bytes is ended, and the next one begins anew. */
const MOST_MEMORY = 1_500_000_000;

const beside = (name: string): URL => new URL(name, import.meta.url);

/** The compilers that stay and have nothing to do; undefined while none stays. */
let idle: ChildProcess[] | undefined;

/** Has the compilers of all further builds stay for the next one, as long as this process runs: for what builds again and again. */
export function keepCompilers(): void {
  idle ??= [];
}

/** Runs a project's compiler with these parameters. `config` is the file that says how to build. */
export async function runCompiler(asc: string, config: string, order: Omit<Order, "asc">): Promise<Compiled> {
  const whole = { ...order, asc, parameters: ["--noColors", ...order.parameters] };
  const { status, messages } = await (idle !== undefined && !hasTransform(config)
    ? runStaying(whole)
    : runOnce(whole));
  return { status, messages: messages.trim() };
}

/** Tells whether a project has a transform of its own, which may change between builds: a process reads it once. */
function hasTransform(config: string): boolean {
  try {
    return readFileSync(config, "utf8").includes('"transform"');
  } catch {
    return true;
  }
}

function surroundings(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  delete env["VSCODE_INSPECTOR_OPTIONS"]; // nobody debugs the compiler
  return env;
}

async function runOnce({ asc, folder, parameters }: Order): Promise<Compiled> {
  const options = [
    // Without the first one asc would start itself again with it, and that process would outlive the one that is ended here.
    ...["--enable-source-maps", "--import", beside("quick-compiler.js").href],
    ...[asc, ...parameters],
  ];
  const child = spawn(process.execPath, options, {
    ...{ cwd: folder, env: surroundings(), stdio: ["ignore", "ignore", "pipe"] },
  });
  const forget = whenLeaving(() => child.kill("SIGKILL"));
  let messages = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (messages += text));
  const status = await new Promise<number | null>((done, fail) => {
    child.once("error", fail);
    child.once("close", done);
  });
  forget();
  return { status, messages };
}

async function runStaying(order: Order): Promise<Compiled> {
  const child = idle?.pop() ?? startStaying();
  hold(child);
  try {
    return await new Promise<Compiled>((done, fail) => {
      const ended = (): void => done({ status: null, messages: "The compiler has ended early." });
      child.once("error", fail);
      child.once("exit", ended);
      child.once("message", (answer: Ended) => {
        child.off("exit", ended);
        child.off("error", fail);
        if (answer.memory > MOST_MEMORY) child.kill("SIGKILL");
        else idle?.push(child);
        done(answer);
      });
      child.send(order);
    });
  } finally {
    letGo(child);
  }
}

function startStaying(): ChildProcess {
  const child = fork(fileURLToPath(beside("staying-compiler.js")), {
    ...{
      env: surroundings(),
      execArgv: ["--enable-source-maps"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    },
  });
  const forget = whenLeaving(() => child.kill("SIGKILL"));
  child.once("exit", () => {
    forget();
    // One that something else has ended builds no more.
    idle = idle?.filter((other) => other !== child);
  });
  return child;
}

/** This process waits for a compiler that works, and ends although one waits. */
function hold(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}

function letGo(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}
