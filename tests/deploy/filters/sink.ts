/** Logs that statistics arrived. */
import { PluginContext, registerPlugin } from "proxy-wasm-as";
import { proxy_log } from "proxy-wasm-as/assembly/abi/imports";

class Sink extends PluginContext {}

registerPlugin<Sink>();

const message = String.UTF8.encode("stats arrived");

/** Envoy's own callback, which has no method in the SDK. */
export function envoy_on_stats_update(rootContextId: u32, size: u32): void {
  proxy_log(3, changetype<usize>(message), message.byteLength);
}
