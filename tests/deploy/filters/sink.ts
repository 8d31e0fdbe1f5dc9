/** Logs that statistics arrived. */
import { PluginContext, log, registerPlugin } from "proxy-wasm-as";
import { enter, leave } from "proxy-wasm-as/assembly/runtime/call";

class Sink extends PluginContext {}

registerPlugin<Sink>();

/** Envoy's own callback, which has no method in the SDK. */
export function envoy_on_stats_update(rootContextId: u32, size: u32): void {
  enter();
  log.warn("stats arrived");
  leave();
}
