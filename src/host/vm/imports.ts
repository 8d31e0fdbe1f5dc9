import { importType } from "../abi/signatures.js";
import type { Signature } from "../abi/signatures.js";
import type { Limits } from "../../wasm/interface.js";
import { MAX_PAGES } from "./binary.js";
import type { ModuleInfo } from "./binary.js";
import { LoadError } from "./errors.js";
import type { Callback } from "./host-call.js";
import { missingImport } from "./remedies.js";
import type { Vm } from "./vm.js";

/** The imports of a module, and the memory that is among them. */
export interface LinkedImports {
  readonly imports: WebAssembly.Imports;
  /** Addresses are those of this memory unless the module exports another. */
  readonly memory: WebAssembly.Memory | undefined;
}

/** Gives a module what it imports; throws `LoadError` for what Envoy does not have, or has with another type. */
export function linkImports(
  vm: Vm,
  info: ModuleInfo,
  bind: (module: string, name: string, type: Signature) => Callback,
): LinkedImports {
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  let memory: WebAssembly.Memory | undefined;
  for (const { module, name, kind, type, limits } of info.imports) {
    const full = `${module}.${name}`;
    const more = vm.options.imports[module]?.[name];
    if (more !== undefined) {
      (imports[module] ??= {})[name] = more;
      continue;
    }
    if (limits !== undefined) {
      if (kind === "memory") memory = newMemory(limits);
      (imports[module] ??= {})[name] = kind === "memory" ? memory! : newTable(limits);
      continue;
    }
    const host = kind === "function" ? typeOf(vm, module, name) : undefined;
    if (host === undefined)
      throw new LoadError(
        `Failed to load Wasm module due to a missing import: ${full}`,
        missingImport(vm.abiVersion, module, name),
      );
    if (host !== type) {
      const types = `want: ${type}, but host exports: ${host}`;
      throw new LoadError(
        `Failed to load Wasm module due to an import type mismatch: ${full}, ${types}`,
        `Declare it as Envoy has it: ${host}.`,
      );
    }
    (imports[module] ??= {})[name] = bind(module, name, host);
  }
  return { imports, memory };
}

/** The type of a host function; undefined where this Envoy has none. */
function typeOf(vm: Vm, module: string, name: string): Signature | undefined {
  const { wasi } = vm.environment.rules;
  if (module.startsWith("wasi_") && wasi !== undefined && !wasi.has(name)) return undefined;
  return importType(vm.abiVersion, module, name);
}

function newMemory({ initial, maximum }: Limits): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial, maximum: Math.min(maximum ?? MAX_PAGES, MAX_PAGES) });
}

function newTable({ initial, maximum }: Limits): WebAssembly.Table {
  return new WebAssembly.Table({ element: "anyfunc", initial, ...(maximum !== undefined && { maximum }) });
}
