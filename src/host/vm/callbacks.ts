import { exportType } from "../abi/signatures.js";
import type { ModuleInfo } from "./binary.js";
import { LoadError } from "./errors.js";
import type { Callback } from "./host-call.js";
import type { Vm } from "./vm.js";

/** The functions of a module that Envoy calls, by name; throws `LoadError` where one has another type than Envoy calls it with. */
export function findCallbacks(
  vm: Vm,
  info: ModuleInfo,
  instance: WebAssembly.Instance,
): ReadonlyMap<string, Callback> {
  const callbacks = new Map<string, Callback>();
  const allowed = vm.options.allowedCapabilities;
  for (const { name, kind, type } of info.exports) {
    const wanted = exportType(vm.abiVersion, name);
    if (wanted === undefined || kind !== "function") continue;
    if (wanted !== type && !isUnused(info, name))
      throw new LoadError(
        `Bad function signature for: ${name}, want: ${wanted}, but the module exports: ${type}`,
        `Export it as Envoy calls it: ${wanted}.`,
      );
    const needed = name === "malloc" || name.startsWith("proxy_on_memory") || !name.startsWith("proxy_");
    if (allowed !== undefined && !allowed.has(name) && !needed) continue;
    callbacks.set(name, instance.exports[name] as unknown as Callback);
  }
  return callbacks;
}

/** Tells whether Envoy does not even look for this export. */
function isUnused(info: ModuleInfo, name: string): boolean {
  const hasExport = (other: string): boolean => info.exports.some((entry) => entry.name === other);
  if (name === "_start") return hasExport("_initialize");
  if (name === "main" || name === "__main_void") return !hasExport("_initialize");
  return name === "proxy_on_memory_allocate" && hasExport("malloc");
}
