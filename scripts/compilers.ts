/**
 * The compiler for tests and examples: in processes of its own, which stay warm. `npm test` has two for all test files
 * (`serveCompilers`); what runs by itself starts one.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { type Server, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

export interface Compiled {
  /** What the compiler says when it fails. */
  readonly message: string | undefined;
  /** The files that it would have written; empty unless they were asked for. */
  readonly files: readonly (readonly [name: string, contents: Buffer<ArrayBuffer>])[];
}

interface Job {
  readonly parameters: readonly string[];
  readonly inMemory: boolean;
}

/** A compiler that has taken more memory is ended, and the next one begins anew. */
const MEMORY = 2_500_000_000;

class Worker {
  isBusy = false;
  private process: ChildProcess | undefined;

  async run(job: Job): Promise<Compiled> {
    this.isBusy = true;
    this.process ??= this.start();
    const { process } = this;
    process.ref();
    process.channel!.ref();
    try {
      return await new Promise<Compiled>((resolve, reject) => {
        const onExit = (code: number | null): void => {
          this.process = undefined;
          reject(new Error(`the compiler's process ended (${code}) at ${job.parameters.join(" ")}`));
        };
        process.once("exit", onExit);
        process.once("message", (answer: Compiled & { memory: number }) => {
          process.off("exit", onExit);
          if (answer.memory > MEMORY) {
            process.kill();
            this.process = undefined;
          }
          resolve(answer);
        });
        process.send(job);
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

class Compilers {
  private readonly workers: Worker[];
  private readonly waiting: ((worker: Worker) => void)[] = [];

  constructor(count: number) {
    this.workers = Array.from({ length: count }, () => new Worker());
  }

  async run(job: Job): Promise<Compiled> {
    const free = this.workers.find(({ isBusy }) => !isBusy);
    const worker = free ?? (await new Promise<Worker>((resolve) => this.waiting.push(resolve)));
    try {
      return await worker.run(job);
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

const SOCKET = "PROXY_WASM_TEST_COMPILERS";

/** Lets this process and those that it starts share `count` compilers; call what it answers to end them. */
export async function serveCompilers(count: number): Promise<() => void> {
  const compilers = new Compilers(count);
  const server: Server = createServer((socket) => {
    let text = "";
    socket.setEncoding("utf8");
    socket.on("error", () => undefined);
    socket.on("data", (part: string) => {
      text += part;
      if (!text.endsWith("\n")) return;
      compilers.run(JSON.parse(text) as Job).then(
        ({ message, files }) => {
          const coded = files.map(([name, contents]) => [name, contents.toString("base64")]);
          socket.end(JSON.stringify({ message, files: coded }));
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
  return () => {
    delete process.env[SOCKET];
    server.close();
  };
}

async function ask(path: string, job: Job): Promise<Compiled> {
  const socket = connect(path);
  socket.setEncoding("utf8");
  let text = "";
  socket.on("data", (part: string) => (text += part));
  socket.write(`${JSON.stringify(job)}\n`);
  await once(socket, "end");
  const { message, files } = JSON.parse(text) as { message?: string; files: [string, string][] };
  return { message, files: files.map(([name, contents]) => [name, Buffer.from(contents, "base64")]) };
}

let own: Compilers | undefined;

/** Runs the compiler with these parameters; `inMemory` answers the files instead of writing them. */
export async function runAsc(parameters: readonly string[], inMemory = false): Promise<Compiled> {
  const job: Job = { parameters, inMemory };
  const shared = process.env[SOCKET];
  if (shared !== undefined) return ask(shared, job);
  own ??= new Compilers(1);
  return own.run(job);
}
