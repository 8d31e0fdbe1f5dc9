/** An Envoy whose filters can be replaced while it runs, as a control plane does it. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Envoy, EnvoyOptions, WasmPlugin } from "../../src/envoy/index.js";
import { bootstrap } from "../../src/envoy/index.js";
import { startEnvoy } from "./envoy.js";
import { freePort } from "./ports.js";

export interface Replaceable {
  readonly envoy: Envoy;
  readonly port: number;
  /** Puts another plugin in the place of the one that serves; connections that are open keep theirs. */
  replace(plugin: WasmPlugin): void;
}

export async function startReplaceable(
  t: TestContext,
  plugin: WasmPlugin,
  options: Omit<EnvoyOptions, "envoy" | "filters"> = {},
): Promise<Replaceable> {
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-lds-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  const replace = (next: WasmPlugin): void => {
    const [listener] = bootstrap({ ...options, filters: [next], port }).static_resources.listeners;
    listener["@type"] = "type.googleapis.com/envoy.config.listener.v3.Listener";
    listener.drain_type = "MODIFY_ONLY";
    writeFileSync(join(folder, "new.json"), JSON.stringify({ resources: [listener] }));
    renameSync(join(folder, "new.json"), join(folder, "lds.json"));
  };
  replace(plugin);
  const envoy = await startEnvoy(t, {
    ...options,
    edit: (config) => {
      config.static_resources.listeners = [];
      config.node = { id: "node", cluster: "cluster" };
      config.dynamic_resources = {
        lds_config: { path_config_source: { path: join(folder, "lds.json") }, resource_api_version: "V3" },
      };
      options.edit?.(config);
    },
  });
  return { envoy, port, replace };
}
