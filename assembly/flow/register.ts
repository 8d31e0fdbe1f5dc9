/**
 * Registering flows; at module scope.
 *
 * @module
 */
import { PluginContext } from "../context/plugin-context";
import { addRegistration } from "../context/registrations";
import { readProperty } from "../services/property";
import { ONE_FLOW } from "./build";
import { Exchange } from "./exchange";
import { FlowPlugin } from "./plugin";
import { FlowOptions } from "./plugin-base";

if (!isDefined(PROXY_WASM_FLOW)) ERROR('asconfig.json must have "extends": "proxy-wasm-as/asconfig.json"');

/** A registered handler. */
class Handler {
  constructor(
    readonly rootId: string,
    readonly handle: (x: Exchange) => void,
    readonly options: FlowOptions | null,
    readonly next: Handler | null,
  ) {}
}

let latest: Handler | null = null;

/** The handler for the root id of the plugin that is being made; it is one of those, or the one for all others. */
function handlerFor(last: Handler): Handler {
  if (ONE_FLOW || last.next === null) return last;
  const rootId = readProperty("plugin_root_id");
  let fallback = last;
  for (let handler: Handler | null = last; handler !== null;) {
    if (rootId !== null && handler.rootId == rootId) return handler;
    if (handler.rootId.length == 0) fallback = handler;
    handler = handler.next;
  }
  return fallback;
}

/** The plugin of a handler that was registered without one. */
function newPlugin(): PluginContext {
  const plugin = new FlowPlugin();
  const last = latest;
  if (last !== null) {
    const handler = handlerFor(last);
    plugin.$handler = handler.handle;
    const options = handler.options;
    if (options !== null) plugin.flow = options;
  }
  return plugin;
}

/**
 * Registers a function that handles each request from its headers to the end of its response. `rootId` is the `root_id` of
 * the plugin's configuration (Istio: `pluginName`); `""` serves all that nothing else is registered for. The function cannot
 * use variables around it, as everywhere in AssemblyScript; with configuration or state use a `FlowPlugin`.
 *
 * @example
 * registerFlow("auth", (x: Exchange): void => {
 *   if (fetch("auth", { path: "/check" }).status != 200) x.respond(403, "denied\n");
 * });
 */
export function registerFlow(
  rootId: string,
  handler: (x: Exchange) => void,
  options: Partial<FlowOptions> | null = null,
): void {
  latest = new Handler(rootId, handler, options as FlowOptions | null, latest);
  addRegistration(rootId, newPlugin);
}
