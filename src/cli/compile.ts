/**
 * Compiles a project as its asconfig.json says, in a process of its own.
 *
 * @module
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative, resolve } from "node:path";
import { outline, withoutNames, withoutSourceMap } from "../inspect/index.js";
import type { Inspection } from "../inspect/index.js";
import { makeMap, mapFile, withBacktraces } from "../places/index.js";
import type { SourceMapFile } from "../places/index.js";
import { DIAGNOSTICS_OPTION } from "../diagnostic-module.js";
import type { WasmHost } from "../hosts/index.js";
import { type Compiled, runCompiler } from "./compiler-process.js";
import { UserError } from "./error.js";
import { discard } from "./files.js";
import { findingText, holdTo, hostLines, projectHosts, usesFor } from "./hosts.js";
import { whenLeaving } from "./leave.js";
import { errorColor, shown } from "./output.js";
import { progress } from "./progress.js";
import { home } from "./sdk-spec.js";
import { vouch } from "./vouch.js";

/** The module that a build makes when nobody names another. */
export const DEFAULT_MODULE = "build/plugin.wasm";

/** The folder in which the user stands, and the file that says how to build it. */
export interface Project {
  readonly folder: string;
  readonly config: string;
}

/** The result of a build. */
export interface Built {
  readonly file: string;
  /** Of the module as it was before names were taken out. */
  readonly inspection: Inspection;
  readonly bytes: number;
  /** The compiler's warnings; empty when there were none. */
  readonly warnings: string;
}

export interface CompileOptions {
  readonly out: string;
  readonly target: "release" | "debug";
  /** Tells whether names stay in a release module, for backtraces. */
  readonly names?: boolean;
  /** Tells whether the module tells the embedded host why the SDK refuses a call. */
  readonly diagnostics?: boolean;
  /** The hosts that must load the module, those of package.json unless given: the build leaves out what they lack, if it can. */
  readonly hosts?: readonly WasmHost[];
}

/** The folder that has this package: where Yarn's Plug'n'Play keeps it, the compiler would not look. */
const packages = dirname(home);

/** The project in the current folder; undefined when there is none. */
export function findProject(folder = process.cwd()): Project | undefined {
  const config = join(folder, "asconfig.json");
  return existsSync(config) ? { folder, config } : undefined;
}

/** The project in the current folder; throws when there is none. */
export function requireProject(): Project {
  const project = findProject();
  if (project === undefined)
    throw new UserError(
      "There is no asconfig.json here; go to your project, or make one: npx proxy-wasm-as new my-filter",
    );
  return project;
}

/** Compiles. A file that was there stays until the new one is whole. Throws `UserError` with the compiler's messages. */
export async function compile(project: Project, options: CompileOptions): Promise<Built> {
  const { hosts = projectHosts(project.folder) } = options;
  const asc = compilerOf(project);
  const out = resolve(project.folder, options.out);
  const draft = join(dirname(out), `.draft-${process.pid}-${basename(out, ".wasm")}`);
  const forget = whenLeaving(() => discard(draft));
  const run = (target: string, file: string, more: readonly string[]): Promise<Compiled> => {
    const parameters = [
      ...["--path", packages, "--config", project.config],
      ...["--target", target, "--outFile", file, ...more],
    ];
    return runCompiler(asc, project.config, { folder: project.folder, parameters });
  };
  const end = options.diagnostics === true ? () => undefined : progress(`Compiling (${options.target})`);
  try {
    makeFolder(draft);
    const file = join(draft, basename(out));
    const { status, messages } = await run(options.target, file, [
      ...(options.target === "release" ? ["--debug", "--sourceMap"] : []),
      ...(options.diagnostics === true ? ["--use", DIAGNOSTICS_OPTION] : []),
      ...usesFor(hosts).flatMap((use) => ["--use", use]),
    ]);
    if (status !== 0) throw new UserError(`${paint(messages)}\n${nothingBuilt(out)}`);
    const whole = readFileSync(file);
    const inspection = outline(whole);
    const binary = shipped(whole, options);
    const makeDebug = async (): Promise<string | undefined> => {
      if (options.target === "debug") return file;
      const debug = join(draft, "debug.wasm");
      return (await run("debug", debug, [])).status === 0 ? debug : undefined;
    };
    const warnings = await orNothing(vouch(binary, `${file}.map`, project, makeDebug), out);
    // A diagnostic module runs in the embedded host alone.
    const held = options.diagnostics === true ? [] : await orNothing(heldToHosts(whole, hosts), out);
    writeFileSync(file, binary);
    writeFileSync(
      `${file}.map`,
      makeMap(
        JSON.parse(readFileSync(`${file}.map`, "utf8")) as SourceMapFile,
        whole,
        options.target === "debug" ? relative(dirname(out), project.folder) : undefined,
      ),
    );
    renameSync(`${file}.map`, mapFile(out));
    renameSync(file, out);
    const said = [messages, ...warnings, ...held].filter((text) => text !== "").join("\n");
    return { file: out, inspection, bytes: binary.length, warnings: paint(said) };
  } finally {
    end();
    discard(draft);
    forget();
  }
}

/** The differences in the hosts. Throws `UserError` when one of them does not load the module. */
async function heldToHosts(whole: Uint8Array, hosts: readonly WasmHost[]): Promise<string[]> {
  const reports = await holdTo(whole, hosts);
  const bad = reports.filter(({ loads }) => !loads);
  if (bad.length > 0) throw new UserError(bad.flatMap(hostLines).join("\n"));
  return reports.flatMap(({ host, findings }) =>
    findings
      .filter(({ level }) => level === "warning")
      .map((finding) => `WARNING ${host}: ${findingText(finding)}`),
  );
}

/** The bytes of a module that are written. The compiler's source map of a release only tells where a trial start traps. */
function shipped(whole: Uint8Array, { target, names }: CompileOptions): Uint8Array {
  if (target === "debug") return whole;
  return withoutSourceMap(names === true ? whole : withBacktraces(withoutNames(whole)));
}

/** Waits for a check's result. When the check has found an error of the user's, the message also says that nothing was built. */
async function orNothing<T>(check: Promise<T>, out: string): Promise<T> {
  try {
    return await check;
  } catch (error) {
    throw error instanceof UserError ? new UserError(`${error.message}\n${nothingBuilt(out)}`) : error;
  }
}

function nothingBuilt(out: string): string {
  const before = existsSync(out) ? ` ${shown(out)} is still the module from before.` : "";
  return `Nothing was built: put this right first.${before}`;
}

/**
 * The compiler that a build in this project uses: the one that the transform finds. They differ where the package is a link to a
 * checkout, which has a compiler of its own.
 */
function compilerOf({ folder }: Project): string {
  const manifest = join(folder, "package.json");
  const found = resolveFrom(
    resolveFrom(manifest, "proxy-wasm-as/package.json"),
    "assemblyscript/package.json",
  );
  const file = found ?? resolveFrom(manifest, "assemblyscript/package.json");
  if (file === undefined)
    throw new UserError(
      "The AssemblyScript compiler is not installed here; run: npm install --save-dev assemblyscript@0.28",
    );
  return join(dirname(file), "bin", "asc.js");
}

/** A file of a package, as the module in `file` would find it; undefined when it would not. */
function resolveFrom(file: string | undefined, name: string): string | undefined {
  try {
    return file === undefined ? undefined : createRequire(file).resolve(name);
  } catch {
    return undefined;
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      `${dirname(folder)} cannot be written to (${code}); change its permissions, or name another file with --out.`,
    );
  }
}

/** The compiler's messages, in colours on terminals. */
function paint(messages: string): string {
  return messages
    .replace(/\n*FAILURE \d+ .*$/, "")
    .replace(/^(ERROR)/gm, errorColor.red("$1"))
    .replace(/^(WARNING)/gm, errorColor.yellow("$1"));
}
