/**
 * Runs a module in a host that answers from a trace.
 *
 * @module
 */
import { Context } from "../host/context.js";
import type { Environment, LogEntry } from "../host/environment.js";
import { rulesOf } from "../host/envoy-rules.js";
import { LoadError, VirtualLoop, bugsIn, unsigned } from "../host/index.js";
import type { ModuleStack, Value } from "../host/index.js";
import { importNames } from "../host/abi/signatures.js";
import { printable, readable } from "../host/abi/text.js";
import { Metrics } from "../host/services/metrics.js";
import { SharedData } from "../host/services/shared-data.js";
import { SharedQueues } from "../host/services/shared-queues.js";
import { runningFrames } from "../host/vm/backtrace.js";
import { compile } from "../host/vm/registry.js";
import type { HostFunction } from "../host/vm/vm.js";
import { Vm } from "../host/vm/vm.js";
import { Answers } from "./answers.js";
import type { Missing, Values } from "./answers.js";
import { differenceOf, isExplanation, madeText, stepText } from "./compare.js";
import type { Made } from "./compare.js";
import { readPassed } from "./parameters.js";
import { Starter } from "./starter.js";
import type { Callback, Step, VmTrace } from "./trace.js";

/** A call in which a module and a trace differ. */
export interface Difference {
  /** In a sentence. */
  readonly what: string;
  /** The line of the trace. */
  readonly line: number;
  /** The callback that ran, and the line in which it begins. */
  readonly callback: string;
  readonly begins: number;
  /** The call in the trace, and that of the module. */
  readonly trace: string;
  readonly module: string;
  /** The functions of the module that were running. */
  readonly stack: ModuleStack | undefined;
}

/** A bug that the module had again. */
export interface Bug {
  readonly message: string;
  readonly line: number;
  readonly callback: string;
  readonly stack: ModuleStack | undefined;
}

/** The result of a replay. */
export interface Replayed {
  /** How far it went: all of the trace, up to where both part, or up to where the trace breaks off. */
  readonly end: "same" | "parted" | "cut";
  readonly callbacks: number;
  readonly calls: number;
  readonly difference: Difference | undefined;
  readonly bugs: readonly Bug[];
  /** The values that the module asked for until then, and that the trace does not have. */
  readonly missing: readonly Missing[];
  /** The position of the module when the trace broke off. */
  readonly cutAt: { readonly callback: Callback; readonly stack: ModuleStack | undefined } | undefined;
  /** The start of the VM was not in the trace. */
  readonly started: boolean;
}

/** Facts that are known besides the trace. */
export interface ReplayOptions {
  readonly values?: Values;
  /** The plugin's configuration, for a trace that begins after the start. */
  readonly configuration?: Uint8Array;
}

/** Replays a VM of a trace; throws `LoadError` when the module is none. */
export async function replay(
  trace: VmTrace,
  wasm: Uint8Array,
  options: ReplayOptions = {},
): Promise<Replayed> {
  const compiled = await compile(wasm);
  return new Replay(trace, wasm, options).run(compiled);
}

/** Thrown through the module to leave it. Its calls after that do not count. */
class Left extends Error {}

class Replay {
  private readonly answers: Answers;
  private readonly bugs: Bug[] = [];
  private difference: Difference | undefined;
  private cutAt: Replayed["cutAt"];
  private callbacks = 0;
  private calls = 0;
  private running: { readonly callback: Callback; next: number } | undefined;
  private vm: Vm | undefined;
  private shift = 0;
  private stack: ModuleStack | undefined;
  private readonly starter: Starter;

  constructor(
    private readonly trace: VmTrace,
    private readonly wasm: Uint8Array,
    options: ReplayOptions,
  ) {
    const { values = new Map() as Values, configuration = new Uint8Array(0) } = options;
    this.answers = new Answers(values, trace.callbacks);
    this.starter = new Starter(trace, configuration);
  }

  run({ info, module }: Awaited<ReturnType<typeof compile>>): Replayed {
    this.shift = info.binary.length - this.wasm.length;
    const functions = new Map<string, HostFunction>();
    for (const [from, name] of importNames(info.abiVersion ?? "0.2.1"))
      functions.set(name, (_vm: Vm, ...args: Value[]) => this.call(from, name, args));
    const settings = {
      ...{ vmId: "", configuration: new Uint8Array(0), environment: [], imports: {} },
      ...{ allowedCapabilities: undefined, wasm: this.wasm },
    };
    const vm = new Vm(module, info, settings, this.environment(), functions);
    this.vm = vm;
    const context = new Context(vm, 0, undefined);
    const { trace, starter } = this;
    if (!trace.fromStart) starter.start(vm, context);
    for (const callback of trace.callbacks) {
      if (!trace.fromStart) starter.before(vm, context, callback);
      if (vm.failure !== undefined && this.difference === undefined && this.bugs.length === 0)
        throw new LoadError(`The module fails as it starts: ${vm.failure}`, "");
      this.callback(vm, context, callback);
      if (this.isLeft) break;
    }
    const { bugs, callbacks, calls, difference, cutAt } = this;
    return {
      end: difference !== undefined ? "parted" : cutAt !== undefined ? "cut" : "same",
      ...{ callbacks, calls, difference, bugs, cutAt, missing: this.answers.missing },
      started: !trace.fromStart,
    };
  }

  private get isLeft(): boolean {
    return this.difference !== undefined || this.cutAt !== undefined;
  }

  /** Calls into the module as the trace has it. */
  private callback(vm: Vm, context: Context, callback: Callback): void {
    const { name, args, end, result, steps } = callback;
    const outer = this.running;
    const running = { callback, next: 0 };
    this.running = running;
    if (!vm.has(name)) {
      const what = "the module does not export this callback";
      this.part(what, callback.line, `${name}(${args.join(", ")})`, "nothing: there is no such export");
      return;
    }
    const hadFailed = vm.failure;
    const answer = vm.call(context, name, ...args.map(Number));
    this.running = running;
    if (this.isLeft) return;
    const failed = vm.failure !== undefined && vm.failure !== hadFailed;
    const next = steps[running.next];
    const failure = /failed: (.*)$/.exec(vm.failure ?? "")?.[1] ?? "";
    if (end === "cut" && next === undefined) {
      this.cutAt = { callback, stack: this.stack };
      return;
    }
    this.callbacks++;
    const told = returnText(result);
    if (failed && end !== "failed")
      this.part(
        "the module has a bug that it did not have then",
        next?.line ?? callback.line,
        next === undefined ? told : stepText(next),
        failure,
        this.stack,
      );
    else if (next !== undefined)
      this.part("the module calls less", next.line, stepText(next), failed ? failure : returnText(answer));
    else if (end === "failed" && !failed)
      this.part(
        "it failed in the trace",
        callback.line,
        callback.failure ?? "a trap; the log does not say which",
        returnText(answer),
      );
    else if (!failed && end === "returned" && told !== returnText(answer))
      this.part("it answers something else", callback.line, told, returnText(answer));
    this.running = outer;
  }

  /** A call of the module: it must be the next one of the trace, which tells the answer. */
  private call(from: string, name: string, args: readonly Value[]): Value | void {
    const vm = this.vm;
    // From a start section, which nothing is known of.
    if (vm === undefined) return 0;
    if (this.isLeft) throw new Left();
    const { running } = this;
    if (running === undefined || this.starter.isRunning) return this.starter.answer(vm, name, args);
    const passed = readPassed(vm.guest, name, args);
    const made: Made = { from, name, args: args.map(unsigned), passed };
    const step = running.callback.steps[running.next];
    if (step === undefined) return isExplanation(made) ? 0 : this.atEnd(running.callback, made);
    const difference = differenceOf(made, step);
    if (difference !== undefined) {
      if (isExplanation(made)) return 0;
      this.part(difference, step.line, stepText(step), madeText(made), this.here());
      throw new Left();
    }
    running.next++;
    this.calls++;
    return this.answer(vm, step, running.callback, args, passed);
  }

  private answer(
    vm: Vm,
    step: Step,
    callback: Callback,
    args: readonly Value[],
    passed: readonly (Uint8Array | undefined)[],
  ): Value | void {
    const { running } = this;
    for (const inner of step.inner) {
      this.callback(vm, vm.context, inner);
      this.running = running;
      if (this.isLeft) throw new Left();
    }
    if (step.end !== "returned") {
      // A call that Envoy does not allow here ends the call into the module; otherwise the trace breaks off.
      if (callback.end === "failed") throw new Error(callback.failure ?? "the host ended the call");
      this.cutAt = { callback, stack: this.here() };
      throw new Left();
    }
    this.answers.give(vm, step, callback, args, passed);
    return step.result === undefined ? undefined : Number(step.result);
  }

  /** The module calls, and the trace has no further call. */
  private atEnd(callback: Callback, made: Made): never {
    if (callback.end === "cut") this.cutAt = { callback, stack: this.here() };
    else {
      const then = callback.end === "failed" ? (callback.failure ?? "a trap") : returnText(callback.result);
      this.part("the module calls more", callback.line, then, madeText(made), this.here());
    }
    throw new Left();
  }

  private part(what: string, line: number, trace: string, module: string, stack?: ModuleStack): void {
    const { callback } = this.running!;
    this.difference ??= {
      ...{ what, line, trace, module, stack },
      callback: `${callback.name}(${callback.args.join(", ")})`,
      begins: callback.line,
    };
  }

  private here(): ModuleStack {
    return { wasm: this.wasm, frames: runningFrames(this.shift) };
  }

  private log(entry: LogEntry): void {
    if (this.isLeft || entry.ofModule || this.running === undefined) return;
    this.stack = entry.stack;
    const { callback } = this.running;
    this.bugs.push({
      message: printable(entry.message.split("\n")[0]!),
      line: callback.line,
      callback: callback.name,
      stack: entry.stack,
    });
  }

  private environment(): Environment {
    const loop = new VirtualLoop();
    return {
      ...{ loop, rules: rulesOf(), refused: undefined, instantiated: undefined, logLevel: 0 },
      called: (call) => {
        // A bug that the SDK contains is told by a critical message.
        if (call.into !== "host" || call.name !== "proxy_log" || call.isOver || this.isLeft) return;
        if (Number(call.arguments[0]) !== 5 || this.running === undefined || this.vm === undefined) return;
        const [, ptr, length] = call.arguments.map(Number);
        const stack = this.vm.takeThrown() ?? this.here();
        const { callback } = this.running;
        for (const message of bugsIn(readable(this.vm.guest.readText(ptr!, length!) ?? "")))
          this.bugs.push({
            message: printable(message),
            line: callback.line,
            callback: callback.name,
            stack,
          });
      },
      log: (entry) => this.log(entry),
      ...{ crash: () => undefined, random: () => undefined },
      ...{ clusters: new Map(), sharedData: new SharedData(), queues: new SharedQueues() },
      ...{ metrics: new Metrics(), foreignFunctions: new Map(), properties: new Map() },
    };
  }
}

function returnText(result: string | number | undefined): string {
  return result === undefined ? "returns" : `returns ${unsigned(Number(result))}`;
}
