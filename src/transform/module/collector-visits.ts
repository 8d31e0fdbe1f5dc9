/**
 * Reduces the classes that the collector visits. The compiler makes code for every class that it has met; but only objects of the
 * classes that the finished module makes can be there.
 *
 * @module
 */
import type { Program } from "assemblyscript";
import type binaryenTypes from "assemblyscript/binaryen";
import type { CompilerHooks } from "../compiler/compiler.js";
import type { Layout } from "../compiler/layout.js";
import type { Segment } from "./static-data.js";
import type { ExpressionInfo } from "./expressions.js";
import { isObject, segmentsOf } from "./static-data.js";
import {
  callsOf,
  exportsOf,
  functionsOf,
  infoOf,
  setBlockChild,
  setBody,
  walkExpressions,
} from "./expressions.js";

type Binaryen = CompilerHooks["binaryen"];

const VISIT_GLOBALS = "~lib/rt/__visit_globals";
const VISIT_MEMBERS = "~lib/rt/__visit_members";

/** The case for objects that have nothing to visit. */
const NONE = "none";

/** The functions that have to do with the numbers of classes. */
export interface Makers {
  /** Makes all objects; the class's number is its second parameter. */
  readonly create: string;
  /** Those that pass on a number which they have been given. */
  readonly passing: ReadonlySet<string>;
  /** Those that take it from another object. */
  readonly copying: ReadonlySet<string>;
}

/** Lets the collector know no classes but those of which there can be objects with members. */
export function dropVisitors(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  { managedClasses }: Program,
  layout: Layout,
  makers: Makers,
): void {
  const visit = module.getFunction(VISIT_MEMBERS);
  if (visit === 0) return;
  const classes = madeClasses(module, binaryen, makers);
  if (classes === undefined) return;
  for (const segment of segmentsOf(module)) {
    const made = classOf(segment, layout);
    if (made !== undefined) classes.add(made);
  }
  for (const number of storedClasses(module, binaryen, layout)) classes.add(number);
  const visitors = new Map<number, string>();
  for (const [number, { internalName }] of managedClasses) {
    const visitor = `${internalName}~visit`;
    if (classes.has(number) && module.getFunction(visitor) !== 0) visitors.set(number, visitor);
  }
  const object = module.local.get(0, binaryen.i32);
  const number = module.i32.load(
    0,
    4,
    module.i32.sub(object, module.i32.const(layout.object - layout.classAt)),
  );
  const count = Math.max(-1, ...visitors.keys()) + 1;
  const branches = Array.from({ length: count }, (_, index) => visitors.get(index) ?? NONE);
  let body = module.switch(branches, NONE, number);
  for (const visitor of visitors.values()) {
    // An unused parameter may be gone: the collector's cookie.
    const { params } = binaryen.getFunctionInfo(module.getFunction(visitor));
    const operands = [module.local.get(0, binaryen.i32), module.i32.const(0)];
    operands.length = binaryen.expandType(params).length;
    const call = module.call(visitor, operands, binaryen.none);
    body = module.block(null, [module.block(visitor, [body]), call, module.return()]);
  }
  setBody(binaryen, visit, module.block(NONE, [body]));
}

/**
 * Takes the constants that are texts out of what the collector visits first: they are not on the heap, and refer to nothing.
 * Those of the compiler's library are in every module, and would keep their data there.
 */
export function dropConstantTexts(module: binaryenTypes.Module, binaryen: Binaryen, layout: Layout): void {
  const visit = module.getFunction(VISIT_GLOBALS);
  if (visit === 0) return;
  const texts = new Set(
    segmentsOf(module)
      .filter((segment) => classOf(segment, layout) === layout.string)
      .map(({ offset }) => offset + layout.object),
  );
  const isText = (expression: number): boolean => {
    const { id, value, name } = infoOf(binaryen, expression);
    if (id === binaryen.ConstId) return texts.has(value as number);
    if (id !== binaryen.GlobalGetId) return false;
    const { mutable, init } = binaryen.getGlobalInfo(module.getGlobal(name as string));
    return !mutable && init !== 0 && isText(init);
  };
  // `visit(text)`, or `if (it = text) visit(it)` for a constant that the compiler keeps in a global.
  const visitsText = (expression: number): boolean => {
    const { id, operands, condition } = infoOf(binaryen, expression);
    if (id === binaryen.CallId) return isText((operands as number[])[0]!);
    if (id !== binaryen.IfId) return false;
    const kept = infoOf(binaryen, condition as number);
    return kept.id === binaryen.LocalSetId && isText(kept["value"] as number);
  };
  const { body } = binaryen.getFunctionInfo(visit);
  if (body !== 0 && visitsText(body)) return setBody(binaryen, visit, module.nop());
  const drop = (expression: number, { children }: ExpressionInfo): void => {
    for (const [index, child] of (children as number[]).entries())
      if (visitsText(child)) setBlockChild(binaryen, expression, index, module.nop());
  };
  walkExpressions(binaryen, body, drop, binaryen.BlockId);
}

/** The numbers that may be classes of static objects whose headers the code writes. */
function storedClasses(module: binaryenTypes.Module, binaryen: Binaryen, layout: Layout): Set<number> {
  const { alignment, classAt, object } = layout;
  const end = (((classAt - object) % alignment) + alignment) % alignment;
  const classes = new Set<number>();
  const constant = (expression: number): number | undefined => {
    const { id, value } = infoOf(binaryen, expression);
    return id === binaryen.ConstId ? (value as number) : undefined;
  };
  const visit = (_: number, { offset, ptr, value }: ExpressionInfo): void => {
    const number = constant(value as number);
    const address = constant(ptr as number);
    // A static object's header ends where objects begin.
    const isClass = address !== undefined && (address + (offset as number)) % alignment === end;
    if (number !== undefined && isClass) classes.add(number);
  };
  for (const { body } of functionsOf(module, binaryen))
    walkExpressions(binaryen, body, visit, binaryen.StoreId);
  return classes;
}

/** The number of a static object's class, if the segment is one. */
function classOf(segment: Segment, layout: Layout): number | undefined {
  if (!isObject(segment, layout)) return undefined;
  const { data } = segment;
  return new DataView(data.buffer, data.byteOffset).getUint32(layout.classAt, true);
}

/** The numbers of the classes of which the code makes objects; undefined when that cannot be told. */
function madeClasses(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  makers: Makers,
): Set<number> | undefined {
  const calls = callsOf(module, binaryen);
  if (calls === undefined) return undefined;
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
    for (const { caller, operands } of calls.filter((call) => call.callee === callee)) {
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
