import { exportType, importType } from "../abi/signatures.js";
import type { AbiVersion, Signature } from "../abi/signatures.js";
import { Status } from "../abi/status.js";
import { readable } from "../abi/text.js";
import type { Context } from "../context.js";
import type { Environment } from "../environment.js";
import { THROWS, isReason } from "../../wasm/telling.js";
import type { Limits } from "../../wasm/interface.js";
import { MAX_PAGES } from "./binary.js";
import type { ModuleInfo } from "./binary.js";
import { backtrace, describe, framesOf, runningFrames } from "./backtrace.js";
import type { ModuleStack } from "./backtrace.js";
import { EnvoyCrash, LoadError } from "./errors.js";
import type { CallingModule, Value } from "./host-call.js";
import { GuestMemory } from "./memory.js";
import type { PluginOptions } from "./plugin.js";
import { missingImport, noAbiVersion, noAllocator, restricted, trapped } from "./remedies.js";
import {
  allowedAtStart,
  allowedInAllocator,
  allowedInStartSection,
  refuseInStartSection,
} from "./restrictions.js";

/** The exception that Envoy throws into a module when it calls a function that is not allowed yet. */
const RESTRICTED = "restricted_callback";

/** A host function: it gets the VM that calls, and what the module passed. */
export type HostFunction = (vm: Vm, ...args: never[]) => Value | void;

/** The values that distinguish one VM from another. */
export interface VmOptions {
  readonly vmId: string;
  readonly configuration: Uint8Array;
  readonly environment: readonly string[];
  readonly allowedCapabilities: ReadonlySet<string> | undefined;
  /** The module as the host was given it. */
  readonly wasm: Uint8Array;
  /** Imports of the module besides Envoy's functions. */
  readonly imports: NonNullable<PluginOptions["imports"]>;
}

type Callback = (...args: Value[]) => Value | undefined;

/** One instance of a module, with its contexts. */
export class Vm {
  readonly abiVersion: AbiVersion;
  /** All contexts that have not been deleted, by id. 0 is the VM's own. */
  readonly contexts = new Map<number, Context>();
  /** Roots that answered 0 to `proxy_on_done` and have not called `proxy_done`. */
  readonly pendingDone = new Set<Context>();
  /** Why the VM is dead; undefined while it lives. */
  failure: string | undefined;
  /** Actions that wait for the end of the call into the module. */
  private readonly actions: (() => void)[] = [];
  /** Set by a local response: the answer of the callback does not count. */
  stopNext = false;
  /** The context of the call that runs. */
  private current: Context | undefined;
  private effectiveId = 0;
  private restriction: ReadonlySet<string> | undefined;
  private memory: GuestMemory | undefined;
  private readonly callbacks = new Map<string, Callback>();
  private allocator: Callback | undefined;
  private allocatorName = "";
  private nextId = 1;
  private reason: string | undefined;
  private thrown: ModuleStack | undefined;
  /** The view of this VM for observers of calls. */
  private readonly module: CallingModule;
  private readonly lastNumbers = { call: [0, 1, 2], metric: [0, 1, 2] };

  constructor(
    compiled: WebAssembly.Module,
    private readonly info: ModuleInfo,
    readonly options: VmOptions,
    readonly environment: Environment,
    hostFunctions: ReadonlyMap<string, HostFunction>,
  ) {
    if (info.abiVersion === undefined)
      throw new LoadError("Missing or unknown Proxy-Wasm ABI version", noAbiVersion);
    this.abiVersion = info.abiVersion;
    this.module = { wasm: options.wasm, read: (ptr, length) => this.memory?.read(ptr, length) };
    const imports = this.link(hostFunctions);
    if (info.hasStart) this.restriction = allowedInStartSection;
    let instance: WebAssembly.Instance;
    try {
      instance = new WebAssembly.Instance(compiled, imports);
    } catch (error) {
      if (error instanceof EnvoyCrash) throw error;
      throw new LoadError(`Failed to load Wasm module: ${describe(error)}`, trapped);
    }
    this.restriction = undefined;
    environment.instantiated?.(instance);
    const memory = Object.values(instance.exports).find((value) => value instanceof WebAssembly.Memory);
    if (memory !== undefined) this.memory = new GuestMemory(memory as WebAssembly.Memory);
    this.lookUp(instance);
  }

  /** Runs `_initialize` and `main`, or `_start`. */
  start(context: Context): void {
    this.restriction = allowedAtStart;
    try {
      if (this.has("_initialize")) {
        this.call(context, "_initialize");
        if (this.has("main")) this.call(context, "main", 0, 0);
        else if (this.has("__main_void")) this.call(context, "__main_void");
      } else this.call(context, "_start");
    } finally {
      this.restriction = undefined;
    }
    if (this.failure === undefined) return;
    const remedy = this.failure.includes(RESTRICTED) ? restricted : trapped;
    throw new LoadError(`Failed to initialize Wasm code: ${this.failure}`, remedy);
  }

  /** An id for a new context. */
  allocateId(): number {
    while (this.contexts.has(this.nextId)) this.nextId++;
    return this.nextId++;
  }

  /** A new number for calls or metrics; its two lowest bits are the kind. */
  nextNumber(of: "call" | "metric", kind: 0 | 1 | 2): number {
    return (this.lastNumbers[of][kind]! += 4);
  }

  /** The context that host functions act on: the one in effect, or the one that was called. */
  get context(): Context {
    return (this.effectiveId === 0 ? undefined : this.contexts.get(this.effectiveId)) ?? this.current!;
  }

  /** Tells whether a call into the module runs. */
  get isBusy(): boolean {
    return this.current !== undefined;
  }

  /** Puts a context in effect for the rest of this call; false when there is none of this id. */
  setEffective(id: number): boolean {
    if (!this.contexts.has(id)) return false;
    this.effectiveId = id;
    return true;
  }

  has(name: string): boolean {
    return this.callbacks.has(name);
  }

  /** Calls into the module; undefined without such a callback, or when the call trapped. */
  call(context: Context, name: string, ...args: Value[]): number | undefined {
    const callback = this.callbacks.get(name);
    if (callback === undefined || this.failure !== undefined) return undefined;
    const { current, effectiveId } = this;
    this.current = context;
    this.effectiveId = 0;
    const result = this.enter(name, callback, args);
    this.current = current;
    this.effectiveId = effectiveId;
    return result === undefined ? undefined : Number(result);
  }

  /** Does this when the call into the module has ended, or now when none runs. */
  afterCall(action: () => void): void {
    this.actions.push(action);
  }

  /** Ends a call into the module: what had to wait for it is done. */
  endCall(): void {
    this.stopNext = false;
    for (let action = this.actions.shift(); action !== undefined; action = this.actions.shift()) action();
  }

  /** Says why a host function is about to answer something else than Ok. */
  because<S extends Status>(status: S, reason: string): S {
    this.reason = reason;
    return status;
  }

  /** Tells whether the module's own start function runs, before anybody knows the memory. */
  private get isInStartSection(): boolean {
    return this.restriction === allowedInStartSection;
  }

  /** The memory; every host function that takes an address comes by here. */
  get guest(): GuestMemory {
    if (this.isInStartSection) refuseInStartSection(this.environment, "a host function with an address");
    if (this.memory === undefined)
      this.environment.crash(
        "a host function got an address from a module that exports no memory",
        "Export the module's memory.",
      );
    return this.memory!;
  }

  /** Hands bytes to the module: allocates there, also for no bytes where Envoy does, writes them and their place. */
  give(bytes: Uint8Array, ptrOut: number, sizeOut: number, evenEmpty = false): Status {
    let ptr = 0;
    if (bytes.length > 0 || evenEmpty) {
      ptr = this.allocate(bytes.length);
      if (ptr === 0 && bytes.length > 0)
        return this.because(Status.InvalidMemoryAccess, "the module's allocator failed");
      if (!this.guest.write(ptr, bytes)) return this.badAddress("the allocator's result", ptr, bytes.length);
    }
    if (!this.guest.writeU32(ptrOut, ptr)) return this.badAddress("the address for the pointer", ptrOut, 4);
    if (!this.guest.writeU32(sizeOut, bytes.length))
      return this.badAddress("the address for the size", sizeOut, 4);
    return Status.Ok;
  }

  badAddress(what: string, ptr: number, length: number): typeof Status.InvalidMemoryAccess {
    const reason = `${what}: ${length >>> 0} bytes at ${ptr >>> 0} are outside the memory of ${this.guest.size} bytes`;
    return this.because(Status.InvalidMemoryAccess, reason);
  }

  private allocate(size: number): number {
    if (this.allocator === undefined || this.failure !== undefined) return 0;
    const { current, effectiveId, restriction } = this;
    this.current = this.contexts.get(0);
    this.effectiveId = 0;
    this.restriction = allowedInAllocator;
    const result = this.enter(this.allocatorName, this.allocator, [size]);
    this.current = current;
    this.effectiveId = effectiveId;
    this.restriction = restriction;
    return this.failure === undefined ? Number(result ?? 0) >>> 0 : 0;
  }

  private enter(name: string, callback: Callback, args: Value[]): Value | undefined {
    const { called } = this.environment;
    const call = { into: "module", from: "", name, arguments: args } as const;
    called?.({ ...call, isOver: false, result: undefined }, this.module);
    let result: Value | undefined;
    try {
      result = callback(...args);
    } catch (error) {
      if (error instanceof EnvoyCrash) throw error;
      this.fail(name, error);
      return undefined;
    }
    called?.({ ...call, isOver: true, result }, this.module);
    return result;
  }

  private fail(name: string, error: unknown): void {
    this.failure = `Function: ${name} failed: Uncaught ${describe(error)}`;
    const frames = framesOf(error, this.shift);
    this.environment.log({
      level: "error",
      from: "",
      message: [this.failure, ...backtrace(frames)].join("\n"),
      contextId: this.current?.id ?? 0,
      ofModule: false,
      ...(frames.length > 0 && { stack: { wasm: this.options.wasm, frames } }),
    });
    this.environment.vmFailed?.(this);
  }

  /** Takes the functions that ran when the module last threw; undefined when it has not, or does not tell. */
  takeThrown(): ModuleStack | undefined {
    const { thrown } = this;
    this.thrown = undefined;
    return thrown;
  }

  /** How many bytes the running module has in excess before its code. */
  private get shift(): number {
    return this.info.binary.length - this.options.wasm.length;
  }

  private link(hostFunctions: ReadonlyMap<string, HostFunction>): WebAssembly.Imports {
    const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
    for (const { module, name, kind, type, limits } of this.info.imports) {
      const full = `${module}.${name}`;
      const more = this.options.imports[module]?.[name];
      if (more !== undefined) {
        (imports[module] ??= {})[name] = more;
        continue;
      }
      if (limits !== undefined) {
        (imports[module] ??= {})[name] = kind === "memory" ? this.newMemory(limits) : newTable(limits);
        continue;
      }
      const host = kind === "function" ? this.typeOf(module, name) : undefined;
      if (host === undefined)
        throw new LoadError(
          `Failed to load Wasm module due to a missing import: ${full}`,
          missingImport(this.abiVersion, module, name),
        );
      if (host !== type) {
        const types = `want: ${type}, but host exports: ${host}`;
        throw new LoadError(
          `Failed to load Wasm module due to an import type mismatch: ${full}, ${types}`,
          `Declare it as Envoy has it: ${host}.`,
        );
      }
      (imports[module] ??= {})[name] = this.bind(module, name, host, hostFunctions.get(name));
    }
    return imports;
  }

  /** The type of a host function; undefined where this Envoy has none. */
  private typeOf(module: string, name: string): Signature | undefined {
    const { wasi } = this.environment.rules;
    if (module.startsWith("wasi_") && wasi !== undefined && !wasi.has(name)) return undefined;
    return importType(this.abiVersion, module, name);
  }

  /** A memory that the module imports; addresses are its own unless it exports another. */
  private newMemory({ initial, maximum }: Limits): WebAssembly.Memory {
    const memory = new WebAssembly.Memory({ initial, maximum: Math.min(maximum ?? MAX_PAGES, MAX_PAGES) });
    this.memory = new GuestMemory(memory);
    return memory;
  }

  /** A host function as the module calls it. */
  private bind(
    module: string,
    name: string,
    type: Signature,
    implementation: HostFunction | undefined,
  ): Callback {
    const full = `${module}.${name}`;
    const key = module === "env" ? full : name;
    const { environment } = this;
    const allowed = this.options.allowedCapabilities;
    const isVoid = type.endsWith("-> void");
    const hasStatus = module === "env" && !isVoid && name !== "pthread_equal";
    if (
      module === "env"
        ? !name.startsWith("proxy_") && implementation === undefined
        : implementation === undefined
    )
      implementation = () => (module === "env" ? 0 : 52);
    const isRestricted =
      allowed !== undefined && !allowed.has(name) && name !== "emscripten_notify_memory_growth";
    const call = { into: "host", from: module, name } as const;
    return (...args) => {
      if (full === "env.proxy_log" && isReason(Number(args[0]))) return this.hear(args.map(Number));
      if (full === "env.proxy_log" && Number(args[0]) === THROWS) {
        this.thrown = { wasm: this.options.wasm, frames: runningFrames(this.shift) };
        return Status.Ok;
      }
      environment.called?.({ ...call, arguments: args, isOver: false, result: undefined }, this.module);
      if (this.restriction !== undefined && !this.restriction.has(key)) {
        if (this.isInStartSection) refuseInStartSection(environment, full);
        throw new Error(RESTRICTED);
      }
      this.reason = undefined;
      let result: Value | void;
      if (isRestricted) {
        const kind = module === "env" ? "proxy-wasm" : "WASI";
        environment.log({
          level: "error",
          from: "",
          message: `Attempted call to restricted ${kind} capability: ${name}`,
          contextId: this.current?.id ?? 0,
          ofModule: false,
        });
        this.reason = "the capability is not among the allowed ones";
        result = module === "env" ? Status.InternalFailure : 76;
      } else
        result = (implementation as unknown as (vm: Vm, ...args: Value[]) => Value | void)(this, ...args);
      environment.called?.(
        { ...call, arguments: args, isOver: true, result: isVoid ? undefined : (result as Value) },
        this.module,
      );
      if (result !== 0 && hasStatus && environment.refused !== undefined)
        environment.refused({
          by: "host",
          function: name,
          status: result as number,
          reason: this.reason ?? "",
          contextId: this.current?.id ?? 0,
        });
      return result as Value | undefined;
    };
  }

  /** A module built with reasons says why the SDK refused something by itself; Envoy would answer BadArgument. */
  private hear([level, ptr, length]: readonly number[]): Status {
    const reason = this.guest.readText(ptr!, length!) ?? "";
    if (reason !== "")
      this.environment.refused?.({
        by: "sdk",
        function: "proxy-wasm-as",
        status: level! & 0xff,
        reason: readable(reason),
        contextId: this.current?.id ?? 0,
      });
    return Status.Ok;
  }

  private lookUp(instance: WebAssembly.Instance): void {
    const allowed = this.options.allowedCapabilities;
    for (const { name, kind, type } of this.info.exports) {
      const wanted = exportType(this.abiVersion, name);
      if (wanted === undefined || kind !== "function") continue;
      if (wanted !== type && !this.isUnused(name))
        throw new LoadError(
          `Bad function signature for: ${name}, want: ${wanted}, but the module exports: ${type}`,
          `Export it as Envoy calls it: ${wanted}.`,
        );
      const needed = name === "malloc" || name.startsWith("proxy_on_memory") || !name.startsWith("proxy_");
      if (allowed !== undefined && !allowed.has(name) && !needed) continue;
      this.callbacks.set(name, instance.exports[name] as unknown as Callback);
    }
    this.allocatorName = this.has("malloc") ? "malloc" : "proxy_on_memory_allocate";
    this.allocator = this.callbacks.get(this.allocatorName);
    if (this.allocator === undefined)
      throw new LoadError("Wasm module is missing malloc function.", noAllocator);
  }

  /** Tells whether Envoy does not even look for this export. */
  private isUnused(name: string): boolean {
    const hasExport = (other: string): boolean => this.info.exports.some((entry) => entry.name === other);
    if (name === "_start") return hasExport("_initialize");
    if (name === "main" || name === "__main_void") return !hasExport("_initialize");
    return name === "proxy_on_memory_allocate" && hasExport("malloc");
  }
}

function newTable({ initial, maximum }: Limits): WebAssembly.Table {
  return new WebAssembly.Table({ element: "anyfunc", initial, ...(maximum !== undefined && { maximum }) });
}
