/**
 * `proxy-wasm-as build`: a project's module, how large it is, and why.
 *
 * @module
 */
import { Command } from "commander";
import { compile, DEFAULT_MODULE, requireProject } from "./compile.js";
import type { Built, Project } from "./compile.js";
import { debugModuleFile } from "../places/index.js";
import { keepCompilers } from "./compiler-process.js";
import { UserError } from "./error.js";
import type { Change, Sizes } from "./growth.js";
import { compare, remember, sizesOf } from "./growth.js";
import type { WasmHost } from "../hosts/index.js";
import { parseHosts } from "./hosts.js";
import { formatFinding } from "./findings.js";
import { bytes, color, count, shown, wrap, reflow } from "./output.js";
import { watchSources } from "./watch.js";

interface BuildOptions {
  readonly out: string;
  readonly debug?: boolean;
  readonly names?: boolean;
  readonly watch?: boolean;
  readonly json?: boolean;
  readonly host?: readonly WasmHost[];
}

/** How many differences are listed. */
const LISTED = 6;

export function build(): Command {
  return new Command("build")
    .description("Compile the project in this folder; say how large the module is, and why.")
    .option("-o, --out <file>", "the module to make", DEFAULT_MODULE)
    .option("--debug", "also a debug module beside it, with names and a source map")
    .option("--names", "keep functions' names in the module, for backtraces")
    .option("--host <names>", "leave out what these hosts lack, and refuse what stays", parseHosts)
    .option("-w, --watch", "build again whenever a source changes")
    .option("--json", "as JSON, for programs")
    .addHelpText("after", () =>
      reflow(`
Builds what asconfig.json lists under "entries". What was there stays in place
until the new module is whole. Hosts can stand in package.json as well:
"proxyWasm": { "hosts": ["envoy-1.36", "kong"] }

Example:
  $ proxy-wasm-as build --debug`),
    )
    .action(start);
}

async function start(options: BuildOptions): Promise<void> {
  const project = requireProject();
  if (!options.out.endsWith(".wasm"))
    throw new UserError(`The name of a module ends in .wasm: --out ${options.out}.wasm`);
  if (options.watch !== true) return buildAll(project, options);
  keepCompilers();
  const once = async (): Promise<void> => {
    try {
      await buildAll(project, options);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      console.error(error.message);
    }
  };
  const since = Date.now();
  await once();
  console.log(color.dim("Waiting for changes, end with Ctrl-C."));
  watchSources(project, since, once);
}

async function buildAll(project: Project, options: BuildOptions): Promise<void> {
  const hosts = options.host && { hosts: options.host };
  const built = await compile(project, { ...options, ...hosts, target: "release" });
  const sizes = sizesOf(built.inspection, built.bytes);
  const before = remember(built.file, sizes);
  const debug =
    options.debug === true
      ? await compile(project, { out: debugModuleFile(options.out), ...hosts, target: "debug" })
      : undefined;
  if (options.json === true) console.log(JSON.stringify(report(built, sizes, before, debug), null, 2));
  else {
    if (built.warnings !== "") console.error(built.warnings);
    describe(built, sizes, before);
    if (debug !== undefined)
      console.log(`${color.bold(shown(debug.file))}  ${bytes(debug.bytes)}, with names and a source map`);
  }
}

function report(built: Built, sizes: Sizes, before: Sizes | undefined, debug: Built | undefined): object {
  const { inspection, file } = built;
  return {
    file,
    bytes: built.bytes,
    bytesBefore: before?.bytes ?? null,
    changes: before === undefined ? [] : compare(before, sizes),
    imports: inspection.imports.map(({ name }) => name),
    exports: inspection.exports.map(({ name }) => name),
    findings: inspection.findings,
    debug: debug === undefined ? null : { file: debug.file, bytes: debug.bytes },
  };
}

function describe({ file, bytes: size, inspection }: Built, sizes: Sizes, before: Sizes | undefined): void {
  const difference = before === undefined ? 0 : size - before.bytes;
  console.log(
    `${color.bold(shown(file))}  ${bytes(size)}${before === undefined ? "" : `, ${since(difference)}`}`,
  );
  console.log(`  ${color.dim("calls")}  ${wrap(listed(inspection.imports.map(({ name }) => name)), 9)}`);
  console.log(`  ${color.dim("called")} ${wrap(listed(inspection.callbacks), 9)}`);
  if (before !== undefined && difference !== 0) describeChanges(compare(before, sizes));
  for (const finding of inspection.findings) {
    if (finding.level !== "note") console.log(formatFinding(finding));
  }
}

function since(difference: number): string {
  if (difference === 0) return "as the last build";
  const text = `${signed(difference)} since the last build`;
  return difference > 0 ? color.yellow(text) : color.green(text);
}

function signed(difference: number): string {
  return `${difference > 0 ? "+" : "-"}${Math.abs(difference).toLocaleString("en")}`;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "nothing" : names.map((name) => name.replace(/^env\./, "")).join(" ");
}

function describeChanges(changes: readonly Change[]): void {
  for (const { name, difference } of changes.slice(0, LISTED))
    console.log(
      `  ${signed(difference).padStart(7)}  ${name.replace(/^~lib\/proxy-wasm-as\/assembly\//, "")}`,
    );
  const rest = changes.slice(LISTED);
  if (rest.length > 0) {
    const sum = rest.reduce((total, { difference }) => total + difference, 0);
    console.log(`  ${signed(sum).padStart(7)}  in ${count(rest.length, "more function")}`);
  }
}
