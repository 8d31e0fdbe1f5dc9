/// <reference path="../runtime/build.d.ts" />
/**
 * How a module says what it consists of; at module scope.
 *
 * @module
 */
import { staticObject } from "../memory/static-object";
import { SHARED_STREAMS } from "../runtime/build";
import { HttpContext } from "./http-context";
import { PluginContext } from "./plugin-context";
import { addRegistration } from "./registrations";
import { TcpContext } from "./tcp-context";

if (!isDefined(PROXY_WASM_AS)) ERROR('asconfig.json must have "extends": "proxy-wasm-as/asconfig.json"');

/** The one object that serves all streams, in a build where the filter keeps nothing per stream. */
export let sharedHttpContext: HttpContext | null = null;

/** The plugin of a filter that was registered without one. */
class HttpFilterPlugin<T extends HttpContext> extends PluginContext {
  createHttpContext(): HttpContext | null {
    return instantiate<T>();
  }
}

/** The plugin of a network filter that was registered without one. */
class TcpFilterPlugin<T extends TcpContext> extends PluginContext {
  createTcpContext(): TcpContext | null {
    return instantiate<T>();
  }
}

/**
 * Registers an HTTP filter that needs no plugin class of its own. `rootId` is the `root_id` of the plugin's
 * configuration (Istio: `pluginName`) that it serves; left out, it serves all that nothing else is registered for.
 *
 * @example
 * registerHttpFilter<Hello>();
 */
export function registerHttpFilter<T extends HttpContext>(rootId: string = ""): void {
  if (SHARED_STREAMS) sharedHttpContext = staticObject<T>();
  else addRegistration(rootId, () => instantiate<HttpFilterPlugin<T>>());
}

/**
 * Registers a network filter that needs no plugin class of its own; see `registerHttpFilter`.
 *
 * @example
 * registerTcpFilter<Shout>();
 */
export function registerTcpFilter<T extends TcpContext>(rootId: string = ""): void {
  addRegistration(rootId, () => instantiate<TcpFilterPlugin<T>>());
}

/**
 * Registers a plugin class. One module may register several, each for a `root_id` of its own; the one without serves all
 * that no other names.
 *
 * @example
 * registerPlugin<AuthPlugin>("auth");
 * registerPlugin<AuditPlugin>("audit");
 */
export function registerPlugin<T extends PluginContext>(rootId: string = ""): void {
  addRegistration(rootId, () => instantiate<T>());
}
