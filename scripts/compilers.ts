/**
 * The compiler for tests and examples: in processes of its own, which stay warm. `npm test` has two for all test files
 * (`serveCompilers`); what runs by itself starts one.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { type Server, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CompileCache, type Compiled, type Reads } from "./compile-cache.js";

export type { Compiled } from "./compile-cache.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The answer of a compiler's process. */
interface Result extends Compiled {
  /** Absent when the compiler itself failed. */
  readonly reads?: Reads;
  /** Processor time. */
  readonly seconds: number;
  readonly memory: number;
}

/** A compiler that has taken more memory is ended, and the next one begins anew. */
const MEMORY = 2_500_000_000;

class Worker {
  isBusy = false;
  private process: ChildProcess | undefined;

  async run(parameters: readonly string[], folder: string): Promise<Result> {
    this.isBusy = true;
    this.process ??= this.start();
    const { process } = this;
    process.ref();
    process.channel!.ref();
    try {
      return await new Promise<Result>((resolve, reject) => {
        const onExit = (code: number | null): void => {
          this.process = undefined;
          reject(new Error(`the compiler's process ended (${code}) at ${parameters.join(" ")}`));
        };
        process.once("exit", onExit);
        process.once("message", (answer: Result) => {
          process.off("exit", onExit);
          if (answer.memory > MEMORY) {
            process.kill();
            this.process = undefined;
          }
          resolve(answer);
        });
        process.send({ parameters, folder });
      });
    } finally {
      process.unref();
      process.channel?.unref();
      this.isBusy = false;
    }
  }

  private start(): ChildProcess {
    const env = { ...process.env };
    delete env["NODE_OPTIONS"]; // which may hold a loader of TypeScript
    const file = fileURLToPath(new URL("compiler.mjs", import.meta.url));
    return fork(file, { cwd: root, env, execArgv: [], serialization: "advanced" });
  }
}

/** So many compilers, which work side by side; `cache` is the folder of their results. */
export class Compilers {
  readonly times: (readonly [seconds: number, what: string])[] = [];
  remembered = 0;
  private readonly cache: CompileCache;
  private readonly workers: Worker[];
  private readonly waiting: ((worker: Worker) => void)[] = [];
  /** The compilations that run, so that nothing is compiled twice at once. */
  private readonly running = new Map<string, Promise<Compiled>>();

  constructor(count: number, cache?: string) {
    this.workers = Array.from({ length: count }, () => new Worker());
    this.cache = new CompileCache(cache);
    this.cache.clean();
  }

  /** Compiles in `folder`, unless the result is known. */
  async run(parameters: readonly string[], folder = root): Promise<Compiled> {
    const key = JSON.stringify([folder, ...parameters]);
    const known = this.running.get(key) ?? this.cache.find(parameters, folder);
    if (known !== undefined) {
      this.remembered++;
      return known;
    }
    const result = this.compile(parameters, folder);
    this.running.set(key, result);
    try {
      return await result;
    } finally {
      this.running.delete(key);
    }
  }

  private async compile(parameters: readonly string[], folder: string): Promise<Compiled> {
    const free = this.workers.find(({ isBusy }) => !isBusy);
    const worker = free ?? (await new Promise<Worker>((resolve) => this.waiting.push(resolve)));
    try {
      const result = await worker.run(parameters, folder);
      this.times.push([result.seconds, parameters.join(" ")]);
      if (result.reads !== undefined) this.cache.keep(parameters, result.reads, result, folder);
      return result;
    } finally {
      // In a turn of its own: whoever waits is next, before anybody who comes now.
      const next = this.waiting.shift();
      if (next !== undefined) {
        worker.isBusy = true;
        next(worker);
      }
    }
  }
}

/** The variable that names where the shared compilers listen; tests/support/shared-compiler.mjs reads it as well. */
const SOCKET = "PROXY_WASM_TEST_COMPILERS";

export interface ServedCompilers {
  /** How much was compiled, in a sentence, and what took longest. */
  report(): string[];
  /** The processor time of each compilation, in seconds. */
  times(): Compilers["times"];
  end(): void;
}

/** Lets this process and those that it starts share `count` compilers. */
export async function serveCompilers(count: number): Promise<ServedCompilers> {
  const compilers = new Compilers(count);
  const server: Server = createServer((socket) => {
    let text = "";
    socket.setEncoding("utf8");
    socket.on("error", () => undefined);
    socket.on("data", (part: string) => {
      text += part;
      if (!text.endsWith("\n")) return;
      const { parameters, folder } = JSON.parse(text) as { parameters: string[]; folder?: string };
      compilers.run(parameters, folder).then(
        ({ message, warnings, files }) => {
          const coded = files.map(([name, contents]) => [name, contents.toString("base64")]);
          socket.end(JSON.stringify({ message, warnings, files: coded }));
        },
        (error: unknown) => socket.end(JSON.stringify({ message: String(error), files: [] })),
      );
    });
  });
  const path = join(tmpdir(), `proxy-wasm-as-${process.pid}.sock`);
  server.listen(path);
  await once(server, "listening");
  server.unref();
  process.env[SOCKET] = path;
  return {
    times: () => compilers.times,
    report() {
      const { times, remembered } = compilers;
      const sum = times.reduce((total, [seconds]) => total + seconds, 0);
      return [
        `The compiler ran ${times.length} times, ${sum.toFixed(0)} s of processor time; ${remembered} results were known.`,
        ...[...times]
          .sort(([a], [b]) => b - a)
          .slice(0, 10)
          .map(([seconds, what]) => `${seconds.toFixed(1).padStart(6)} s  ${what}`),
      ];
    },
    end() {
      delete process.env[SOCKET];
      server.close();
    },
  };
}

async function ask(path: string, parameters: readonly string[]): Promise<Compiled> {
  const socket = connect(path);
  socket.setEncoding("utf8");
  let text = "";
  socket.on("data", (part: string) => (text += part));
  socket.write(`${JSON.stringify({ parameters })}\n`);
  await once(socket, "end");
  const { message, warnings, files } = JSON.parse(text) as Omit<Compiled, "files"> & {
    files: [string, string][];
  };
  return {
    message,
    warnings,
    files: files.map(([name, contents]) => [name, Buffer.from(contents, "base64")]),
  };
}

let own: Compilers | undefined;

/** Runs the compiler with these parameters, unless what it would answer is known. Nothing is written. */
export async function runAsc(parameters: readonly string[]): Promise<Compiled> {
  const shared = process.env[SOCKET];
  if (shared !== undefined) return ask(shared, parameters);
  own ??= new Compilers(1);
  return own.run(parameters);
}

/** Writes a file that has not these contents yet; whoever reads it meanwhile has the one before, whole. */
export function writeNew(path: string, contents: Uint8Array): void {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, contents);
  renameSync(`${path}.${process.pid}`, path);
}
