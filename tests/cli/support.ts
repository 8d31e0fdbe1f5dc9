import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { TestContext } from "node:test";
import { type Ended, main, runCommand } from "../support/commands.js";
import { root } from "../support/paths.js";
import { pass } from "../support/wait.js";

export { main };

const sharesCompiler = pathToFileURL(join(root, "tests", "support", "shared-compiler.mjs")).href;

/** The surroundings of a command that is started by a test: where it compiles, the compilers of all tests do it. */
export const env: NodeJS.ProcessEnv = { ...process.env, NODE_OPTIONS: `--import=${sharesCompiler}` };

/** The surroundings in which a command starts a compiler as users' do. */
export const plainEnv: NodeJS.ProcessEnv = { ...process.env, NODE_OPTIONS: "" };

/** Runs the command and waits for its end. */
export function cli(
  parameters: readonly string[],
  {
    cwd = root,
    more = {},
    input,
    timeout = 120_000,
  }: { cwd?: string; more?: Record<string, string>; input?: string; timeout?: number } = {},
): Ended {
  return runCommand(parameters, {
    ...{ cwd, env: { ...env, ...more }, timeout },
    ...(input !== undefined && { input }),
  });
}

/** A folder that is gone after the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-cli-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A project made from a template; its packages are this clone's. */
export function newProject(t: TestContext, template: string): string {
  const folder = temporaryFolder(t);
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
  const { status, stderr } = cli(["new", `${template}-one`, "--template", template, "--no-install"], {
    cwd: folder,
  });
  if (status !== 0) throw new Error(stderr);
  return join(folder, `${template}-one`);
}

/** A command that keeps running. */
export interface Running {
  readonly port: number;
  output(): string;
  /** Waits until the output has such a place. */
  shows(pattern: RegExp): Promise<void>;
  /** What Ctrl-C does; answers the exit code. */
  interrupt(): Promise<number | null>;
}

/** Starts a command that listens, and waits until it does. */
export function start(parameters: readonly string[], cwd = root): Promise<Running> {
  return startProgram(process.execPath, [main, ...parameters], cwd);
}

/** Starts a program that leads to one that listens. */
export async function startProgram(
  program: string,
  parameters: readonly string[],
  cwd: string,
  more: Record<string, string> = {},
): Promise<Running> {
  // A group of its own, as a terminal makes one: Ctrl-C reaches all of it.
  const child = spawn(program, parameters, { cwd, env: { ...env, ...more }, detached: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += String(text)));
  const ended = new Promise<number | null>((done) => child.on("close", done));
  const shows = async (pattern: RegExp): Promise<void> => {
    for (
      const deadline = Date.now() + 90_000;
      !pattern.test(output);
      await pass(20, "the output is read again and again")
    ) {
      if (child.exitCode === null && Date.now() < deadline) continue;
      if (child.exitCode === null) process.kill(-child.pid!, "SIGKILL");
      throw new Error(`nothing like ${pattern} in:\n${output}`);
    }
  };
  const address = /(?:http|tcp):\/\/127\.0\.0\.1:(\d+)/;
  await shows(address);
  return {
    port: Number(address.exec(output)![1]),
    output: () => output,
    shows,
    interrupt: () => {
      process.kill(-child.pid!, "SIGINT");
      return ended;
    },
  };
}
