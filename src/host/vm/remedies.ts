/**
 * Remedies for modules that Envoy does not load.
 *
 * @module
 */
import { importType } from "../abi/signatures.js";
import type { AbiVersion } from "../abi/signatures.js";

export const noModule =
  "This is no WebAssembly module: give the file that the build writes, as a rule a .wasm.";

export const corrupted = "The file is cut off or damaged: build it again, and copy it whole.";

export const noAbiVersion =
  "The module exports none of proxy_abi_version_0_1_0, _0_2_0 and _0_2_1: build it with a Proxy-Wasm SDK.";

export const noAllocator =
  "Export proxy_on_memory_allocate, a function of a size (i32) that answers an address (i32), as every SDK does.";

export const restricted =
  "While a module starts it may do little more than log: move other host calls to on_vm_start or on_configure.";

export const trapped = "It trapped while it started: a debug build's log and backtrace say where.";

export const refused =
  "The plugin's own code refused its configuration, or trapped: what it logged before says why. Envoy would not start.";

const versions: readonly AbiVersion[] = ["0.1.0", "0.2.0", "0.2.1"];

/** Those of AssemblyScript's own runtime. */
const assemblyScript = /^(abort|trace|seed|console\..*|Date\..*|Math\..*|performance\..*)$/;

export function missingImport(version: AbiVersion, module: string, name: string): string {
  const others = versions.filter((other) => importType(other, module, name) !== undefined);
  if (others.length > 0)
    return `It belongs to ABI ${others.join(" and ")}, and this module is built for ${version}: use one SDK's version for all of it.`;
  if (module === "env" && assemblyScript.test(name))
    return "It is AssemblyScript's own: let your asconfig.json extend proxy-wasm-as/asconfig.json, which puts others in its place.";
  if (module === "env") return "Envoy 1.40 has no such function: take out what calls it.";
  if (module.startsWith("wasi"))
    return "Envoy has no such function of WASI: take out what calls it, or build for wasm32-unknown-unknown.";
  return `Envoy gives modules functions of "env" and "wasi_snapshot_preview1" alone: take out the imports of "${module}".`;
}
