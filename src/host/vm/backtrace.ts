/** A function that runs, as the engine tells it. */
export interface StackFrame {
  /** Its number in the module. */
  readonly index: number;
  /** The position of its code, in bytes from the module's beginning. */
  readonly offset: number;
  /** Undefined in a module without names. */
  readonly name: string | undefined;
}

/** The functions of a module that were running, the innermost first. */
export interface ModuleStack {
  /** The module's binary, as the host was given it. */
  readonly wasm: Uint8Array;
  readonly frames: readonly StackFrame[];
}

/** An error in words. */
export function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** How many functions Envoy's backtraces have. */
const MOST_FRAMES = 20;

/** The functions that an error's stack names; `shift` is how many bytes the running module has before its code in excess. */
export function framesOf(error: unknown, shift: number): StackFrame[] {
  if (!(error instanceof Error) || error.stack === undefined) return [];
  const frames = error.stack.matchAll(
    /^\s*at (?:(.*?) \()?wasm:\/\/[^\s:]*:wasm-function\[(\d+)\]:(0x[0-9a-f]+)/gm,
  );
  return [...frames].map(([, name, index, address]) => ({
    index: Number(index),
    offset: Number(address) - shift,
    name: cleanName(name),
  }));
}

/** The functions that are running now. */
export function runningFrames(shift: number): StackFrame[] {
  const engine = Error as { stackTraceLimit?: number };
  const limit = engine.stackTraceLimit;
  engine.stackTraceLimit = 4 * MOST_FRAMES;
  const frames = framesOf(new Error("here"), shift);
  if (limit !== undefined) engine.stackTraceLimit = limit;
  return frames.slice(0, MOST_FRAMES);
}

/** The frames of a trap, in Envoy's form. */
export function backtrace(frames: readonly StackFrame[]): string[] {
  if (frames.length === 0) return [];
  const lines = frames.map(
    ({ name, index, offset }, i) =>
      `  ${i}:  0x${offset.toString(16)} - ${name ?? `wasm-function[${index}]`}`,
  );
  return ["Proxy-Wasm plugin in-VM backtrace:", ...lines];
}

function cleanName(name: string | undefined): string | undefined {
  return name === undefined || name === "" ? undefined : name.replace(/^[^.]*\.(?=\S*\/)/, "");
}
