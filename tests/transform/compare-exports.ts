/** Compares what the build makes of a program with a module that exports everything and carries every guard. */
import assert from "node:assert/strict";
import { overridables } from "../../src/transform/program/callbacks.js";
import type { ContextProgram } from "./random-contexts.js";
import { observe } from "./raw-host.js";
import { compileProgram } from "./try-guards.js";

/** What a module has for itself, whatever is overridden. */
const own = /^proxy_(abi_version_0_2_1|on_(memory_allocate|context_create|configure|done|log|delete))$/;

/** Fails unless the module does what one with everything does, and, where no guard is wanted, exports what is overridden alone. */
export async function compareExports(program: ContextProgram): Promise<void> {
  const decided = await compileProgram(program);
  const everything = await compileProgram(program, ["--transform", "./tests/transform/everything.mjs"]);
  const overridden = new Set<string>();
  let exports: ReadonlySet<string> = new Set();
  for (const rootId of program.rootIds) {
    const all = await observe(everything, rootId, program.hasTcp);
    const some = await observe(decided, rootId, program.hasTcp);
    exports = some.exports;
    const say = `${program.name}\n${Object.entries(program.files).flat().join("\n")}`;
    assert.ok(all.exports.size >= 30, "not everything is exported");
    const [made, wanted] = [some.trace.filter(isSeen), all.trace.filter(isSeen)];
    const at = wanted.findIndex((line, index) => line !== made[index]);
    if (at >= 0 || made.length !== wanted.length)
      assert.fail(`${made.slice(0, at + 1).join("\n")}\nbut with everything: ${wanted[at]}\n${say}`);
    for (const line of all.trace) {
      const name = /^log \w+\.(on\w+)$/.exec(line)?.[1];
      for (const { callback } of overridables.get(name ?? "") ?? []) overridden.add(callback);
    }
  }
  const lacking = [...overridden].filter((name) => !exports.has(name));
  assert.deepEqual(lacking, [], program.name);
  if (!program.isQuiet) return;
  const more = [...exports].filter((name) => !overridden.has(name) && !own.test(name));
  assert.deepEqual(more, [], `${program.name} exports what nothing overrides`);
}

/** What both modules must do alike; that a context is made or stepped into, or that no timer is due, is nothing to see. */
function isSeen(line: string): boolean {
  return !/^proxy_(on_context_create|set_effective_context|set_tick_period_milliseconds 0$)/.test(line);
}
