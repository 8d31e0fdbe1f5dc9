import { readFile, stat } from "node:fs/promises";
import type { PluginOptions } from "../host/index.js";
import { withReasons } from "../reasons.js";
import type { TestHostOptions, TestPlugin } from "./test-host.js";

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

/** Files that were read and have not changed, so that one module is compiled once for all tests of a process. */
const files = new Map<string, { readonly version: string; readonly bytes: Promise<Uint8Array> }>();

/** Reads a plugin's module; one with reasons stands in for it where a build left one. */
export async function read(plugin: TestPlugin): Promise<PluginOptions> {
  const { wasm } = plugin;
  if (typeof wasm !== "string") return { ...plugin, wasm };
  const { mtimeMs, size } = await stat(wasm);
  const version = `${mtimeMs} ${size}`;
  let file = files.get(wasm);
  if (file?.version !== version)
    files.set(wasm, (file = { version, bytes: readFile(wasm).then((bytes) => withReasons(wasm, bytes)) }));
  return { ...plugin, wasm: await file.bytes };
}
