/**
 * `proxy-wasm-as explain`: names, files and lines for the backtraces of a log.
 *
 * @module
 */
import { createReadStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { Command } from "commander";
import { Backtraces, NoMap, PlaceMap, mapFile } from "../places/index.js";
import { DEFAULT_MODULE } from "./compile.js";
import { UserError } from "./error.js";
import { readNamed } from "./files.js";
import { whenLeaving } from "./leave.js";
import { count, reflow, shown, wrap } from "./output.js";

interface ExplainOptions {
  readonly map: string;
}

export function explainCommand(): Command {
  return new Command("explain")
    .description("Put functions, files and lines into the backtraces of a log.")
    .argument("[log]", "Envoy's log; left out, or -, standard input")
    .option("-m, --map <file>", "the map of the module that wrote it", mapFile(DEFAULT_MODULE))
    .addHelpText("after", () =>
      reflow(`
A module that is shipped has no names, so Envoy logs "unknown(function index:17)"
where it traps. Each build leaves a map beside the module, build/plugin.wasm.map: keep the
one of what you ship. All other lines are written as they are, as they come.

Example:
  $ kubectl logs -f my-pod -c istio-proxy | proxy-wasm-as explain --map \\
      plugin.wasm.map`),
    )
    .action(start);
}

async function start(log: string | undefined, { map }: ExplainOptions): Promise<void> {
  const backtraces = new Backtraces(readMap(map));
  const fromFile = log !== undefined && log !== "-";
  if (fromFile) readNamed(log, "name a log");
  whenLeaving(() => undefined);
  const input = fromFile ? createReadStream(log) : process.stdin;
  for await (const line of createInterface({ input, crlfDelay: Infinity }))
    process.stdout.write(`${backtraces.line(line)}\n`);
  const { explained, strange } = backtraces;
  if (strange > 0)
    console.error(
      wrap(
        `${count(strange, "line")} of backtraces ${strange === 1 ? "is" : "are"} not of the module that ` +
          `${shown(map)} was made with; keep the map of each module that you ship.`,
      ),
    );
  else if (explained === 0 && fromFile) console.error(`${shown(log)} has no backtrace of a module.`);
}

function readMap(file: string): PlaceMap {
  const beside = file.endsWith(".wasm") && existsSync(mapFile(file)) ? mapFile(file) : file;
  const text = readNamed(beside, "a build leaves it beside the module: --map build/plugin.wasm.map");
  try {
    return PlaceMap.read(text.toString("utf8"));
  } catch (error) {
    if (error instanceof NoMap) throw new UserError(`${shown(beside)} cannot be used: ${error.message}.`);
    throw error;
  }
}
