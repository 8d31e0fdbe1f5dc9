/**
 * `proxy-wasm-as ui`: a local page that shows a module, and sends requests through it.
 *
 * @module
 */
import { resolve } from "node:path";
import { Command } from "commander";
import { NotWasm, outline } from "../inspect/index.js";
import { servePage } from "../pages/server.js";
import type { PageModule, PageServer } from "../pages/server.js";
import { functionText, mapBeside } from "../places/index.js";
import { diagnosticModule } from "../diagnostic-module.js";
import { compileForTests } from "./compile-for-tests.js";
import { DEFAULT_MODULE, findProject } from "./compile.js";
import type { Project } from "./compile.js";
import { keepCompilers } from "./compiler-process.js";
import { UserError } from "./error.js";
import { BUILD_FIRST, readNamed } from "./files.js";
import { whenLeaving } from "./leave.js";
import { color, shown } from "./output.js";
import { configurationOf, portTaken } from "./runner.js";
import { parsePort } from "./numbers.js";
import { watchModule, watchSources } from "./watch.js";

interface UiOptions {
  readonly port: number;
  readonly config?: string;
  readonly configFile?: string;
  readonly rootId?: string;
  readonly watch?: boolean;
}

export function ui(): Command {
  return new Command("ui")
    .description("Look at a module and send requests through it, on a page of this machine.")
    .argument("[file]", "the module of any SDK; left out, the project in this folder is built")
    .option("-p, --port <port>", "the port to listen on, 0 for any that is free", parsePort, 0)
    .option("-c, --config <text>", "the plugin's configuration")
    .option("--config-file <file>", "the plugin's configuration, from a file")
    .option("--root-id <id>", "which of the module's plugins to run")
    .option("-w, --watch", "take changes into use as they are saved")
    .addHelpText(
      "after",
      "\nThe address has a secret: who does not know it gets nothing.\n\nExample:\n  $ proxy-wasm-as ui --watch",
    )
    .action(start);
}

async function start(file: string | undefined, options: UiOptions): Promise<void> {
  const configuration = configurationOf(options);
  const project = file === undefined ? findProject() : undefined;
  if (file === undefined && project === undefined)
    throw new UserError("Name a module, or go to a project: proxy-wasm-as ui build/plugin.wasm");
  const since = Date.now();
  if (options.watch === true) keepCompilers();
  if (project !== undefined) await compileForTests(project);
  const wasm = resolve(file ?? DEFAULT_MODULE);
  const server = await serve(wasm, options, configuration?.toString() ?? "");
  whenLeaving(() => undefined); // Ctrl-C ends this with 130
  console.log(`${color.bold(shown(wasm))} is on ${color.bold(server.address)}, end with Ctrl-C.`);
  if (options.watch === true) watch(wasm, project, server, since);
}

async function serve(wasm: string, options: UiOptions, configuration: string): Promise<PageServer> {
  try {
    return await servePage({
      port: options.port,
      title: shown(wasm),
      configuration,
      rootId: options.rootId ?? "",
      module: await readModule(wasm),
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") throw portTaken(options.port);
    throw error;
  }
}

/** A module's file, with the names that the map beside it has. */
async function readModule(file: string): Promise<PageModule> {
  const shipped = readNamed(file, BUILD_FIRST);
  try {
    const map = mapBeside(file, shipped);
    const names = new Map<number, string>();
    for (const { index } of outline(shipped).functions) {
      const name = map === undefined ? undefined : functionText(map, index);
      if (name !== undefined) names.set(index, name);
    }
    return { shipped, run: await diagnosticModule(file, shipped), names };
  } catch (error) {
    if (error instanceof NotWasm) throw new UserError(`${shown(file)} is no module: ${error.message}.`);
    throw error;
  }
}

function watch(wasm: string, project: Project | undefined, server: PageServer, since: number): void {
  const reload = async (): Promise<void> => {
    try {
      if (project !== undefined) await compileForTests(project);
      server.use(await readModule(wasm));
      console.log(`${shown(wasm)} has changed and is in use`);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      console.error(error.message);
      server.fail(error.message);
    }
  };
  if (project !== undefined) watchSources(project, since, reload);
  else watchModule(wasm, since, reload);
}
