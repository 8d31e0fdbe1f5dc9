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

let partsByKind: Map<number, readonly string[]> | undefined;

/** The parts of a kind of expression; undefined when it is not known. */
function partsOfKind(binaryen: Binaryen, id: number): readonly string[] | undefined {
  partsByKind ??= new Map(
    Object.entries(PARTS).map(([name, parts]) => [
      (binaryen as unknown as Record<string, number>)[`${name}Id`]!,
      parts,
    ]),
  );
  return partsByKind.get(id);
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
  for (let expression = waiting.pop(); expression !== undefined; expression = waiting.pop()) {
    if (expression === 0) continue;
    const id = binaryen.getExpressionId(expression);
    const parts = partsOfKind(binaryen, id);
    if (parts === undefined) isKnown = false;
    // Of what has no parts, only the kind is asked for.
    if (kind !== undefined && id !== kind && parts?.length === 0) continue;
    const info = infoOf(binaryen, expression);
    if (kind === undefined || id === kind) visit(expression, info);
    for (const part of partsIn(info, parts ?? ANY_PART)) waiting.push(part);
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
    const parts = partsOfKind(binaryen, id) ?? ANY_PART;
    const info = parts.length === 0 ? undefined : infoOf(binaryen, expression);
    for (const part of parts) {
      const value = info![part];
      if (Array.isArray(value)) {
        for (const [index, child] of (value as number[]).entries()) {
          if (child !== 0) waiting.push(child);
          const other = replace(child);
          if (other !== undefined)
            set(expression, id, part === "children" ? "setChildAt" : "setOperandAt", index, other);
        }
      } else if (typeof value === "number" && value !== 0) {
        waiting.push(value);
        const other = replace(value);
        if (other !== undefined) set(expression, id, `set${part[0]!.toUpperCase()}${part.slice(1)}`, other);
      }
    }
  }
}

/** The expressions that an expression consists of, in the order in which they are evaluated. */
export function partsOf(binaryen: Binaryen, expression: number): number[] {
  const parts = partsOfKind(binaryen, binaryen.getExpressionId(expression));
  return parts?.length === 0 ? [] : partsIn(infoOf(binaryen, expression), parts ?? ANY_PART);
}

function partsIn(info: ExpressionInfo, names: readonly string[]): number[] {
  const parts: number[] = [];
  for (const name of names) {
    const value = info[name];
    if (Array.isArray(value)) parts.push(...(value as number[]));
    else if (typeof value === "number" && value !== 0) parts.push(value);
  }
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
