/**
 * The kinds of plugin that a module can be run as.
 *
 * @module
 */
import { outline } from "../inspect/index.js";

/** The kind of a module, by its callbacks. */
export function kindOf(wasm: Uint8Array): "http" | "tcp" | "access logger" | "service" {
  const { callbacks } = outline(wasm);
  const some = (pattern: RegExp): boolean => callbacks.some((name) => pattern.test(name));
  if (some(/^proxy_on_(request|response)_/)) return "http";
  if (some(/^proxy_on_(new_connection|downstream_|upstream_)/)) return "tcp";
  if (some(/^proxy_on_log$/)) return "access logger";
  return some(/^(proxy_on_(tick|queue_ready)|envoy_on_)/) ? "service" : "http";
}
