/**
 * `proxy-wasm-as inspect`: what a module is, and whether Envoy would load it.
 *
 * @module
 */
import { Command } from "commander";
import { NotWasm, inspect as examine } from "../inspect/index.js";
import type { Crossing, Finding, Inspection } from "../inspect/index.js";
import { UserError } from "./error.js";
import { BUILD_FIRST, readNamed } from "./files.js";
import { parseCount } from "./numbers.js";
import { bytes, color, count, shown, wrap, reflow } from "./output.js";
import { progress } from "./progress.js";

interface InspectOptions {
  readonly json?: boolean;
  readonly functions: number;
}

export function inspect(): Command {
  return new Command("inspect")
    .description("Say what a module of any SDK is made of, and whether Envoy would load it.")
    .argument("<file>", "the module, for example build/plugin.wasm")
    .option("-n, --functions <count>", "how many of the largest functions to list", parseCount, 10)
    .option("--json", "as JSON, for programs")
    .addHelpText("after", () =>
      reflow(
        "\nEnds with 1 when Envoy would not load the module.\n\nExample:\n  $ proxy-wasm-as inspect build/plugin.wasm",
      ),
    )
    .action(start);
}

async function start(file: string, options: InspectOptions): Promise<void> {
  const wasm = readNamed(file, BUILD_FIRST);
  const end = progress(`Reading ${shown(file)}`);
  let inspection: Inspection;
  try {
    inspection = await examine(wasm);
  } catch (error) {
    if (error instanceof NotWasm) throw new UserError(`${shown(file)} is no module: ${error.message}.`);
    throw error;
  } finally {
    end();
  }
  if (options.json === true) console.log(JSON.stringify({ file, ...inspection }, null, 2));
  else print(file, inspection, options.functions);
  if (!inspection.loads) process.exitCode = 1;
}

function print(file: string, inspection: Inspection, functions: number): void {
  const { abiVersion, callbacks, memory, features, producers } = inspection;
  const envoy = inspection.exports.filter(({ name }) => !callbacks.includes(name));
  console.log(`${color.bold(shown(file))}  ${bytes(inspection.bytes)}`);
  fact("ABI", abiVersion ?? "none");
  fact("Envoy 1.40", inspection.loads ? color.green("loads it") : color.red("does not load it"));
  if (memory !== null) {
    const limit = memory.maximumPages === null ? "" : `, at most ${memory.maximumPages * 64} KiB`;
    fact("memory", `${memory.initialPages * 64} KiB at the beginning${limit}`);
  }
  if (producers.length > 0)
    fact("made by", producers.map((line) => line.replace(/^[\w-]+: /, "")).join(", "));
  if (features !== null && features.length > 0) fact("needs", features.join(", "));
  fact("sha256", inspection.sha256);
  list("callbacks", callbacks);
  list("imports", inspection.imports.map(crossing));
  list("other exports", envoy.map(crossing));
  table(
    "sections",
    inspection.sections.map(({ name, custom, bytes: size }) => [size, custom ? `${name} (custom)` : name]),
  );
  const largest = inspection.functions.slice(0, functions);
  const rest = inspection.functions.slice(functions);
  const restBytes = rest.reduce((sum, { bytes: size }) => sum + size, 0);
  if (functions > 0)
    table("functions", [
      ...largest.map(({ name, bytes: size }): [number, string] => [size, name]),
      ...(rest.length > 0
        ? [[restBytes, `in ${count(rest.length, "more function")}`] as [number, string]]
        : []),
    ]);
  if (inspection.findings.length > 0) console.log();
  for (const finding of inspection.findings) console.log(formatFinding(finding));
}

function crossing({ name, kind, type }: Crossing): string {
  return kind === "function" ? name : `${name} (${kind}${type === "" ? "" : ` ${type}`})`;
}

function fact(name: string, value: string): void {
  console.log(`  ${color.dim(name.padEnd(11))} ${wrap(value, 14)}`);
}

function list(title: string, items: readonly string[]): void {
  console.log(`\n${color.bold(title)} (${items.length})`);
  // A name and its kind stay on one line.
  const whole = items.map((item) => item.replaceAll(" ", "\u00a0")).join(" ");
  if (items.length > 0) console.log(`  ${wrap(whole, 2).replaceAll("\u00a0", " ")}`);
}

function table(title: string, rows: readonly (readonly [size: number, name: string])[]): void {
  console.log(`\n${color.bold(title)}`);
  for (const [size, name] of rows) console.log(`  ${size.toLocaleString("en").padStart(9)}  ${name}`);
}

/** `warning: …`, in the colour of its level. */
export function formatFinding({ level, message }: Finding): string {
  const paint = { error: color.red, warning: color.yellow, note: color.cyan }[level];
  return `${paint(`${level}:`)} ${wrap(message, 2, level.length + 2)}`;
}
