import { readFile, stat } from "node:fs/promises";
import type { PluginOptions } from "../host/index.js";
import { readSection } from "../module-section.js";
import { diagnosticModule } from "../diagnostic-module.js";
import { coverageFolder, readCovered } from "./covered-module.js";
import { isDebugging, readDebugModule } from "./debug-module.js";
import type { TestHostOptions, TestPlugin } from "./test-host-options.js";

/** The plugin that a host's own options describe. */
export function pluginOf(options: TestHostOptions, wasm: string | Uint8Array): TestPlugin {
  const { pluginConfig, vmConfig } = options;
  const configuration =
    typeof pluginConfig === "object" && !(pluginConfig instanceof Uint8Array)
      ? JSON.stringify(pluginConfig)
      : pluginConfig;
  return {
    ...options,
    wasm,
    ...(configuration !== undefined && { configuration }),
    ...(vmConfig !== undefined && { vmConfiguration: vmConfig }),
  };
}

type Module = Pick<PluginOptions, "wasm" | "imports">;

/** Files that were read and have not changed, so that one module is compiled once for all tests of a process. */
const files = new Map<string, { readonly version: string; readonly module: Promise<Module> }>();

/** Reads a plugin's module; where a build left another one for tests beside it, that stands in for it. */
export async function read(
  plugin: TestPlugin,
  { debug, coverage }: Pick<TestHostOptions, "debug" | "coverage">,
): Promise<PluginOptions> {
  const { wasm } = plugin;
  if (typeof wasm !== "string") return { ...heldHeaders(wasm), ...plugin, wasm };
  const { mtimeMs, size } = await stat(wasm);
  const version = [mtimeMs, size, debug, coverage].join(" ");
  let file = files.get(wasm);
  if (file?.version !== version)
    files.set(wasm, (file = { version, module: readFresh(wasm, debug, coverage) }));
  const module = await file.module;
  return { ...heldHeaders(module.wasm), ...plugin, ...module };
}

/** The setting that `manifest` gives a module with a flow that holds headers. */
function heldHeaders(wasm: Uint8Array): Pick<PluginOptions, "allowOnHeadersStopIteration"> {
  return readSection(wasm)?.holdsHeaders === true ? { allowOnHeadersStopIteration: true } : {};
}

async function readFresh(
  file: string,
  debug: boolean | undefined,
  coverage: string | undefined,
): Promise<Module> {
  const folder = coverage ?? coverageFolder();
  const covered = folder === undefined ? undefined : await readCovered(file, folder, coverage !== undefined);
  if (covered !== undefined) return covered;
  const debugged = (debug ?? isDebugging()) ? await readDebugModule(file, debug === true) : undefined;
  return { wasm: debugged ?? (await diagnosticModule(file, await readFile(file))) };
}
