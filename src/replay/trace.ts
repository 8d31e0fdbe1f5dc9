/** Which VM a trace is of, and what was called in it, in order. */
export interface VmTrace {
  /** Counts the VMs of a trace, from 1. */
  readonly number: number;
  /** The thread that it runs in; empty where the trace does not tell. */
  readonly thread: string;
  /** The first line of it. */
  readonly line: number;
  /** The callbacks, oldest first. */
  readonly callbacks: Callback[];
  /** Tells whether the trace begins with the VM's start. */
  readonly fromStart: boolean;
  /** The bytes of the module that ran, where the trace tells. */
  readonly size: number | undefined;
  /** The digests of its sources by their names, where the trace tells. */
  readonly sources?: ReadonlyMap<string, string>;
  /** Callbacks that may be those of another VM of the thread, whose contexts have the same numbers. */
  doubtful: number;
}

/** A trace, read. */
export interface Trace {
  /** Of whom it is: Envoy's log has no bytes, one's own trace has. */
  readonly by: "Envoy" | "proxy-wasm-as";
  readonly vms: readonly VmTrace[];
  /** Its faults, in sentences. */
  readonly notes: readonly string[];
}

/** How a call ended: a callback that failed has trapped; of a call that is cut the trace does not have the end. */
export type End = "returned" | "failed" | "cut";

/** A call into the module. */
export interface Callback {
  readonly name: string;
  /** Numbers without a sign, as Envoy logs them. */
  readonly args: readonly string[];
  readonly line: number;
  /** The host functions that the module called meanwhile. */
  readonly steps: Step[];
  end: End;
  /** Undefined of one that answers nothing. */
  result: string | undefined;
  /** Why it failed, in the host's words. */
  failure: string | undefined;
}

/** A call of a host function. */
export interface Step {
  /** The module that the function is imported from. */
  readonly from: string;
  readonly name: string;
  readonly args: readonly string[];
  readonly line: number;
  /** How many bytes the host asked the module's allocator for, each time. */
  readonly allocations: number[];
  /** The callbacks that the host called before it answered. */
  readonly inner: Callback[];
  end: End;
  result: string | undefined;
  /** The message that the module logged by it, as binary text. */
  message: string | undefined;
  /** Milliseconds since 1970; undefined where lines have no time. */
  readonly time: number | undefined;
  /** The bytes that the module passed, for each text or block of bytes; undefined when the trace has no bytes. */
  readonly passed: readonly (Uint8Array | undefined)[] | undefined;
  /** The values that the host handed over, for each result; undefined when the trace has no bytes. */
  handed: readonly (Uint8Array | bigint | undefined)[] | undefined;
}

/** A callback that has just begun. */
export function newCallback(name: string, args: readonly string[], line: number): Callback {
  return { name, args, line, steps: [], end: "cut", result: undefined, failure: undefined };
}

/** A call of a host function that has just begun. */
export function newStep(
  function_: { readonly from: string; readonly name: string; readonly args: readonly string[] },
  line: number,
  time?: number,
  passed?: Step["passed"],
): Step {
  const { from, name, args } = function_;
  return {
    ...{ from, name, args, line, allocations: [], inner: [], end: "cut", result: undefined },
    ...{ message: undefined, time, passed, handed: undefined },
  };
}

/** Tells whether the host calls this only to have room for what it hands over. */
export function isAllocator(name: string): boolean {
  return name === "proxy_on_memory_allocate" || name === "malloc";
}

/**
 * Adds a callback that begins to what is open: within a host call, or as an outermost one, before which `outermost` is called. False
 * for an allocation that no host call has asked for, so that lines are missing before it.
 */
export function beginCallback(
  open: (Callback | Step)[],
  callback: Callback,
  outermost: (callback: Callback) => void,
): boolean {
  const { name, args } = callback;
  const top = open.at(-1) as Callback | Step | undefined;
  const step = top !== undefined && "inner" in top ? top : undefined;
  if (isAllocator(name) && step === undefined) return false;
  if (step === undefined) {
    outermost(callback);
    open.length = 0;
  } else if (isAllocator(name)) step.allocations.push(Number(args[0]));
  else step.inner.push(callback);
  open.push(callback);
  return true;
}
