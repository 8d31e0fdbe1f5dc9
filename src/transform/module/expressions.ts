/**
 * What binaryen's own interface does not have in one call: changes in a compiled module, and a walk through its code.
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
  if (module.getGlobal(name) === 0)
    throw new BuildError(
      `this compiler has no variable ${name}, which the module needs; use AssemblyScript 0.28.20.`,
    );
  module.removeGlobal(name);
  module.addGlobal(name, binaryen.i32, true, module.i32.const(value));
}

/** What binaryen's interface has and its types leave out. */
interface Setters {
  Function: { setBody(reference: number, body: number): void };
  Block: { setChildAt(block: number, index: number, child: number): void };
}

/** Replaces what a function does. */
export function setBody(binaryen: Binaryen, reference: number, body: number): void {
  (binaryen as unknown as Setters).Function.setBody(reference, body);
}

/** Replaces one of a block's expressions. */
export function setBlockChild(binaryen: Binaryen, block: number, index: number, child: number): void {
  (binaryen as unknown as Setters).Block.setChildAt(block, index, child);
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

/** What binaryen tells about an expression; which properties there are depends on its kind. */
export type ExpressionInfo = Readonly<Record<string, unknown>> & { readonly id: number };

/** What binaryen tells about an expression: its kind alone when there is no more to tell. */
export function infoOf(binaryen: Binaryen, expression: number): ExpressionInfo {
  const id = binaryen.getExpressionId(expression);
  if (id === binaryen.NopId || id === binaryen.UnreachableId) return { id };
  return binaryen.getExpressionInfo(expression) as unknown as ExpressionInfo;
}

/** The properties of expressions that are expressions, or lists of them: all that the compiler's output has. */
const PARTS = [
  ...["children", "operands", "target", "body", "condition", "ifTrue", "ifFalse"],
  ...["value", "left", "right", "ptr", "dest", "source", "size", "delta", "catchBodies"],
];

/** Visits an expression and those in it. */
export function walkExpressions(
  binaryen: Binaryen,
  body: number,
  visit: (expression: number, info: ExpressionInfo) => void,
): void {
  const waiting = [body];
  for (let expression = waiting.pop(); expression !== undefined; expression = waiting.pop()) {
    if (expression === 0) continue;
    const info = infoOf(binaryen, expression);
    visit(expression, info);
    waiting.push(...partsOfInfo(binaryen, info));
  }
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
  ...["Unary", "Binary", "Select", "Drop", "Return", "MemoryGrow", "MemoryCopy", "MemoryFill"],
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
  walkExpressions(binaryen, body, (expression, info) => {
    const set = (method: string, ...parameters: number[]): void => {
      const name = classes.get(info.id);
      const setter = name === undefined ? undefined : (table[name] as Record<string, Setter>)[method];
      if (setter === undefined)
        throw new BuildError(
          "this compiler makes code that proxy-wasm-as cannot change; use AssemblyScript 0.28.20.",
        );
      setter(expression, ...parameters);
    };
    if (info.id === binaryen.ConstId) return;
    for (const part of PARTS) {
      const value = info[part];
      if (Array.isArray(value)) {
        for (const [index, child] of (value as number[]).entries()) {
          const other = replace(child);
          if (other !== undefined) set(part === "children" ? "setChildAt" : "setOperandAt", index, other);
        }
      } else if (typeof value === "number" && value !== 0) {
        const other = replace(value);
        if (other !== undefined) set(`set${part[0]!.toUpperCase()}${part.slice(1)}`, other);
      }
    }
  });
}

/** The expressions that an expression consists of, in the order in which they are evaluated. */
export function partsOf(binaryen: Binaryen, expression: number): number[] {
  return partsOfInfo(binaryen, infoOf(binaryen, expression));
}

function partsOfInfo(binaryen: Binaryen, info: ExpressionInfo): number[] {
  if (info.id === binaryen.ConstId) return [];
  return PARTS.flatMap((part) => {
    const value = info[part];
    return Array.isArray(value) ? (value as number[]) : typeof value === "number" ? [value] : [];
  }).filter((part) => part !== 0);
}

/** A call of a function by its name. */
export interface Call {
  readonly caller: string;
  readonly callee: string;
  readonly operands: readonly number[];
}

/** All calls by name; undefined when the walk has missed one, as it would in code that this compiler's is not known to have. */
export function callsOf(module: binaryenTypes.Module, binaryen: Binaryen): Call[] | undefined {
  const calls: Call[] = [];
  for (const { name, body } of functionsOf(module, binaryen)) {
    walkExpressions(binaryen, body, (_, { id, target, operands }) => {
      if (id === binaryen.CallId)
        calls.push({ caller: name, callee: target as string, operands: operands as number[] });
    });
  }
  const written = module.emitText().match(/^\s*\((?:return_)?call \$/gm)?.length ?? 0;
  return calls.length === written ? calls : undefined;
}
