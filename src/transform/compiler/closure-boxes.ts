/**
 * The places of variables that change and are held by functions: each has one on the heap, and the variable's own local mirrors it.
 *
 * @module
 */
import type { Function as CompiledFunction, Local } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { TypeRef, allocate, classNamed } from "./closure-heap.js";
import type { Inside } from "./closure-heap.js";
import type { ClosurePlan } from "./closures.js";

const { ExpressionId } = assemblyscript as unknown as { ExpressionId: Record<string, number> };
const { getExpressionId, getLocalGetIndex } = assemblyscript as unknown as Record<
  string,
  (expression: number) => number
>;

/** The places of variables, as locals: of each function by the variable's own local. */
const boxes = new WeakMap<CompiledFunction, Map<number, number>>();

/** The local with the place of a variable; undefined for a variable that has none. */
export function boxOf(instance: CompiledFunction, variable: number): number | undefined {
  return boxes.get(instance)?.get(variable);
}

export function setBox(instance: CompiledFunction, variable: number, box: number): void {
  if (!boxes.has(instance)) boxes.set(instance, new Map());
  boxes.get(instance)!.set(variable, box);
}

/** Makes a variable's place, and puts the value there that the variable has. */
export function makeBox(compiler: Inside, name: string): number[] {
  const flow = compiler.currentFlow;
  const local = flow.lookupLocal(name);
  if (local === null || local.index < 0) return [];
  return boxLocal(compiler, local);
}

function boxLocal(compiler: Inside, local: Local): number[] {
  const { module } = compiler;
  const flow = compiler.currentFlow;
  const className = local.type.isManaged ? "ObjectBox" : "ValueBox";
  const box = flow.getTempLocal(classNamed(compiler, className).type);
  setBox(flow.targetFunction, local.index, box.index);
  const size = local.type.isManaged ? 4 : 8;
  const { type } = local;
  return [
    module.local_set(box.index, allocate(compiler, size, className), true),
    // It is new, so that the collector need not be told.
    module.store(
      type.byteSize,
      module.local_get(box.index, TypeRef["I32"]!),
      module.local_get(local.index, type.toRef()),
      type.toRef(),
    ),
  ];
}

/** Makes the places of parameters that change, as the function begins. */
export function boxParameters(
  compiler: Inside,
  plan: ClosurePlan,
  instance: CompiledFunction,
  statements: number[],
): void {
  for (const parameter of instance.prototype.functionTypeNode.parameters) {
    if (!plan.boxed.has(parameter)) continue;
    const local = compiler.currentFlow.lookupLocal(parameter.name.text);
    if (local !== null) statements.push(...boxLocal(compiler, local));
  }
}

/** Reads a variable from its place. The variable's own local gets the value too: the compiler knows by it what is not null. */
export function readBox(compiler: Inside, value: number): number {
  if (getExpressionId!(value) !== ExpressionId["LocalGet"]) return value;
  const { module } = compiler;
  const { targetFunction } = compiler.currentFlow;
  const index = getLocalGetIndex!(value);
  const box = boxOf(targetFunction, index);
  if (box === undefined) return value;
  const { type } = targetFunction.localsByIndex[index]!;
  const read = module.load(
    type.byteSize,
    type.isSignedIntegerValue,
    module.local_get(box, TypeRef["I32"]!),
    type.toRef(),
  );
  return module.local_tee(index, read, type.isManaged);
}

/** Writes to a variable's place what its local has. */
export function writeBox(compiler: Inside, box: number, { index, type }: Local): number[] {
  const { module, program } = compiler;
  const ref = type.toRef();
  const address = (): number => module.local_get(box, TypeRef["I32"]!);
  const parts = [module.store(type.byteSize, address(), module.local_get(index, ref), ref)];
  if (type.isManaged) {
    const link = program.linkInstance;
    compiler.compileFunction(link);
    parts.push(
      module.call(
        link.internalName,
        [address(), module.local_get(index, ref), module.i32(0)],
        TypeRef["None"]!,
      ),
    );
  }
  return parts;
}
