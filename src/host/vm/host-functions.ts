import type { Signature } from "../abi/signatures.js";
import { Status } from "../abi/status.js";
import { readable } from "../abi/text.js";
import { THROWS, isReason } from "../../wasm/telling.js";
import { runningFrames } from "./backtrace.js";
import type { ModuleStack } from "./backtrace.js";
import type { CallingModule, Callback, Value } from "./host-call.js";
import { allowedInStartSection, refuseInStartSection } from "./restrictions.js";
import type { HostFunction, Vm } from "./vm.js";

/** The exception that Envoy throws into a module when it calls a function that is not allowed yet. */
export const RESTRICTED = "restricted_callback";

/** The host functions of one VM: who may call them, who is told of the calls, and why one answers something else than Ok. */
export class HostFunctions {
  /** The functions that the module may call now; undefined when those are all. */
  restriction: ReadonlySet<string> | undefined;
  /** Why the function that runs is about to answer something else than Ok. */
  reason: string | undefined;
  private thrown: ModuleStack | undefined;

  constructor(
    private readonly vm: Vm,
    private readonly module: CallingModule,
    /** How many bytes the running module has in excess before its code. */
    private readonly shift: number,
  ) {}

  /** Tells whether the module's own start function runs, before anybody knows the memory. */
  get isInStartSection(): boolean {
    return this.restriction === allowedInStartSection;
  }

  /** Takes the functions that ran when the module last threw; undefined when it has not, or does not tell. */
  takeThrown(): ModuleStack | undefined {
    const { thrown } = this;
    this.thrown = undefined;
    return thrown;
  }

  /** A host function as the module calls it. */
  bind(module: string, name: string, type: Signature, implementation: HostFunction | undefined): Callback {
    const full = `${module}.${name}`;
    const key = module === "env" ? full : name;
    const { vm } = this;
    const { environment } = vm;
    const allowed = vm.options.allowedCapabilities;
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
        this.thrown = { wasm: vm.options.wasm, frames: runningFrames(this.shift) };
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
          contextId: vm.calledId,
          ofModule: false,
        });
        this.reason = "the capability is not among the allowed ones";
        result = module === "env" ? Status.InternalFailure : 76;
      } else result = (implementation as unknown as (vm: Vm, ...args: Value[]) => Value | void)(vm, ...args);
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
          contextId: vm.calledId,
        });
      return result as Value | undefined;
    };
  }

  /** A diagnostic module says why the SDK refused something by itself; Envoy would answer BadArgument. */
  private hear([level, ptr, length]: readonly number[]): Status {
    const { vm } = this;
    const reason = vm.guest.readText(ptr!, length!) ?? "";
    if (reason !== "")
      vm.environment.refused?.({
        by: "sdk",
        function: "proxy-wasm-as",
        status: level! & 0xff,
        reason: readable(reason),
        contextId: vm.calledId,
      });
    return Status.Ok;
  }
}
