/**
 * Changes in a compiled module, and a walk through its code: tasks for which binaryen's own interface takes several calls.
 *
 * @module
 */
import type binaryenTypes from "assemblyscript/binaryen";
import { BuildError } from "../build-error.js";
import type { CompilerHooks } from "../compiler/compiler.js";

type Binaryen = CompilerHooks["binaryen"];

/** Replaces the initial value of a global variable, which the module must have. */
export function setGlobal(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  name: string,
  value: number,
): void {
  requireGlobal(module, name);
  module.removeGlobal(name);
  module.addGlobal(name, binaryen.i32, true, module.i32.const(value));
}

/** Fails the build where the module has no global variable of a name. */
export function requireGlobal(module: binaryenTypes.Module, name: string): void {
  if (module.getGlobal(name) === 0)
    throw new BuildError(
      `this compiler has no variable ${name}, which the module needs; use AssemblyScript 0.28.20.`,
    );
}

/** Setters of binaryen that its types leave out. */
interface Setters {
  Function: { setBody(reference: number, body: number): void };
  Block: { setChildAt(block: number, index: number, child: number): void };
  Call: { setOperandAt(call: number, index: number, operand: number): void };
  GlobalSet: { setValue(assignment: number, value: number): void };
}

/** Replaces what a function does. */
export function setBody(binaryen: Binaryen, reference: number, body: number): void {
  (binaryen as unknown as Setters).Function.setBody(reference, body);
}

/** Replaces one of a block's expressions. */
export function setBlockChild(binaryen: Binaryen, block: number, index: number, child: number): void {
  (binaryen as unknown as Setters).Block.setChildAt(block, index, child);
}

/** Replaces what a call is given. */
export function setOperand(binaryen: Binaryen, call: number, index: number, operand: number): void {
  (binaryen as unknown as Setters).Call.setOperandAt(call, index, operand);
}

/** Replaces what a global is given. */
export function setAssigned(binaryen: Binaryen, assignment: number, value: number): void {
  (binaryen as unknown as Setters).GlobalSet.setValue(assignment, value);
}

/** Adds a variable to a function; answers its number. */
export function addLocal(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  name: string,
  type: number,
): number {
  const { _BinaryenFunctionAddVar } = binaryen as unknown as {
    _BinaryenFunctionAddVar(reference: number, type: number): number;
  };
  return _BinaryenFunctionAddVar(module.getFunction(name), type);
}

/** All functions of the module, imported ones among them. */
export function functionsOf(module: binaryenTypes.Module, binaryen: Binaryen): binaryenTypes.FunctionInfo[] {
  return Array.from({ length: module.getNumFunctions() }, (_, index) =>
    binaryen.getFunctionInfo(module.getFunctionByIndex(index)),
  );
}

/** All exports of the module. */
export function exportsOf(module: binaryenTypes.Module, binaryen: Binaryen): binaryenTypes.ExportInfo[] {
  return Array.from({ length: module.getNumExports() }, (_, index) =>
    binaryen.getExportInfo(module.getExportByIndex(index)),
  );
}

/** Binaryen's information about an expression. Its properties depend on the expression's kind. */
export type ExpressionInfo = Readonly<Record<string, unknown>> & { readonly id: number };

/** Binaryen's information about an expression; its kind alone when there is no more. */
export function infoOf(binaryen: Binaryen, expression: number): ExpressionInfo {
  const id = binaryen.getExpressionId(expression);
  if (id === binaryen.NopId || id === binaryen.UnreachableId) return { id };
  return binaryen.getExpressionInfo(expression) as unknown as ExpressionInfo;
}

/** By kind of expression that the compiler's output has: its properties that are expressions, in the order in which they run. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  ...{ Block: ["children"], If: ["condition", "ifTrue", "ifFalse"], Loop: ["body"] },
  ...{ Break: ["value", "condition"], Switch: ["value", "condition"], Return: ["value"] },
  ...{ Call: ["operands"], CallIndirect: ["operands", "target"], Drop: ["value"] },
  ...{ LocalGet: [], LocalSet: ["value"], GlobalGet: [], GlobalSet: ["value"], Const: [] },
  ...{ Load: ["ptr"], Store: ["ptr", "value"], Unary: ["value"], Binary: ["left", "right"] },
  ...{ Select: ["ifTrue", "ifFalse", "condition"], Nop: [], Unreachable: [] },
  ...{ MemorySize: [], MemoryGrow: ["delta"] },
  ...{ MemoryCopy: ["dest", "source", "size"], MemoryFill: ["dest", "value", "size"] },
  ...{ Try: ["body", "catchBodies"], Throw: ["operands"], Rethrow: [] },
};

/** The parts of an expression of another kind: a walk goes on through them, and may miss something. */
const ANY_PART = [...new Set(Object.values(PARTS).flat())];

/** The lists among the parts, with binaryen's name for one of their elements. */
const LISTS: Readonly<Record<string, string>> = {
  children: "Child",
  operands: "Operand",
  catchBodies: "CatchBody",
};

/** Tells a part, or all elements of a list, to `take`. */
type Reader = (expression: number, take: (part: number, name: string, index?: number) => void) => void;

let readersByKind: Map<number, readonly Reader[]> | undefined;

/** Binaryen's own function for each part of a kind: `infoOf` takes three times as long, since it tells everything. */
function readersOf(binaryen: Binaryen, kind: string, parts: readonly string[]): Reader[] {
  const functions = binaryen as unknown as Record<string, ((...parameters: number[]) => number) | undefined>;
  const getter = (name: string): ((...parameters: number[]) => number) => {
    const found = functions[`_Binaryen${kind}Get${name}`];
    if (found === undefined)
      throw new BuildError(`this compiler's binaryen has no ${kind}Get${name}; use AssemblyScript 0.28.20.`);
    return found;
  };
  return parts.map((name): Reader => {
    const element = LISTS[name];
    if (element === undefined) {
      const get = getter(capitalized(name));
      return (expression, take) => {
        const part = get(expression);
        if (part !== 0) take(part, name);
      };
    }
    const count = getter(`Num${capitalized(name)}`);
    const at = getter(`${element}At`);
    return (expression, take) => {
      for (let index = 0, end = count(expression); index < end; index++)
        take(at(expression, index), name, index);
    };
  });
}

function capitalized(name: string): string {
  return name[0]!.toUpperCase() + name.slice(1);
}

/** Tells each part of an expression to `take`, in the order in which they are evaluated. Answers whether its kind is known. */
function eachPart(
  binaryen: Binaryen,
  expression: number,
  id: number,
  take: (part: number, name: string, index?: number) => void,
): boolean {
  readersByKind ??= new Map(
    Object.entries(PARTS).map(([kind, parts]) => [
      (binaryen as unknown as Record<string, number>)[`${kind}Id`]!,
      readersOf(binaryen, kind, parts),
    ]),
  );
  const readers = readersByKind.get(id);
  if (readers === undefined) {
    const info = infoOf(binaryen, expression);
    for (const name of ANY_PART) {
      const value = info[name];
      if (Array.isArray(value)) value.forEach((part: number, index) => void take(part, name, index));
      else if (typeof value === "number" && value !== 0) take(value, name);
    }
    return false;
  }
  for (const read of readers) read(expression, take);
  return true;
}

/**
 * Visits an expression and those in it; with `kind`, those of that kind alone. Answers whether all kinds were known, so that
 * none can have been missed.
 */
export function walkExpressions(
  binaryen: Binaryen,
  body: number,
  visit: (expression: number, info: ExpressionInfo) => void,
  kind?: number,
): boolean {
  let isKnown = true;
  const waiting = [body];
  const push = (part: number): void => void waiting.push(part);
  for (let expression = waiting.pop(); expression !== undefined; expression = waiting.pop()) {
    if (expression === 0) continue;
    const id = binaryen.getExpressionId(expression);
    // The parts first, since `visit` may change them.
    isKnown = eachPart(binaryen, expression, id, push) && isKnown;
    if (kind === undefined || id === kind) visit(expression, infoOf(binaryen, expression));
  }
  return isKnown;
}

/** By kind of expression, the class in binaryen's interface that changes its parts. */
const CHANGEABLE = [
  ...[
    "Block",
    "If",
    "Loop",
    "Break",
    "Switch",
    "Call",
    "CallIndirect",
    "LocalSet",
    "GlobalSet",
    "Load",
    "Store",
  ],
  ...["Unary", "Binary", "Select", "Drop", "Return", "Try", "MemoryGrow", "MemoryCopy", "MemoryFill"],
];

type Setter = (...parameters: number[]) => void;

/** Replaces expressions within `body`: `replace` answers what takes an expression's place, or undefined to keep it. */
export function replaceExpressions(
  binaryen: Binaryen,
  body: number,
  replace: (expression: number) => number | undefined,
): void {
  const table = binaryen as unknown as Record<string, Record<string, Setter> | number>;
  const classes = new Map(CHANGEABLE.map((name) => [table[`${name}Id`] as number, name]));
  const set = (expression: number, id: number, method: string, ...parameters: number[]): void => {
    const name = classes.get(id);
    const setter = name === undefined ? undefined : (table[name] as Record<string, Setter>)[method];
    if (setter === undefined)
      throw new BuildError(
        "this compiler makes code that proxy-wasm-as cannot change; use AssemblyScript 0.28.20.",
      );
    setter(expression, ...parameters);
  };
  const waiting = [body];
  for (let expression = waiting.pop(); expression !== undefined; expression = waiting.pop()) {
    const id = binaryen.getExpressionId(expression);
    const parent = expression;
    eachPart(binaryen, parent, id, (part, name, index) => {
      if (part !== 0) waiting.push(part);
      const other = replace(part);
      if (other === undefined) return;
      if (index === undefined) set(parent, id, `set${capitalized(name)}`, other);
      else set(parent, id, `set${LISTS[name]!}At`, index, other);
    });
  }
}

/** The expressions that an expression consists of, in the order in which they are evaluated. */
export function partsOf(binaryen: Binaryen, expression: number): number[] {
  const parts: number[] = [];
  eachPart(binaryen, expression, binaryen.getExpressionId(expression), (part) => void parts.push(part));
  return parts;
}

/** A call of a function by its name. */
export interface Call {
  readonly caller: string;
  readonly callee: string;
  readonly operands: readonly number[];
}

/** All calls by name; undefined when there is code of a kind that this compiler's is not known to have, in which some may be. */
export function callsOf(module: binaryenTypes.Module, binaryen: Binaryen): Call[] | undefined {
  const calls: Call[] = [];
  let isKnown = true;
  for (const { name, body } of functionsOf(module, binaryen)) {
    const visit = (_: number, { target, operands }: ExpressionInfo): void =>
      void calls.push({ caller: name, callee: target as string, operands: operands as number[] });
    isKnown = walkExpressions(binaryen, body, visit, binaryen.CallId) && isKnown;
  }
  return isKnown ? calls : undefined;
}
