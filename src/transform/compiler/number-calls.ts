/**
 * Calls by which numbers become texts, and texts numbers, as TypeScript means them: `toString`, `toFixed`, `join`, `String`, `Number`.
 *
 * @module
 */
import type {
  CallExpression,
  Class,
  Expression,
  Flow,
  IdentifierExpression,
  Node,
  PropertyAccessExpression,
  Resolver,
  Type,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { NodeKind, hasErrors } from "./compiler.js";
import { callLibrary, libraryFunction } from "./library.js";
import { CONVERT, SWALLOW } from "./tables.js";
import { isText, typeOf, type Inside } from "./texts.js";

/** A call by which a number becomes a text, or a text a number. */
interface NumberCall {
  readonly name: "toString" | "toFixed" | "join" | "String" | "Number";
  readonly value: Expression;
  readonly type: Type;
}

/** Such a call, where an expression is one. */
export function numberCall(
  resolver: Resolver,
  { expression, args, typeArguments }: CallExpression,
  flow: Flow,
): NumberCall | undefined {
  if (typeArguments !== null) return undefined;
  const typed = (node: Expression): Type | null =>
    resolver.resolveExpression(node, flow, assemblyscript.Type.auto, SWALLOW);
  if (expression.kind === NodeKind["Identifier"]) {
    const name = (expression as IdentifierExpression).text;
    if ((name !== "Number" && name !== "String") || args.length !== 1) return undefined;
    const type = typed(args[0]!);
    return type === null ? undefined : { name, value: args[0]!, type };
  }
  if (expression.kind !== NodeKind["PropertyAccess"]) return undefined;
  const { property, expression: value } = expression as PropertyAccessExpression;
  const name = property.text;
  if (args.length > 1 || (name !== "toString" && name !== "toFixed" && name !== "join")) return undefined;
  const type = typed(value);
  if (type === null) return undefined;
  if (name === "toFixed") return type.isNumericValue ? { name, value, type } : undefined;
  if (name === "toString" && type.isFloatValue) return { name, value, type };
  const list = type.getClass();
  return list !== null && isListOfFractions(list) ? { name: "join", value, type } : undefined;
}

/** Tells whether a class is a list of the library's whose elements have fractions. A class of the user's that looks like one has a `join` of its own. */
function isListOfFractions(list: Class): boolean {
  return (
    /^~lib\/(array|staticarray|typedarray)\//.test(list.internalName) && list.getArrayValueType().isFloatValue
  );
}

/** `String(x)` or `Number(x)` of what has no type: what is wrong is in there. */
function isOfNothing(compiler: Inside, { expression, args, typeArguments }: CallExpression): boolean {
  if (expression.kind !== NodeKind["Identifier"] || args.length !== 1 || typeArguments !== null) return false;
  return (
    /^(String|Number)$/.test((expression as IdentifierExpression).text) && typeOf(compiler, args[0]!) === null
  );
}

/** Has the compiler say what is wrong in an argument, and nothing of the call; undefined where it finds nothing. */
function wrongArgument(compiler: Inside, { args }: CallExpression): number | undefined {
  const code = compiler.compileExpression(args[0]!, assemblyscript.Type.auto);
  if (!hasErrors(compiler.program)) return undefined;
  compiler.currentType = compiler.program.stringInstance.type; // of what is never run
  return code;
}

/** Compiles such a call; undefined where it is none. */
export function callOfNumber(compiler: Inside, call: CallExpression): number | undefined {
  const known = numberCall(compiler.resolver, call, compiler.currentFlow);
  if (known === undefined) return isOfNothing(compiler, call) ? wrongArgument(compiler, call) : undefined;
  const { name, value, type } = known;
  const { f64, i32 } = assemblyscript.Type;
  const { program } = compiler;
  const text = program.stringInstance.type;
  const compiled = (): number => compiler.compileExpression(value, type);
  const [first] = call.args;
  const finish = (file: string, called: string, operands: number[], types: Type[] | null = null): number =>
    callLibrary(compiler, libraryFunction(compiler, file, called, types), operands, call);
  const double = (): number => compiler.convertExpression(compiled(), compiler.currentType, f64, true, value);
  if (name === "Number") {
    if (isText(program, type) && !type.isNullableReference) return numberOfText(compiler, value, call);
    if (!type.isValue) return undefined;
    const result = double();
    compiler.currentType = f64;
    return result;
  }
  if (name === "String") {
    const result = compiler.makeToString(compiled(), compiler.currentType, value);
    compiler.currentType = text;
    return result;
  }
  if (name === "join") {
    const operands = [
      compiled(),
      first === undefined
        ? compiler.ensureStaticString(",")
        : compiler.compileExpression(first, text, CONVERT),
    ];
    return finish("number", "joinNumbers", operands, [type]);
  }
  if (name === "toFixed") {
    const digits =
      first === undefined ? compiler.module.i32(0) : compiler.compileExpression(first, i32, CONVERT);
    return finish("number", "fixedText", [double(), digits]);
  }
  if (first === undefined) return finish("number", "numberText", [double()]);
  return finish("number", "radixText", [double(), compiler.compileExpression(first, i32, CONVERT)]);
}

/** The number that a text is, NaN where it is none. */
export function numberOfText(compiler: Inside, operand: Expression, place: Node): number {
  const value = compiler.compileExpression(operand, compiler.program.stringInstance.type, CONVERT);
  return callLibrary(compiler, libraryFunction(compiler, "number", "numberOf"), [value], place);
}
