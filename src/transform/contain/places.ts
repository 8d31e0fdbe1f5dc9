/**
 * Finds the place in the user's sources of a bug that shows in the compiler's library or in the SDK. The user's code notes the
 * place of each call that can fail, which costs one store. The library's own places are of no use to anybody.
 *
 * @module
 */
import type { Program, Range, Source } from "assemblyscript";
import type binaryenTypes from "assemblyscript/binaryen";
import type { CompilerHooks } from "../compiler/compiler.js";
import { addLocal, infoOf, partsOf } from "../module/expressions.js";
import { isUserSource } from "../source/syntax.js";
import type { Entries } from "./entries.js";
import { ABORT, PLACE } from "./names.js";

type Binaryen = CompilerHooks["binaryen"];

/** A function of the program, as the compiler keeps it. */
interface CompiledFunction {
  readonly internalName: string;
  readonly declaration?: { readonly range: Range; readonly name: { readonly range: Range } };
  readonly debugLocations?: ReadonlyMap<number, Range>;
  readonly parent?: { readonly declaration?: CompiledFunction["declaration"] };
}

/** The setter of calls, which binaryen's types leave out. */
interface CallSetters {
  Call: { setOperandAt(call: number, index: number, operand: number): void };
}

/** A function's code, with where it stands. */
export interface PlacedFunction {
  readonly name: string;
  readonly isUser: boolean;
  /** The place of the function's name. */
  readonly declared: Range | undefined;
  /** The places of expressions in a source of the user; undefined when the compiler has not kept it. */
  readonly ranges: ReadonlyMap<number, Range>;
}

/** The compiled functions by name. */
export function placedFunctions(program: Program): Map<string, PlacedFunction> {
  const found = new Map<string, PlacedFunction>();
  for (const element of program.instancesByName.values()) {
    const { internalName, debugLocations, ...rest } = element as unknown as CompiledFunction;
    if (debugLocations === undefined) continue;
    // A constructor that the compiler makes for a class's initial values has a declaration of the compiler's own.
    const isMade =
      internalName.endsWith("#constructor") &&
      rest.declaration !== undefined &&
      !isUserSource(rest.declaration.range.source);
    const declaration = isMade ? rest.parent?.declaration : rest.declaration;
    const source = declaration?.range.source;
    found.set(internalName, {
      name: internalName,
      isUser: source !== undefined && isUserSource(source),
      declared: declaration?.name.range,
      ranges: debugLocations,
    });
  }
  return found;
}

/** A place as a number: how far the file's name is into the entries, line and column. 0 where that has no room. */
export function encodePlace(range: Range, entries: Entries): number {
  const source: Source = range.source;
  const file = entries.offsetOf(source.normalizedPath);
  if (file >= 2 ** 11) return 0;
  const line = source.lineAt(range.start);
  const column = source.columnAt();
  return (file * 2 ** 21 + Math.min(line, 0x1fff) * 2 ** 8 + Math.min(column, 0xff)) | 0;
}

/** Visits the expressions of a function of the user, inner ones last, with the innermost place of the user's that is known. */
export function walkPlaced(
  binaryen: Binaryen,
  body: number,
  { ranges }: PlacedFunction,
  visit: (expression: number, range: Range | undefined) => void,
): void {
  const walk = (expression: number, outer: Range | undefined): void => {
    const own = ranges.get(expression);
    const range = own !== undefined && isUserSource(own.source) ? own : outer;
    visit(expression, range);
    for (const part of partsOf(binaryen, expression)) walk(part, range);
  };
  walk(body, undefined);
}

/** Has the user's code note the places of its calls of `failing` functions, and takes places out of all others' aborts. */
export function placeCalls(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  program: Program,
  failing: ReadonlySet<string>,
  entries: Entries,
): void {
  const functions = placedFunctions(program);
  const { setOperandAt } = (binaryen as unknown as CallSetters).Call;
  const isUsers = (name: string): boolean => functions.get(name)?.isUser ?? !name.startsWith("~");

  /** The value of an operand that calls something, noting the place after that. */
  const keep = (operand: number, type: number, name: string, set: number): number => {
    const local = addLocal(module, binaryen, name, type);
    return module.block(null, [module.local.set(local, operand), set, module.local.get(local, type)], type);
  };

  /** Has the place noted when all operands of the call are known. */
  const note = (name: string, call: number, range: Range): void => {
    const operands = infoOf(binaryen, call)["operands"] as number[];
    const set = module.global.set(PLACE, module.i32.const(encodePlace(range, entries)));
    const last = operands.at(-1);
    if (last === undefined) return;
    const type = binaryen.getExpressionType(last);
    if (type === binaryen.unreachable) return;
    const noted = hasCalls(binaryen, last)
      ? keep(last, type, name, set)
      : module.block(null, [set, last], type);
    setOperandAt(call, operands.length - 1, noted);
  };

  for (let index = 0; index < module.getNumFunctions(); index++) {
    const { name, body, base } = binaryen.getFunctionInfo(module.getFunctionByIndex(index));
    if (base || body === 0) continue;
    const own = functions.get(name);
    if (own?.isUser !== true) {
      // The user's code has already noted its call of this function.
      if (!isUsers(name)) forEachAbort(binaryen, body, (call) => clearPlace(module, setOperandAt, call));
      continue;
    }
    const calls: [number, Range][] = [];
    walkPlaced(binaryen, body, own, (expression, range) => {
      const { id, target } = infoOf(binaryen, expression);
      if (id !== binaryen.CallId || range === undefined) return;
      if (target === ABORT) {
        clearPlace(module, setOperandAt, expression);
        calls.push([expression, range]);
      } else if (failing.has(target as string) && !isUsers(target as string)) calls.push([expression, range]);
    });
    for (const [call, range] of calls) note(name, call, range);
  }
}

function forEachAbort(binaryen: Binaryen, body: number, visit: (call: number) => void): void {
  const waiting = [body];
  for (let expression = waiting.pop(); expression !== undefined; expression = waiting.pop()) {
    const { id, target } = infoOf(binaryen, expression);
    if (id === binaryen.CallId && target === ABORT) visit(expression);
    waiting.push(...partsOf(binaryen, expression));
  }
}

/** Takes file, line and column out of a call of `abort`. */
function clearPlace(
  module: binaryenTypes.Module,
  setOperandAt: CallSetters["Call"]["setOperandAt"],
  call: number,
): void {
  for (const index of [1, 2, 3]) setOperandAt(call, index, module.i32.const(0));
}

/** Tells whether something is called in an expression, and so places may be noted in it. */
function hasCalls(binaryen: Binaryen, expression: number): boolean {
  const { id } = infoOf(binaryen, expression);
  if (id === binaryen.CallId || id === binaryen.CallIndirectId) return true;
  return partsOf(binaryen, expression).some((part: number) => hasCalls(binaryen, part));
}
