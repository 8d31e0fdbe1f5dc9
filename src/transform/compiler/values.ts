/**
 * Values as TypeScript means them, where the running compiler means something else: which texts are true, how numbers are
 * written, text `+` anything, whole numbers that are divided or grow too large. For users' sources only. Tried with
 * AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type {
  BinaryExpression,
  CallExpression,
  Compiler,
  Expression,
  Flow,
  IdentifierExpression,
  Node,
  Program,
  PropertyAccessExpression,
  Resolver,
  Type,
  UnaryPrefixExpression,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { sentences } from "../../language/sentences/table.js";
import { NodeKind, Token, hasErrors } from "./compiler.js";
import { constantIn } from "./constants.js";
import { callLibrary, libraryFunction } from "./library.js";
import { around } from "./patches.js";
import { say } from "./say.js";
import { Builds, CONVERT, SWALLOW, compilerMethods, resolverMethods, tables } from "./tables.js";

/** The compiler's own methods that its types hide. */
type Inside = Omit<Compiler, "currentType"> &
  Compiler & {
    makeToString(value: number, type: Type, place: Node): number;
  };

const { TypeRef, BinaryOp } = tables as Record<"TypeRef" | "BinaryOp", Record<string, number>>;

const builds = new Builds();

/** The sources, by path, in which something may be undefined and not only null. */
export const undefinedSources = new Set<string>();

/** Has a program's user sources compiled as TypeScript means their values. */
export function compileValues(program: Program): void {
  install();
  builds.add(program);
}

let installed = false;

function install(): void {
  if (installed) return;
  installed = true;
  around<(this: Inside, value: number, type: Type, place: Node) => number>(
    compilerMethods,
    "makeIsTrueish",
    (original) =>
      function (value, type, place) {
        return isText(this.program, type) && builds.has(this, place)
          ? hasCharacters(this, value, type)
          : original.call(this, value, type, place);
      },
  );
  around<(this: Inside, value: number, type: Type, place: Node) => number>(
    compilerMethods,
    "makeToString",
    (original) =>
      function (value, type, place) {
        if (!builds.has(this, place)) return original.call(this, value, type, place);
        if (type.isFloatValue) return textOfNumber(this, value, type, place);
        if (
          type.isNullableReference &&
          undefinedSources.has(place.range.source.normalizedPath) &&
          !this.currentFlow.isNonnull(value, type)
        )
          say(this, place, sentences.undefinedText);
        return original.call(this, value, type, place);
      },
  );
  around<(this: Inside, expression: BinaryExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileBinaryExpression",
    (original) =>
      function (expression, type, constraints) {
        if (!builds.has(this, expression)) return original.call(this, expression, type, constraints);
        const text = asTemplate(this, expression);
        if (text !== undefined) return this.compileExpression(text, type, constraints as never);
        const value = original.call(this, expression, type, constraints);
        checkWhole(this, expression);
        return value;
      },
  );
  around<(this: Inside, call: CallExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileCallExpression",
    (original) =>
      function (call, type, constraints) {
        const value = builds.has(this, call) ? callOfNumber(this, call) : undefined;
        return value ?? original.call(this, call, type, constraints);
      },
  );
  around<(this: Inside, expression: UnaryPrefixExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileUnaryPrefixExpression",
    (original) =>
      function (expression, type, constraints) {
        const { operand, operator } = expression;
        if (
          operator === Token["Plus"] &&
          builds.has(this, expression) &&
          isText(this.program, typeOf(this, operand))
        )
          return numberOfText(this, operand, expression);
        if (
          operator === Token["Plus"] &&
          builds.has(this, expression) &&
          typeOf(this, operand) === assemblyscript.Type.bool
        ) {
          const value = this.compileExpression(operand, assemblyscript.Type.bool);
          this.currentType = assemblyscript.Type.i32;
          return value;
        }
        return original.call(this, expression, type, constraints);
      },
  );
  around<(this: Resolver, node: BinaryExpression, flow: Flow, type: Type, mode: number) => Type | null>(
    resolverMethods,
    "resolveBinaryExpression",
    (original) =>
      function (node, flow, type, mode) {
        if (node.operator === Token["Plus"] && builds.has(this, node) && joinsText(this, node, flow))
          return this.program.stringInstance.type;
        return original.call(this, node, flow, type, mode);
      },
  );
  around<(this: Resolver, node: UnaryPrefixExpression, flow: Flow, type: Type, mode: number) => Type | null>(
    resolverMethods,
    "resolveUnaryPrefixExpression",
    (original) =>
      function (node, flow, type, mode) {
        if (node.operator === Token["Plus"] && builds.has(this, node)) {
          const operand = this.resolveExpression(node.operand, flow, assemblyscript.Type.auto, SWALLOW);
          if (isText(this.program, operand)) return assemblyscript.Type.f64;
          if (operand === assemblyscript.Type.bool) return assemblyscript.Type.i32;
        }
        return original.call(this, node, flow, type, mode);
      },
  );
  around<(this: Resolver, node: CallExpression, flow: Flow, type: Type, mode: number) => Type | null>(
    resolverMethods,
    "resolveCallExpression",
    (original) =>
      function (node, flow, type, mode) {
        const known = builds.has(this, node) ? numberCall(this, node, flow) : undefined;
        if (known === undefined) return original.call(this, node, flow, type, mode);
        return known.name === "Number" ? assemblyscript.Type.f64 : this.program.stringInstance.type;
      },
  );
}

function isText(program: Program, type: Type | null): boolean {
  return type !== null && type.getClass() === program.stringInstance;
}

function typeOf({ resolver, currentFlow }: Compiler, node: Expression): Type | null {
  return resolver.resolveExpression(node, currentFlow, assemblyscript.Type.auto, SWALLOW);
}

/** Tells whether a text is there and not empty, in a form by which the compiler sees that it is not null. */
function hasCharacters({ module, currentFlow }: Inside, value: number, type: Type): number {
  const i32 = TypeRef["I32"]!;
  const lengthOf = (text: number): number =>
    module.load(4, false, module.binary(BinaryOp["SubI32"]! as never, text, module.i32(4)), i32);
  if (!type.isNullableReference) return lengthOf(value);
  const local = currentFlow.getTempLocal(type);
  return module.if(
    module.local_tee(local.index, value, true),
    lengthOf(module.local_get(local.index, i32)),
    module.i32(0),
  );
}

function textOfNumber(compiler: Inside, value: number, type: Type, place: Node): number {
  const instance = libraryFunction(compiler, "number", "numberText");
  const double = compiler.convertExpression(value, type, assemblyscript.Type.f64, true, place);
  return callLibrary(compiler, instance, [double], place);
}

function isVoid(type: Type): boolean {
  return type === assemblyscript.Type.void;
}

/** Tells whether a class has a `+` of its own. */
function hasPlus(type: Type): boolean {
  const plus = tables["OperatorKind"]?.["Add"];
  return plus !== undefined && type.getClass()?.lookupOverload(plus as never) !== null && type.isReference;
}

/** Tells whether `+` joins a text and something that is none. */
function joinsText(resolver: Resolver, { left, right }: BinaryExpression, flow: Flow): boolean {
  const { program } = resolver;
  const leftType = resolver.resolveExpression(left, flow, assemblyscript.Type.auto, SWALLOW);
  if (leftType === null) return false;
  const rightType = resolver.resolveExpression(right, flow, assemblyscript.Type.auto, SWALLOW);
  if (rightType === null) return false;
  const isPlain = (type: Type): boolean => isText(program, type) && !type.isNullableReference;
  if (isPlain(leftType) && isPlain(rightType)) return false;
  if (isText(program, leftType)) return !isVoid(rightType);
  return isText(program, rightType) && !isVoid(leftType) && !hasPlus(leftType);
}

/** `text + number` as the template that means the same. */
function asTemplate(compiler: Inside, expression: BinaryExpression): Expression | undefined {
  const { left, right, operator, range } = expression;
  const compound = operator === Token["Plus_Equals"];
  if (operator !== Token["Plus"] && !compound) return undefined;
  if (!joinsText(compiler.resolver, expression, compiler.currentFlow)) return undefined;
  const make = assemblyscript.Node;
  const empty = ["", "", ""];
  const text = make.createTemplateLiteralExpression(null, empty, empty, [left, right], range);
  if (!compound) return text;
  if (!isText(compiler.program, typeOf(compiler, left)) || !isPlace(left)) return undefined;
  return make.createBinaryExpression(Token["Equals"]!, left, text, range);
}

/** Tells whether reading an expression twice does no more than reading it once. */
function isPlace(node: Node): boolean {
  if (node.kind === NodeKind["PropertyAccess"]) return isPlace((node as PropertyAccessExpression).expression);
  return node.kind === NodeKind["Identifier"] || node.kind === NodeKind["This"];
}

/** A call by which a number becomes a text, or a text a number. */
interface NumberCall {
  readonly name: "toString" | "toFixed" | "join" | "String" | "Number";
  readonly value: Expression;
  readonly type: Type;
}

function numberCall(
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
  const floats = list !== null && list.isArrayLike && list.getArrayValueType().isFloatValue;
  return floats ? { name: "join", value, type } : undefined;
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

function callOfNumber(compiler: Inside, call: CallExpression): number | undefined {
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

function numberOfText(compiler: Inside, operand: Expression, place: Node): number {
  const value = compiler.compileExpression(operand, compiler.program.stringInstance.type, CONVERT);
  return callLibrary(compiler, libraryFunction(compiler, "number", "numberOf"), [value], place);
}

/** Refuses a constant that is more than its type of whole numbers holds. */
function checkWhole(compiler: Inside, expression: BinaryExpression): void {
  const { currentType: type } = compiler;
  // Wider ones are what TypeScript has as BigInt.
  if (!type.isIntegerValue || type.size > 32) return;
  if (![Token["Plus"], Token["Minus"], Token["Asterisk"]].includes(expression.operator)) return;
  const value = constantIn(compiler.resolver, compiler.currentFlow, expression);
  const most = type.isUnsignedIntegerValue ? 4294967295 : 2147483647;
  if (value === undefined || (value >= -2147483648 && value <= most)) return;
  say(compiler, expression, `${sentences.wholeOverflow} (${value} as ${type.toString()})`);
}
