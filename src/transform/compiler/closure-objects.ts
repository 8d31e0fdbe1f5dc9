/**
 * Function objects that hold variables: how one is made, and how a function that is called takes out of it what it holds.
 *
 * @module
 */
import type { Flow, Function as CompiledFunction, Local, Node, Type } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import binaryen from "assemblyscript/binaryen";
import { boxOf, boxParameters, setBox } from "./closure-boxes.js";
import { TypeRef, allocate, classNamed } from "./closure-heap.js";
import type { Inside } from "./closure-heap.js";
import type { ClosurePlan } from "./closures.js";
import { THIS } from "./nodes.js";

/** The global in which a function finds the object that it is called by. */
const CALLED = "~called";

const { ElementKind, ExpressionId, LocalFlags, CommonFlags } = assemblyscript as unknown as Record<
  "ElementKind" | "ExpressionId" | "LocalFlags" | "CommonFlags",
  Record<string, number>
>;
const { getExpressionId, getLocalSetIndex } = assemblyscript as unknown as Record<
  string,
  (expression: number) => number
>;

/** Functions of binaryen that its types leave out. */
interface Setters {
  _BinaryenCallIndirectGetTarget(call: number): number;
  _BinaryenLoadGetPtr(load: number): number;
  _BinaryenBlockGetNumChildren(block: number): number;
  _BinaryenBlockGetChildAt(block: number, index: number): number;
  _BinaryenBlockSetChildAt(block: number, index: number, child: number): void;
}
const raw = binaryen as unknown as Setters;

/** A variable of the function around a closure, which the closure takes with it. */
interface Capture {
  readonly name: string;
  /** The local of the function around it, or that of the variable's place. */
  readonly outer: number;
  readonly type: Type;
  readonly managed: boolean;
  /** The local in the function itself. */
  readonly inner: number;
}

const captures = new WeakMap<CompiledFunction, Capture[]>();
/** The numbers of functions that are made at run time only. */
const numbers = new WeakMap<CompiledFunction, number>();
const latest = new WeakMap<Node, CompiledFunction>();

/** Tells whether a function holds variables, so that each of its objects is made at run time. */
export function holdsVariables(instance: CompiledFunction): boolean {
  return (captures.get(instance)?.length ?? 0) > 0;
}

/** Notes the number in the table of a function that holds variables. */
export function numberFunction(instance: CompiledFunction, number: number): void {
  numbers.set(instance, number);
}

/** The function of a body, when its objects are made at run time. */
export function madeAtRunTime(body: Node | null): CompiledFunction | undefined {
  const instance = body === null ? undefined : latest.get(body);
  return instance !== undefined && numbers.has(instance) ? instance : undefined;
}

/** The local with the `this` of the method around an arrow function. */
export function heldThis(flow: Flow): Local | undefined {
  for (let around: Flow | null = flow; around !== null; around = around.outer) {
    const found = around.lookupLocal(THIS) ?? around.lookupLocal("this");
    if (found !== null) return found;
  }
  return undefined;
}

/** Makes a call by reference leave the function's object in the global. */
export function tellCalled({ module }: Inside, expression: number): void {
  let call = expression;
  while (getExpressionId!(call) === ExpressionId["Block"])
    call = raw._BinaryenBlockGetChildAt(call, raw._BinaryenBlockGetNumChildren(call) - 1);
  if (getExpressionId!(call) !== ExpressionId["CallIndirect"]) return;
  if (module.getGlobal(CALLED) === 0) module.addGlobal(CALLED, TypeRef["I32"]!, true, module.i32(0));
  // The function's number is loaded from a block: the count of the arguments is set, then comes the function's object.
  const block = raw._BinaryenLoadGetPtr(raw._BinaryenCallIndirectGetTarget(call));
  const last = raw._BinaryenBlockGetNumChildren(block) - 1;
  const called = raw._BinaryenBlockGetChildAt(block, last);
  const told = [module.global_set(CALLED, called), module.global_get(CALLED, TypeRef["I32"]!)];
  raw._BinaryenBlockSetChildAt(block, last, module.block(null, told, TypeRef["I32"]));
}

/** The places of captured values in a closure, objects first; with the number of objects, and the size of all. */
function layout(held: readonly Capture[]): { offsets: Map<Capture, number>; objects: number; size: number } {
  const offsets = new Map<Capture, number>();
  const objects = held.filter(({ managed }) => managed);
  const rest = held.filter(({ managed }) => !managed).sort((a, b) => b.type.byteSize - a.type.byteSize);
  let size = 8;
  for (const capture of objects) {
    offsets.set(capture, size);
    size += 4;
  }
  for (const capture of rest) {
    const { byteSize } = capture.type;
    size = Math.ceil(size / byteSize) * byteSize;
    offsets.set(capture, size);
    size += byteSize;
  }
  return { offsets, objects: objects.length, size };
}

/** Takes what the function holds out of its object, before anything else. */
export function enterFunction(
  compiler: Inside,
  plan: ClosurePlan,
  instance: CompiledFunction,
  statements: number[],
): void {
  const body = instance.prototype.bodyNode as Node;
  latest.set(body, instance);
  if (plan.boxed.size > 0) boxParameters(compiler, plan, instance, statements);
  const wanted = plan.functions.get(body);
  const flow = compiler.currentFlow;
  const { outer } = flow;
  if (wanted === undefined || outer === null) return;
  const { module } = compiler;
  const functionType = classNamed(compiler, "Closure").type;
  const self = flow.getTempLocal(functionType);
  const held: Capture[] = [];
  let used = false;
  for (const name of wanted.names) {
    if (wanted.own.has(name)) {
      const own = flow.addScopedLocal(name, instance.signature.type);
      flow.setLocalFlag(
        own.index,
        LocalFlags["Initialized"]! | LocalFlags["Constant"]! | LocalFlags["NonNull"]!,
      );
      statements.push(module.local_set(own.index, module.global_get(CALLED, TypeRef["I32"]!), true));
      used = true;
      continue;
    }
    const found = name === THIS ? heldThis(outer) : outer.lookup(name);
    if (!found || (found.kind as number) !== ElementKind["Local"]) continue;
    const local = found as Local;
    if (local.is(CommonFlags["Inlined"] as never)) {
      flow.scopedLocals ??= new Map();
      flow.scopedLocals.set(name, local);
      continue;
    }
    // A variable that is being declared has no value yet. The compiler says so at its use.
    if (local.index < 0 || local.parent !== outer.targetFunction) continue;
    held.push(hold(compiler, instance, local, name));
  }
  if (held.length > 0) {
    used = true;
    captures.set(instance, held);
    const { offsets } = layout(held);
    const get = (): number => module.local_get(self.index, TypeRef["I32"]!);
    statements.push(module.local_set(self.index, module.global_get(CALLED, TypeRef["I32"]!), true));
    for (const capture of held) {
      const { type, inner, managed } = capture;
      const value = module.load(
        type.byteSize,
        type.isSignedIntegerValue,
        get(),
        type.toRef(),
        offsets.get(capture),
      );
      statements.push(module.local_set(inner, value, managed));
    }
  }
  if (used && module.getGlobal(CALLED) === 0) module.addGlobal(CALLED, TypeRef["I32"]!, true, module.i32(0));
}

/** Gives the function a local of its own for a variable of the function around it. */
function hold(compiler: Inside, instance: CompiledFunction, local: Local, name: string): Capture {
  const flow = compiler.currentFlow;
  const outer = flow.outer!;
  const { type } = local;
  const mirror = flow.addScopedLocal(name, type);
  const flags = ["NonNull", "Constant"].filter((flag) =>
    outer.isLocalFlag(local.index, LocalFlags[flag]!, false),
  );
  const box = boxOf(outer.targetFunction, local.index);
  flow.setLocalFlag(mirror.index, LocalFlags["Initialized"]!);
  if (box === undefined) {
    for (const flag of flags) flow.setLocalFlag(mirror.index, LocalFlags[flag]!);
    return { name, outer: local.index, type, managed: type.isManaged, inner: mirror.index };
  }
  const boxType = outer.targetFunction.localsByIndex[box]!.type;
  const own = flow.getTempLocal(boxType);
  setBox(instance, mirror.index, own.index);
  return { name, outer: box, type: boxType, managed: true, inner: own.index };
}

/** Makes the function's object, where the compiler has put the address of one that is always there. */
export function makeClosure(compiler: Inside, instance: CompiledFunction, value: number): number {
  const { module } = compiler;
  const flow = compiler.currentFlow;
  const held = captures.get(instance)!;
  const { offsets, objects, size } = layout(held);
  const made = flow.getTempLocal(classNamed(compiler, "Closure").type);
  const get = (): number => module.local_get(made.index, TypeRef["I32"]!);
  const store = (bytes: number, what: number, type: number, offset: number): number =>
    module.store(bytes, get(), what, type, offset);
  const parts = [
    module.local_set(made.index, allocate(compiler, size, "Closure"), true),
    store(4, module.i32(numbers.get(instance)!), TypeRef["I32"]!, 0),
    store(4, module.i32(objects), TypeRef["I32"]!, 4),
  ];
  for (const capture of held) {
    const ref = capture.type.toRef();
    parts.push(
      store(capture.type.byteSize, module.local_get(capture.outer, ref), ref, offsets.get(capture)!),
    );
  }
  parts.push(get());
  const closure = module.block(null, parts, TypeRef["I32"]);
  if (getExpressionId!(value) !== ExpressionId["LocalSet"]) return closure;
  // The statement of a nested function keeps it in a constant.
  return module.local_tee(getLocalSetIndex!(value), closure, true);
}
