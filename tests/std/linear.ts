import assert from "node:assert/strict";
import { withCounters } from "../../src/count/operators.js";
import { Module } from "./module.js";

/** A module that counts the operators which it executes, and eight bytes that it moves as one. */
export class CountedModule {
  private constructor(readonly module: Module) {}

  static async load(
    name: string,
    host: Record<string, unknown> = {},
    more: Record<string, Record<string, unknown>> = {},
  ): Promise<CountedModule> {
    const imports = { env: host, ...more };
    return new CountedModule(await Module.load(name, imports, [], (binary) => withCounters(binary)));
  }

  private get steps(): number {
    const count = (name: string): number =>
      Number((this.module.exports as unknown as Record<string, WebAssembly.Global>)[name]!.value);
    return count("$operators") + count("$bulkBytes") / 8;
  }

  stepsOf(run: (module: Module) => void): number {
    this.module.collect(); // not in the middle of what is counted
    const before = this.steps;
    run(this.module);
    return this.steps - before;
  }
}

export interface Limits {
  /** The sizes of the inputs, which differ by a power of two. */
  readonly sizes?: readonly number[];
  /** The most steps for a unit of an input. */
  readonly most?: number;
}

/**
 * Makes a judge that runs something on inputs of 4 KiB, 32 KiB and 1 MiB: the steps have to grow as the input does, and
 * none may trap, take very many steps for each unit, or let the memory grow beyond 128 MiB. Steps are counted, not timed:
 * they are the same whatever the machine is busy with.
 */
export async function linearJudge(
  name: string,
  host: Record<string, unknown> = {},
  more: Record<string, Record<string, unknown>> = {},
): Promise<(run: (module: Module, size: number) => void, limits?: Limits) => void> {
  const counted = await CountedModule.load(name, host, more);
  return (run, { sizes = [1 << 12, 1 << 15, 1 << 20], most = 2000 } = {}) => {
    let previous = Infinity;
    counted.stepsOf((it) => run(it, sizes[0]!)); // what is made once
    for (const [i, size] of sizes.entries()) {
      const steps = counted.stepsOf((it) => run(it, size));
      const allowed = i === 0 ? Infinity : 1.15 * previous * (size / sizes[i - 1]!) + 20_000;
      assert.ok(steps <= allowed && steps <= most * size, `${size}: ${steps} steps, ${allowed} allowed`);
      previous = steps;
    }
    assert.ok(counted.module.size <= 128 << 20, `${counted.module.size} bytes of memory`);
  };
}
