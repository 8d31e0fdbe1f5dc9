import { binaryOf, encode } from "../abi/text.js";
import { Context } from "../context.js";
import type { Environment } from "../environment.js";
import { RootContext } from "../root-context.js";
import type { ModuleInfo } from "./binary.js";
import { readModule } from "./binary.js";
import { LoadError } from "./errors.js";
import type { Plugin, PluginOptions } from "./plugin.js";
import { corrupted, noAbiVersion, refused } from "./remedies.js";
import { Vm } from "./vm.js";
import type { HostFunction } from "./vm.js";

export interface Compiled {
  readonly info: ModuleInfo;
  readonly module: WebAssembly.Module;
}

/** Modules that were compiled, by their bytes: hosts that run one module share it. */
const compiled = new WeakMap<Uint8Array, Promise<Compiled>>();

/** Compiles a module; throws `LoadError` in Envoy's words. */
export function compile(wasm: Uint8Array): Promise<Compiled> {
  let result = compiled.get(wasm);
  if (result === undefined) compiled.set(wasm, (result = compileNow(wasm)));
  return result;
}

async function compileNow(wasm: Uint8Array): Promise<Compiled> {
  const info = readModule(wasm);
  if (info.abiVersion === undefined)
    throw new LoadError("Missing or unknown Proxy-Wasm ABI version", noAbiVersion);
  try {
    return { info, module: await WebAssembly.compile(info.binary as BufferSource) };
  } catch {
    if (info.has64)
      throw new LoadError(
        "This JavaScript engine has no memories with addresses of 64 bits",
        "Envoy 1.40 takes such a module, but Proxy-Wasm's functions take addresses of 32 bits: build for wasm32.",
      );
    throw new LoadError("Failed to parse corrupted Wasm module", corrupted);
  }
}

/** A plugin in its VM. */
export interface LoadedPlugin {
  readonly root: RootContext;
  readonly settings: Plugin;
}

/** The VMs of a host, and which plugin runs in which. */
export class Registry {
  private readonly vms: {
    readonly options: PluginOptions;
    vm: Vm;
    readonly roots: Map<string, RootContext>;
  }[] = [];

  constructor(
    private readonly environment: Environment,
    private readonly hostFunctions: ReadonlyMap<string, HostFunction>,
  ) {}

  /** Starts a plugin, in a VM that it shares with those that it may share with. */
  load(options: PluginOptions, { info, module }: Compiled): LoadedPlugin {
    const settings = settingsOf(options);
    let entry = this.vms.find((other) => canShare(other.options, options));
    if (entry === undefined || entry.vm.failure !== undefined) {
      if (entry !== undefined) this.vms.splice(this.vms.indexOf(entry), 1);
      entry = { options, vm: this.newVm(options, info, module), roots: new Map() };
      this.vms.push(entry);
    }
    const key = JSON.stringify([settings.name, settings.rootId, [...settings.configuration]]);
    let root = entry.roots.get(key);
    if (root === undefined) {
      root = new RootContext(entry.vm, settings);
      entry.roots.set(key, root);
      const problem = root.begin();
      if (problem !== undefined) throw new LoadError(problem, refused);
    }
    return { root, settings };
  }

  /** All plugins' contexts. */
  *roots(): Iterable<RootContext> {
    for (const { roots } of this.vms) yield* roots.values();
  }

  private newVm(options: PluginOptions, info: ModuleInfo, module: WebAssembly.Module): Vm {
    const { vmId = "", vmConfiguration = "", environment = {}, allowedCapabilities } = options;
    const vm = new Vm(
      module,
      info,
      {
        vmId: binaryOf(vmId),
        configuration: encode(vmConfiguration),
        environment: Object.entries(environment).map(([name, value]) => binaryOf(`${name}=${value}`)),
        allowedCapabilities:
          allowedCapabilities === undefined || allowedCapabilities.length === 0
            ? undefined
            : new Set(allowedCapabilities),
        wasm: options.wasm,
        imports: options.imports ?? {},
      },
      this.environment,
      this.hostFunctions,
    );
    vm.start(new Context(vm, 0, undefined));
    return vm;
  }
}

function settingsOf(options: PluginOptions): Plugin {
  return {
    name: binaryOf(options.name ?? ""),
    rootId: binaryOf(options.rootId ?? ""),
    configuration: encode(options.configuration ?? ""),
    failOpen: options.failOpen ?? false,
    allowOnHeadersStopIteration: options.allowOnHeadersStopIteration ?? false,
  };
}

function canShare(a: PluginOptions, b: PluginOptions): boolean {
  return (
    (a.vmId ?? "") === (b.vmId ?? "") &&
    sameBytes(a.wasm, b.wasm) &&
    sameBytes(encode(a.vmConfiguration ?? ""), encode(b.vmConfiguration ?? "")) &&
    JSON.stringify(a.environment ?? {}) === JSON.stringify(b.environment ?? {}) &&
    JSON.stringify(a.allowedCapabilities ?? []) === JSON.stringify(b.allowedCapabilities ?? [])
  );
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || (a.length === b.length && a.every((byte, i) => byte === b[i]));
}
