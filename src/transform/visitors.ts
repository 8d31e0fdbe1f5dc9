/**
 * What the collector visits. The compiler makes code for every class that it has met; only objects of those that the module
 * makes in the end can be there.
 *
 * @module
 */
import type binaryenTypes from "assemblyscript/binaryen";
import type { CompilerHooks } from "./compiler.js";
import { segmentsOf } from "./data.js";
import { exportsOf, functionsOf, infoOf, walkExpressions } from "./module.js";

type Binaryen = CompilerHooks["binaryen"];

const VISIT_MEMBERS = "~lib/rt/__visit_members";

/** The number that the compiler gives to the class `String`, which has nothing to visit. */
const STRING = 2;

/** Where the header of a static object has the number of its class. */
const CLASS_AT = 12;

/** The functions that have to do with the numbers of classes. */
export interface Makers {
  /** Makes all objects; the class's number is its second parameter. */
  readonly create: string;
  /** Those that pass on a number which they have been given. */
  readonly passing: ReadonlySet<string>;
  /** Those that take it from another object. */
  readonly copying: ReadonlySet<string>;
}

/** Takes the branches of classes whose objects nobody makes out of the collector's code. */
export function dropVisitors(module: binaryenTypes.Module, binaryen: Binaryen, makers: Makers): void {
  const visit = module.getFunction(VISIT_MEMBERS);
  if (visit === 0) return;
  const made = madeClasses(module, binaryen, makers);
  if (made === undefined) return;
  for (const { data } of segmentsOf(module)) {
    if (data.length < CLASS_AT + 4) continue;
    made.add(new DataView(data.buffer, data.byteOffset).getUint32(CLASS_AT, true));
  }
  walkExpressions(binaryen, binaryen.getFunctionInfo(visit).body, (expression, { id, names, condition }) => {
    if (id !== binaryen.SwitchId || infoOf(binaryen, condition as number).id !== binaryen.LoadId) return;
    const branches = names as string[];
    for (const [number] of branches.entries()) {
      if (number > STRING && !made.has(number)) setBranch(binaryen, expression, number, branches[STRING]!);
    }
  });
}

/** The numbers of the classes of which the code makes objects; undefined when that cannot be told. */
function madeClasses(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  makers: Makers,
): Set<number> | undefined {
  const calls = new Map<string, { caller: string; operands: number[] }[]>();
  for (const { name, body } of functionsOf(module, binaryen)) {
    walkExpressions(binaryen, body, (_, { id, target, operands }) => {
      if (id !== binaryen.CallId) return;
      const callee = target as string;
      if (!calls.has(callee)) calls.set(callee, []);
      calls.get(callee)!.push({ caller: name, operands: operands as number[] });
    });
  }
  const exported = new Set(exportsOf(module, binaryen).map(({ value }) => value));
  const made = new Set<number>();
  // A function's parameter that is a class's number.
  const waiting: [string, number][] = [[makers.create, 1]];
  const known = new Set<string>();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [callee, parameter] = next;
    if (exported.has(callee)) return undefined;
    if (known.has(callee)) continue;
    known.add(callee);
    for (const { caller, operands } of calls.get(callee) ?? []) {
      if (makers.copying.has(caller)) continue;
      if (operands.length <= parameter) return undefined;
      const operand = infoOf(binaryen, operands[parameter]!);
      if (operand.id === binaryen.ConstId) made.add(operand["value"] as number);
      else if (operand.id === binaryen.LocalGetId && makers.passing.has(caller))
        waiting.push([caller, operand["index"] as number]);
      else return undefined;
    }
  }
  return made;
}

/** A part of binaryen's interface that its types leave out. */
interface SwitchAccess {
  Switch: { setNameAt(expression: number, index: number, name: string): void };
}

function setBranch(binaryen: Binaryen, expression: number, index: number, name: string): void {
  (binaryen as unknown as SwitchAccess).Switch.setNameAt(expression, index, name);
}
