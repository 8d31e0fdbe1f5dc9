/**
 * Callbacks that take longer than a host gives them.
 *
 * @module
 */
import type { HostCall } from "../host/index.js";

/** Set by `proxy-wasm-as test` when a host of the project has a limit: milliseconds for a callback. */
export const CALLBACK_LIMIT_VARIABLE = "PROXY_WASM_AS_CALLBACK_LIMIT";

/** How often in a row: the first runs are slow because V8 has not compiled the code yet, and any when the machine is busy. */
const RUNS = 3;

/** The limit that `test` has set, in milliseconds. */
export function callbackLimit(): number | undefined {
  const text = process.env[CALLBACK_LIMIT_VARIABLE];
  return text === undefined ? undefined : Number(text);
}

/** Measures callbacks, without the host functions that they call, and warns once of each that is too slow. */
export class SlowCallbacks {
  /** One line for each callback that took too long three times in a row. */
  readonly warnings: string[] = [];
  /** The times of each callback that was too slow in its latest runs, in milliseconds. */
  private readonly slow = new Map<string, number[]>();
  private readonly warned = new Set<string>();
  /** Milliseconds in the module so far, of each callback under way: the inner ones last. */
  private readonly taken: number[] = [];
  /** Tells whether the module has run since then. */
  private isInModule = false;
  private since = 0;

  /** @param limit milliseconds that the host gives a callback. */
  constructor(private readonly limit: number) {}

  /** Hears of a call between host and module, when it begins and when it is over. */
  called({ into, name, isOver }: HostCall, now = performance.now()): void {
    if (this.isInModule) this.taken[this.taken.length - 1]! += now - this.since;
    this.since = now;
    this.isInModule = (into === "module") !== isOver;
    if (into === "host") return;
    if (isOver) this.note(name, this.taken.pop()!);
    else this.taken.push(0);
  }

  private note(name: string, milliseconds: number): void {
    if (milliseconds <= this.limit || this.warned.has(name)) return void this.slow.delete(name);
    const times = [...(this.slow.get(name) ?? []), milliseconds];
    this.slow.set(name, times);
    if (times.length < RUNS) return;
    this.warned.add(name);
    const all = times.map((time) => time.toFixed(1)).join(", ");
    const warning = `${name} took ${all} ms; a host of the project gives a callback ${this.limit} ms, and ends it then`;
    this.warnings.push(warning);
    process.emitWarning(warning, { code: "PROXY_WASM_SLOW" });
  }
}
