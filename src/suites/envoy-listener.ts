/**
 * Listeners that come and go in a running Envoy, one for each test.
 *
 * @module
 */
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { bootstrap } from "../envoy/index.js";
import type { Bootstrap, Envoy, WasmPlugin } from "../envoy/index.js";

/** The upstream's cluster; its name makes it one that is reached by HTTP/2. */
export const UPSTREAM = "grpc-suite-upstream";

/** Carries a `:path` that Envoy's HTTP codec would refuse to the filter in front of the plugin, as "=" and its bytes in hex. */
export const PATH_HEADER = "x-suite-path";

/** Puts such a path where the plugin looks for it. */
const RESTORE_PATH = `
function envoy_on_request(handle)
  local headers = handle:headers()
  local path = headers:get("${PATH_HEADER}")
  if path ~= nil then
    local bytes = path:sub(2):gsub("%x%x", function(digits) return string.char(tonumber(digits, 16)) end)
    headers:replace(":path", bytes)
    headers:remove("${PATH_HEADER}")
  end
end`;

/** Tells a starting Envoy where its listeners will be described. */
export function useListenerFile(config: Bootstrap, folder: string): void {
  writeListeners(folder, 0, []);
  config.node = { id: "suite", cluster: "suite" };
  config.dynamic_resources = { lds_config: { path_config_source: { path: join(folder, "listeners.json") } } };
}

/** Envoy reads the file when another one takes its place, never half a file. */
function writeListeners(folder: string, version: number, listeners: readonly object[]): void {
  const resources = listeners.map((listener) => ({
    "@type": "type.googleapis.com/envoy.config.listener.v3.Listener",
    ...listener,
  }));
  const draft = join(folder, "listeners.draft");
  writeFileSync(draft, JSON.stringify({ version_info: String(version), resources }));
  renameSync(draft, join(folder, "listeners.json"));
}

/** A listener with nothing but the plugin in front of the upstream, that adds as little as Envoy can. */
function describeListener(name: string, plugin: WasmPlugin, accessLog: string): object {
  const { static_resources } = bootstrap({
    filters: [plugin],
    connectionManager: {
      generate_request_id: false,
      server_header_transformation: "PASS_THROUGH",
      delayed_close_timeout: "0.02s",
      access_log: [
        {
          name: "file",
          typed_config: {
            "@type": "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog",
            path: accessLog,
            log_format: { text_format_source: { inline_string: `${name} %RESPONSE_CODE_DETAILS%\n` } },
          },
        },
      ],
    },
  });
  const listener = static_resources.listeners[0];
  const manager = listener.filter_chains[0].filters[0].typed_config;
  manager.route_config.virtual_hosts[0].routes[0] = { match: { prefix: "" }, route: { cluster: UPSTREAM } };
  manager.http_filters.at(-1).typed_config.suppress_envoy_headers = true;
  manager.http_filters.unshift({
    name: "restore-path",
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua",
      default_source_code: { inline_string: RESTORE_PATH },
    },
  });
  return { ...listener, name };
}

/** Puts `plugin` behind the listener `name` in place of all others; answers its port. Throws when Envoy refuses it. */
export async function replaceListener(
  envoy: Envoy,
  folder: string,
  version: number,
  plugin: WasmPlugin,
): Promise<{ name: string; port: number }> {
  const name = `suite-${version}`;
  const before = envoy.log.length;
  writeListeners(folder, version, [describeListener(name, plugin, join(folder, "access.log"))]);
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(5)) {
    const log = envoy.log.slice(before);
    const refusal = /\[config\] .*(?:rejected|[Ff]ailed).*/.exec(log)?.[0];
    if (refusal !== undefined)
      throw new Error(`Envoy refuses the module or its configuration: ${reasons(log)}`);
    if (!envoy.isAlive) throw new Error(`Envoy has died:\n${envoy.lastLog()}`);
    const port = await portOf(envoy, name);
    if (port !== undefined) return { name, port };
  }
  throw new Error(`Envoy has not begun to listen:\n${envoy.lastLog()}`);
}

/** The reasons for a refusal, as the module and Envoy have logged them. */
function reasons(log: string): string {
  const pattern = /^\[(?:(?:warning|error|critical)\]\[\w+|info\]\[wasm)\] (.*)$/gm;
  const lines = [...log.matchAll(pattern)].map((match) => match[1]!);
  return lines.join("; ");
}

async function portOf(envoy: Envoy, name: string): Promise<number | undefined> {
  const { listener_statuses: listeners = [] } = JSON.parse(await envoy.admin("/listeners?format=json")) as {
    listener_statuses?: { name: string; local_address: { socket_address: { port_value: number } } }[];
  };
  return listeners.find((listener) => listener.name === name)?.local_address.socket_address.port_value;
}
