/**
 * `proxy-wasm-as inspect`: what a module is, and whether Envoy would load it.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { Command } from "commander";
import { moduleFacts } from "../deploy/module.js";
import type { WasmHost } from "../hosts/index.js";
import type { ModuleFacts } from "../deploy/module.js";
import { NotWasm, inspect as examine } from "../inspect/index.js";
import type { Crossing, Inspection } from "../inspect/index.js";
import { formatFinding } from "./findings.js";
import type { RemoteImage } from "../oci/index.js";
import { OciError, parseReference, pullImage } from "../oci/index.js";
import { functionText, mapBeside } from "../places/index.js";
import { UserError } from "./error.js";
import { BUILD_FIRST, readNamed } from "./files.js";
import { holdTo, hostLines, parseHosts } from "./hosts.js";
import { parseCount } from "./numbers.js";
import { bytes, color, count, shown, wrap, reflow } from "./output.js";
import { explained } from "./pack.js";
import { progress } from "./progress.js";
import { imageFacts, printImage } from "./pull.js";
import type { RegistryOptions } from "./registry.js";
import { clientOptions, withRegistryOptions } from "./registry.js";

interface InspectOptions extends RegistryOptions {
  readonly json?: boolean;
  readonly functions: number;
  readonly host?: readonly WasmHost[];
}

export function inspect(): Command {
  const command = new Command("inspect")
    .description("Say what a module of any SDK is made of, and whether Envoy would load it.")
    .argument("<file>", "the module, for example build/plugin.wasm, or its image")
    .option("-n, --functions <count>", "how many of the largest functions to list", parseCount, 10)
    .option("--host <names>", "also what differs in these hosts, with commas: kong,java", parseHosts);
  return withRegistryOptions(command)
    .option("--json", "as JSON, for programs")
    .addHelpText("after", () =>
      reflow(
        "\nEnds with 1 when Envoy, or a host of --host, would not load the module.\n\nExample:\n  $ proxy-wasm-as inspect build/plugin.wasm\n  $ proxy-wasm-as inspect registry.example/team/filter:1.0.0",
      ),
    )
    .action((file: string, options: InspectOptions) => explained(() => start(file, options)));
}

async function start(file: string, options: InspectOptions): Promise<void> {
  const image = existsSync(file) ? undefined : await fetched(file, options);
  const wasm = image?.module ?? readNamed(file, BUILD_FIRST);
  const end = progress(`Reading ${shown(file)}`);
  let inspection: Inspection;
  try {
    inspection = named(await examine(wasm), file, wasm);
  } catch (error) {
    if (error instanceof NotWasm) throw new UserError(`${shown(file)} is no module: ${error.message}.`);
    throw error;
  } finally {
    end();
  }
  const map = image === undefined ? mapBeside(file, wasm) : undefined;
  const reports = await holdTo(wasm, options.host ?? [], map);
  if (options.json === true)
    console.log(
      JSON.stringify(
        {
          file,
          ...(image !== undefined && { image: imageFacts(image) }),
          ...inspection,
          built: builtBy(moduleFacts(wasm)),
          ...(options.host !== undefined && { hosts: reports }),
        },
        null,
        2,
      ),
    );
  else {
    if (image !== undefined) printImage(image);
    print(file, inspection, moduleFacts(wasm), options.functions);
    for (const report of reports) console.log(`\n${hostLines(report).join("\n")}`);
  }
  if (!inspection.loads || reports.some(({ loads }) => !loads)) process.exitCode = 1;
}

/** With the names that the map beside the module has for functions that have none in it. */
function named(inspection: Inspection, file: string, wasm: Uint8Array): Inspection {
  const map = mapBeside(file, wasm);
  if (map === undefined) return inspection;
  const functions = inspection.functions.map((one) => ({
    ...one,
    name: functionText(map, one.index) ?? one.name,
  }));
  return { ...inspection, functions };
}

/** The image of this name with its module; undefined when it is no name of one. */
async function fetched(
  name: string,
  options: InspectOptions,
): Promise<(RemoteImage & { readonly module: Uint8Array }) | undefined> {
  let reference;
  try {
    reference = parseReference(name);
  } catch (error) {
    if (error instanceof OciError && !name.startsWith("oci://")) return undefined;
    throw error;
  }
  return await pullImage(reference, clientOptions(reference, options));
}

/** Facts that a build with this package leaves in the module for those who deploy it; null for other SDKs. */
function builtBy({ sdk, roots, flow, holdsHeaders }: ModuleFacts): object | null {
  return sdk === undefined ? null : { sdk, roots, flow, holdsHeaders };
}

function print(file: string, inspection: Inspection, facts: ModuleFacts, functions: number): void {
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
  if (facts.sdk !== undefined) {
    const roots = (facts.roots ?? []).map(({ kind, rootId }) => `${kind} ${JSON.stringify(rootId)}`);
    fact("SDK", `proxy-wasm-as ${facts.sdk}`);
    fact("registers", roots.join(", ") || "root ids that are made when it runs");
  }
  if (facts.flow)
    fact("flow", "waits for bodies, responses or calls: routes need a timeout that covers them");
  if (facts.holdsHeaders) fact("holdHeaders", "needs allow_on_headers_stop_iteration");
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
