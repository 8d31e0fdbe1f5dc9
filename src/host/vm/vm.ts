import type { AbiVersion } from "../abi/signatures.js";
import { Status } from "../abi/status.js";
import type { Context } from "../context.js";
import type { Environment } from "../environment.js";
import { backtrace, describe, framesOf } from "./backtrace.js";
import type { ModuleStack } from "./backtrace.js";
import type { ModuleInfo } from "./binary.js";
import { findCallbacks } from "./callbacks.js";
import { EnvoyCrash, LoadError } from "./errors.js";
import type { CallingModule, Callback, Value } from "./host-call.js";
import { HostFunctions, RESTRICTED } from "./host-functions.js";
import { linkImports } from "./imports.js";
import { GuestMemory } from "./memory.js";
import type { PluginOptions } from "./plugin.js";
import { noAbiVersion, noAllocator, restricted, trapped } from "./remedies.js";
import {
  allowedAtStart,
  allowedInAllocator,
  allowedInStartSection,
  refuseInStartSection,
} from "./restrictions.js";

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
  private memory: GuestMemory | undefined;
  private callbacks: ReadonlyMap<string, Callback> = new Map();
  /** The host functions, as the module calls them. */
  private readonly hostFunctions: HostFunctions;
  private allocator: Callback | undefined;
  private allocatorName = "";
  private nextId = 1;
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
    this.hostFunctions = new HostFunctions(this, this.module, this.shift);
    const { imports, memory } = linkImports(this, info, (module, name, type) =>
      this.hostFunctions.bind(module, name, type, hostFunctions.get(name)),
    );
    if (memory !== undefined) this.memory = new GuestMemory(memory);
    if (info.hasStart) this.hostFunctions.restriction = allowedInStartSection;
    let instance: WebAssembly.Instance;
    try {
      instance = new WebAssembly.Instance(compiled, imports);
    } catch (error) {
      if (error instanceof EnvoyCrash) throw error;
      throw new LoadError(`Failed to load Wasm module: ${describe(error)}`, trapped);
    }
    this.hostFunctions.restriction = undefined;
    environment.instantiated?.(instance);
    const exported = Object.values(instance.exports).find((value) => value instanceof WebAssembly.Memory);
    if (exported !== undefined) this.memory = new GuestMemory(exported);
    this.callbacks = findCallbacks(this, info, instance);
    this.allocatorName = this.has("malloc") ? "malloc" : "proxy_on_memory_allocate";
    this.allocator = this.callbacks.get(this.allocatorName);
    if (this.allocator === undefined)
      throw new LoadError("Wasm module is missing malloc function.", noAllocator);
  }

  /** Runs `_initialize` and `main`, or `_start`. */
  start(context: Context): void {
    this.hostFunctions.restriction = allowedAtStart;
    try {
      if (this.has("_initialize")) {
        this.call(context, "_initialize");
        if (this.has("main")) this.call(context, "main", 0, 0);
        else if (this.has("__main_void")) this.call(context, "__main_void");
      } else this.call(context, "_start");
    } finally {
      this.hostFunctions.restriction = undefined;
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

  /** The id of the context that was called; 0 where none is. */
  get calledId(): number {
    return this.current?.id ?? 0;
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
    this.hostFunctions.reason = reason;
    return status;
  }

  /** The memory; every host function that takes an address comes by here. */
  get guest(): GuestMemory {
    if (this.hostFunctions.isInStartSection)
      refuseInStartSection(this.environment, "a host function with an address");
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
    const { current, effectiveId, hostFunctions } = this;
    const { restriction } = hostFunctions;
    this.current = this.contexts.get(0);
    this.effectiveId = 0;
    hostFunctions.restriction = allowedInAllocator;
    const result = this.enter(this.allocatorName, this.allocator, [size]);
    this.current = current;
    this.effectiveId = effectiveId;
    hostFunctions.restriction = restriction;
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
      contextId: this.calledId,
      ofModule: false,
      ...(frames.length > 0 && { stack: { wasm: this.options.wasm, frames } }),
    });
  }

  /** Takes the functions that ran when the module last threw; undefined when it has not, or does not tell. */
  takeThrown(): ModuleStack | undefined {
    return this.hostFunctions.takeThrown();
  }

  /** How many bytes the running module has in excess before its code. */
  private get shift(): number {
    return this.info.binary.length - this.options.wasm.length;
  }
}
