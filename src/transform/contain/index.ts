/**
 * A bug costs one request: the callback catches its exception, and the SDK ends the request or connection that the callback was
 * for (assembly/callbacks/contain.ts). A module in which nothing can be thrown carries none of this code. See docs/bugs.md.
 *
 * @module
 */
import type { MethodDeclaration, Program, Source } from "assemblyscript";
import type binaryenTypes from "assemblyscript/binaryen";
import type { CompilerHooks } from "../compiler/compiler.js";
import { NodeKind } from "../compiler/compiler.js";
import { CallGraph } from "../flow/calls.js";
import { dropEarlyGuard } from "../module/early-guard.js";
import { catchInCallbacks } from "./catch.js";
import { budgetOf, spendOnLoops, spendOnRecursion } from "./budget.js";
import { containEnumNames } from "./enum-names.js";
import { Entries } from "./entries.js";
import { guardDivisions, guardMemory } from "./guards.js";
import { ABORT, HEAP_FAIL, TAG, isTrapping, tellsHost } from "./names.js";
import { placeCalls } from "./places.js";
import { ERROR_HANDLER } from "../program/callbacks.js";
import { walk } from "../source/syntax.js";
import { compileExceptions } from "./try.js";

type Binaryen = CompilerHooks["binaryen"];

/** Tells whether the user's sources catch something themselves, or may ask what was thrown. */
function catchesIn(sources: readonly Source[]): boolean {
  let found = false;
  for (const source of sources)
    walk(source.statements, (node) => {
      found ||=
        node.kind === NodeKind["Try"] ||
        (node.kind === NodeKind["MethodDeclaration"] &&
          (node as MethodDeclaration).name.text === ERROR_HANDLER);
    });
  return found;
}

/** The parts of a build that contain bugs: a bug ends the callback and not the VM. */
export class Containment {
  private readonly entries = new Entries();
  private readonly isOn: boolean;
  private readonly budget: number;
  private catches = false;
  private spends = false;
  private hasBugs = false;

  /** Before anything is compiled. */
  constructor(private readonly program: Program) {
    this.isOn = !isTrapping(program);
    this.budget = budgetOf(program);
    if (!this.isOn) return;
    containEnumNames(program);
    // For the places of calls.
    program.options.sourceMap = true;
  }

  /** Once the sources are parsed: has `throw` and `try` in them compiled, unless they are AssemblyScript as it is. */
  prepareSources(
    sources: readonly Source[],
    define: (name: string, value: string) => void,
    isTypeScript: boolean,
  ): void {
    this.catches = catchesIn(sources);
    if (this.catches) define("PROXY_WASM_TRY", "1");
    if (isTypeScript) compileExceptions(this.program, this.catches, this.isOn);
  }

  /** The exports of the entry that are no callbacks. They make the compiler compile the functions. */
  entry(flow: boolean): string {
    if (!this.isOn) return "";
    const lines = [
      'export { contain as $contain, finish as $finish } from "./assembly/callbacks/contain";',
      'export { divisor32 as $1, divisor64 as $2, divisorOf32 as $3, divisorOf64 as $4 } from "./assembly/runtime/guards";',
      'export { beginBudget as $5, spend as $6, descend as $7, ascend as $8 } from "./assembly/runtime/budget";',
      ...(this.catches ? ['import "./assembly/language/exceptions";'] : []),
      ...(flow ? ['export { hasMore as $hasMore, doMore as $doMore } from "./assembly/flow/fiber";'] : []),
    ];
    return lines.join("\n");
  }

  /** While what is compiled is still as the compiler made it: keeps the places of calls that can fail. */
  prepare(module: binaryenTypes.Module, binaryen: Binaryen): void {
    const graph = new CallGraph(module, binaryen, true);
    dropEarlyGuard(module, binaryen, graph);
    if (!this.isOn) return;
    // Otherwise asyncify's own passes take calls for what throws nothing.
    if (module.getTag(TAG) !== 0)
      module.setFeatures(module.getFeatures() | binaryen.Features.ExceptionHandling);
    const divides = guardDivisions(module, binaryen, this.program, this.entries);
    const loops = spendOnLoops(module, binaryen, this.program, graph, this.entries, this.budget);
    // The want of memory has no place: nearly every call can meet it.
    const failing = graph.has(ABORT) ? graph.callersOf(ABORT, HEAP_FAIL) : new Set<string>();
    placeCalls(module, binaryen, this.program, failing, this.entries);
    const recursion = spendOnRecursion(module, binaryen, this.program, graph, this.entries, this.budget);
    this.spends = loops || recursion;
    this.hasBugs = divides || this.spends || failing.size > 1;
    if (this.hasBugs) guardMemory(module, binaryen, this.entries);
  }

  /** Has the callbacks catch. */
  finish(module: binaryenTypes.Module, binaryen: Binaryen): void {
    if (!this.isOn) return;
    const tells = tellsHost(this.program);
    catchInCallbacks(module, binaryen, this.entries, this.hasBugs, this.spends, tells);
  }
}
