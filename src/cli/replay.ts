/**
 * `proxy-wasm-as replay`: a module runs again as a trace tells.
 *
 * @module
 */
import { createReadStream, existsSync } from "node:fs";
import { open } from "node:inspector";
import { Command, InvalidArgumentError } from "commander";
import { LoadError } from "../host/index.js";
import { TraceReader, knownModule, mostTelling, replay } from "../replay/index.js";
import type { Trace, VmTrace } from "../replay/index.js";
import { debugFile, readDebugModule } from "../testing/debug-module.js";
import { DEFAULT_MODULE } from "./compile.js";
import { attachHint, debugOptions, isAttached } from "./debugging.js";
import type { DebugOptions } from "./debugging.js";
import { UserError } from "./error.js";
import { BUILD_FIRST, readNamed } from "./files.js";
import { whenLeaving } from "./leave.js";
import { reflow, shown, wrap } from "./output.js";
import { progress } from "./progress.js";
import { printReplay, vmTexts } from "./replay-report.js";
import { configurationOf } from "./runner.js";

interface ReplayCommandOptions extends DebugOptions {
  readonly wasm: string;
  readonly vm?: number;
  readonly value?: ReadonlyMap<string, string[]>;
  readonly config?: string;
  readonly configFile?: string;
  readonly json?: boolean;
}

export function replayCommand(): Command {
  const command = new Command("replay")
    .description("Run a module again as a trace tells, and say where the two part.")
    .argument("<trace>", "a log of Envoy's (wasm:trace), or what --record has written; - is standard input")
    .option("--wasm <file>", "the module", DEFAULT_MODULE)
    .option("--vm <number>", "which VM of the trace, if it has several", parseNumber)
    .option("--value <name=text>", "what the trace does not have, by its name; repeatable", parseValue)
    .option("-c, --config <text>", "the plugin's configuration, if the trace does not have it")
    .option("--config-file <file>", "the plugin's configuration, from a file")
    .option("--json", "the result as JSON, for programs");
  for (const option of debugOptions()) command.addOption(option);
  return command
    .addHelpText("after", () =>
      reflow(`
Envoy writes such a log with --component-log-level wasm:trace, Istio's proxy after
istioctl proxy-config log POD --level wasm:trace. It has each call and no bytes: what
the module wanted to know and the log does not have is named, and --value gives it. A trace of
"run --record" or "test --record" has everything.

Ends with 1 where the module parts from the trace.

Example:
  $ proxy-wasm-as replay envoy.log --wasm build/plugin.wasm \\
      --value 'request header x-user=ann'`),
    )
    .action(start);
}

function parseNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("VMs are counted from 1.");
  return Number(text);
}

function parseValue(text: string, others: ReadonlyMap<string, string[]> = new Map()): Map<string, string[]> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Say name and text: 'request header x-user=ann'");
  const name = text.slice(0, at);
  return new Map([...others, [name, [...(others.get(name) ?? []), text.slice(at + 1)]]]);
}

async function start(file: string, options: ReplayCommandOptions): Promise<void> {
  const wasm = readNamed(options.wasm, BUILD_FIRST);
  const configuration = configurationOf(options);
  const values = new Map<string, readonly (string | Uint8Array)[]>(options.value);
  if (configuration !== undefined) values.set("plugin configuration", [configuration]);
  whenLeaving(() => undefined);
  try {
    const trace = await readTrace(file, wasm);
    const vm = choose(trace, file, options.vm);
    const module = options.debug === true ? await debugged(options) : wasm;
    const result = await replay(vm, module, {
      values,
      ...(configuration !== undefined && { configuration }),
    });
    const ran = options.debug === true ? await debuggedFile(options) : options.wasm;
    printReplay({
      ...{ trace, vm, result, file, ran, shipped: wasm, wasm: options.wasm },
      asJson: options.json === true,
    });
    if (result.end === "parted") process.exitCode = 1;
  } catch (error) {
    if (error instanceof LoadError)
      throw new UserError(`${shown(options.wasm)} does not start: ${error.message}`);
    throw error;
  }
}

async function readTrace(file: string, wasm: Uint8Array): Promise<Trace> {
  const reader = new TraceReader(knownModule(wasm));
  if (file !== "-" && !existsSync(file)) readNamed(file, "name a trace");
  const end = progress(`Reading ${file === "-" ? "standard input" : shown(file)}`);
  try {
    for await (const piece of file === "-" ? process.stdin : createReadStream(file))
      reader.add(piece as Uint8Array);
  } catch (error) {
    throw new UserError(`${shown(file)} cannot be read: ${(error as Error).message}`);
  } finally {
    end();
  }
  return reader.end();
}

function choose(trace: Trace, file: string, wanted: number | undefined): VmTrace {
  const { vms, notes } = trace;
  const found = wanted === undefined ? mostTelling(trace) : vms.find(({ number }) => number === wanted);
  if (found !== undefined) return found;
  const name = file === "-" ? "Standard input" : shown(file);
  if (vms.length > 0) throw new UserError(`${name} has no VM ${wanted}. It has:\n${vmTexts(vms).join("\n")}`);
  const more = notes.length === 0 ? "" : `\n${notes.map((note) => wrap(note)).join("\n")}`;
  throw new UserError(
    wrap(
      `${name} has no call of this module. Envoy logs calls with --component-log-level wasm:trace; ` +
        `"proxy-wasm-as run --record trace.jsonl" writes a complete trace.`,
    ) + more,
  );
}

/** The debug module, when a debugger has been attached and has set its breakpoints. */
async function debugged({ wasm, debugPort }: ReplayCommandOptions): Promise<Uint8Array> {
  const found = await debugFile(wasm);
  if ("reason" in found)
    throw new UserError(`There is nothing to debug: ${found.reason}. Run: npx proxy-wasm-as build --debug`);
  if (!isAttached()) {
    console.error(attachHint(debugPort));
    open(debugPort, "127.0.0.1", true);
  }
  return (await readDebugModule(wasm, true))!;
}

async function debuggedFile({ wasm }: ReplayCommandOptions): Promise<string> {
  const found = await debugFile(wasm);
  return "file" in found ? found.file : wasm;
}
