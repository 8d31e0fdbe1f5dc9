import assert from "node:assert/strict";
import binaryen from "assemblyscript/binaryen";
import { Module } from "./module.js";

/** A module that counts its steps: Binaryen makes each function, loop round and branch report itself. */
export class CountedModule {
  private constructor(
    readonly module: Module,
    private readonly count: { steps: number },
  ) {}

  static async load(name: string, host: Record<string, unknown> = {}): Promise<CountedModule> {
    const count = { steps: 0 };
    const imports = { env: { ...host, log_execution: () => void count.steps++ } };
    const module = await Module.load(name, imports, [], (binary) => {
      const parsed = binaryen.readBinary(binary);
      parsed.setFeatures(binaryen.Features.All);
      parsed.runPasses(["log-execution"]);
      return parsed.emitBinary();
    });
    return new CountedModule(module, count);
  }

  stepsOf(run: (module: Module) => void): number {
    run(this.module);
    this.module.collect(); // not in the middle of what is counted
    const before = this.count.steps;
    run(this.module);
    return this.count.steps - before;
  }
}

/**
 * Makes a judge that runs something on inputs of a size: the steps have to grow as the input does, whatever the machine is
 * busy with, and 1 MiB must neither trap, take very long (copying is one step), nor take more than 128 MiB of memory.
 */
export async function linearJudge(
  name: string,
  host: Record<string, unknown> = {},
): Promise<(run: (module: Module, size: number) => void) => void> {
  const counted = await CountedModule.load(name, host);
  const module = await Module.load(name, { env: host });
  return (run) => {
    const small = counted.stepsOf((it) => run(it, 1 << 12));
    const large = counted.stepsOf((it) => run(it, 1 << 15));
    assert.ok(large <= 9 * small + 2000, `${1 << 12}: ${small} steps, ${1 << 15}: ${large} steps`);
    const start = performance.now();
    run(module, 1 << 20);
    const time = performance.now() - start;
    assert.ok(time < 20_000, `1 MiB: ${time} ms`);
    assert.ok(module.size <= 128 << 20, `1 MiB: ${module.size} bytes of memory`);
  };
}
