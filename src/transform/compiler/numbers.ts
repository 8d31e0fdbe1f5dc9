/**
 * Numbers as TypeScript means them, where the compiler has whole numbers: divisions keep their fraction, constants their
 * size, bitwise operators take any number, lists are indexed by them, and `sort()` is by text. For users' sources only.
 * Tried with AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type {
  BinaryExpression,
  CallExpression,
  Compiler,
  ElementAccessExpression,
  Expression,
  Flow,
  Node,
  Program,
  PropertyAccessExpression,
  Resolver,
  Type,
  UnaryPrefixExpression,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { walk } from "../source/syntax.js";
import { NodeKind, Token } from "./compiler.js";
import { constantIn } from "./constants.js";
import { callLibrary, libraryFunction } from "./library.js";
import { around } from "./patches.js";
import { Builds, CONVERT, SWALLOW, compilerMethods, resolverMethods, tables } from "./tables.js";

const { BinaryOp, UnaryOp, DiagnosticCode } = tables as Record<
  "BinaryOp" | "UnaryOp" | "DiagnosticCode",
  Record<string, number>
>;
const { Type: Types } = assemblyscript;

const builds = new Builds();

/** Has a program's user sources compiled as TypeScript means their numbers. */
export function compileNumbers(program: Program): void {
  install();
  builds.add(program);
}

/** Arguments that may be any number where the library wants a whole one. */
const lenient = new WeakSet<Node>();
/** Results of which only the sign counts. */
const signs = new WeakSet<Node>();

const bitwise = new Map<number, string>([
  [Token["Ampersand"]!, "AndI32"],
  [Token["Bar"]!, "OrI32"],
  [Token["Caret"]!, "XorI32"],
  [Token["LessThan_LessThan"]!, "ShlI32"],
  [Token["GreaterThan_GreaterThan"]!, "ShrI32"],
  [Token["GreaterThan_GreaterThan_GreaterThan"]!, "ShrU32"],
]);

/** What a binary expression of numbers is in TypeScript, where it is not what the compiler makes of it. */
type Meaning = "division" | "product" | "constant" | "bitwise" | "unsigned";

function meaningOf(
  resolver: Resolver,
  flow: Flow,
  node: BinaryExpression,
  context: Type,
): Meaning | undefined {
  const { operator, left, right } = node;
  const wantsWhole = context.isIntegerValue && context !== Types.auto && context !== Types.bool;
  const isBitwise = bitwise.has(operator);
  const arithmetic = [Token["Plus"], Token["Minus"], Token["Asterisk"], Token["Slash"]].includes(operator);
  if ((!isBitwise && !arithmetic) || (arithmetic && wantsWhole)) return undefined;
  if (arithmetic && operator !== Token["Slash"]) {
    const value = constantIn(resolver, flow, node);
    if (value !== undefined) return value > 2147483647 || value < -2147483648 ? "constant" : undefined;
    return operator === Token["Asterisk"] && isLargeProduct(resolver, flow, left, right)
      ? "product"
      : undefined;
  }
  const typed = (side: Expression): Type | null =>
    resolver.resolveExpression(side, flow, Types.auto, SWALLOW);
  const [a, b] = [typed(left), typed(right)];
  if (a === null || b === null || !a.isNumericValue || !b.isNumericValue) return undefined;
  if (operator === Token["Slash"]) {
    if (!a.isIntegerValue || !b.isIntegerValue || a.size > 32 || b.size > 32) return undefined;
    const [x, y] = [constantIn(resolver, flow, left), constantIn(resolver, flow, right)];
    return x !== undefined && y !== undefined && y !== 0 && x % y === 0 ? undefined : "division";
  }
  if (a.isFloatValue || b.isFloatValue) return "bitwise";
  const unsigned = operator === Token["GreaterThan_GreaterThan_GreaterThan"];
  return unsigned && !wantsWhole && a === Types.i32 && b.size <= 32 ? "unsigned" : undefined;
}

function textOf({ range }: Node): string {
  return range.source.text.slice(range.start, range.end);
}

/** Whether a product of whole numbers has a constant in it that makes it large. */
function isLargeProduct(resolver: Resolver, flow: Flow, left: Expression, right: Expression): boolean {
  const large = [left, right].some((side) => Math.abs(constantIn(resolver, flow, side) ?? 0) > 0xffff);
  return (
    large &&
    [left, right].every((side) => {
      const type = resolver.resolveExpression(side, flow, Types.auto, SWALLOW);
      return type !== null && type.isIntegerValue && type.isSignedIntegerValue && type.size <= 32;
    })
  );
}

function typeOfMeaning(meaning: Meaning, operator: number): Type {
  if (meaning === "unsigned") return Types.u32;
  if (meaning !== "bitwise") return Types.f64;
  return operator === Token["GreaterThan_GreaterThan_GreaterThan"] ? Types.u32 : Types.i32;
}

let installed = false;

function install(): void {
  if (installed) return;
  installed = true;
  around<(this: Compiler, node: BinaryExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileBinaryExpression",
    (original) =>
      function (node, type, constraints) {
        const meaning = builds.has(this, node)
          ? meaningOf(this.resolver, this.currentFlow, node, type)
          : undefined;
        return meaning === undefined
          ? original.call(this, node, type, constraints)
          : compileMeaning(this, node, meaning);
      },
  );
  around<(this: Resolver, node: BinaryExpression, flow: Flow, type: Type, mode: number) => Type | null>(
    resolverMethods,
    "resolveBinaryExpression",
    (original) =>
      function (node, flow, type, mode) {
        const meaning = builds.has(this, node) ? meaningOf(this, flow, node, type) : undefined;
        return meaning === undefined
          ? original.call(this, node, flow, type, mode)
          : typeOfMeaning(meaning, node.operator);
      },
  );
  around<(this: Compiler, node: UnaryPrefixExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileUnaryPrefixExpression",
    (original) =>
      function (node, type, constraints) {
        const inverts = node.operator === Token["Tilde"] && builds.has(this, node);
        if (!inverts || !isFloat(this.resolver, this.currentFlow, node.operand))
          return original.call(this, node, type, constraints);
        const code = wholeOf(this, node.operand);
        this.currentType = Types.i32;
        return this.module.binary(BinaryOp["XorI32"]! as never, code, this.module.i32(-1));
      },
  );
  around<(this: Resolver, node: UnaryPrefixExpression, flow: Flow, type: Type, mode: number) => Type | null>(
    resolverMethods,
    "resolveUnaryPrefixExpression",
    (original) =>
      function (node, flow, type, mode) {
        const inverts = node.operator === Token["Tilde"] && builds.has(this, node);
        if (inverts && isFloat(this, flow, node.operand)) return Types.i32;
        return original.call(this, node, flow, type, mode);
      },
  );
  around<(this: Compiler, call: CallExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileCallExpression",
    (original) =>
      function (call, type, constraints) {
        if (!builds.has(this, call)) return original.call(this, call, type, constraints);
        return callOfLibrary(this, call) ?? original.call(this, call, type, constraints);
      },
  );
  around<(this: Compiler, value: number, from: Type, to: Type, explicit: boolean, place: Node) => number>(
    compilerMethods,
    "convertExpression",
    (original) =>
      function (value, from, to, explicit, place) {
        if (explicit || !from.isNumericValue || !to.isNumericValue || from.isAssignableTo(to))
          return original.call(this, value, from, to, explicit, place);
        if (from.isFloatValue && signs.has(place)) return signOf(this, value, from, place);
        return original.call(this, value, from, to, lenient.has(place), place);
      },
  );
  around<(this: Compiler, node: ElementAccessExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileElementAccessExpression",
    (original) =>
      function (node, type, constraints) {
        if (builds.has(this, node)) takeIndex(this, node);
        return original.call(this, node, type, constraints);
      },
  );
  around<(this: Compiler, node: BinaryExpression, type: Type) => number>(
    compilerMethods,
    "compileAssignment",
    (original) =>
      function (node, ...rest) {
        const target = node as unknown as Node;
        if (target.kind === NodeKind["ElementAccess"] && builds.has(this, target))
          takeIndex(this, target as ElementAccessExpression);
        return original.call(this, node, ...rest);
      },
  );
}

function compileMeaning(compiler: Compiler, node: BinaryExpression, meaning: Meaning): number {
  const { module } = compiler;
  const { left, right, operator } = node;
  if (meaning === "constant") {
    compiler.currentType = Types.f64;
    return module.f64(constantIn(compiler.resolver, compiler.currentFlow, node)!);
  }
  if (meaning === "division" || meaning === "product") {
    const [a, b] = [left, right].map((side) => compiler.compileExpression(side, Types.f64, CONVERT));
    compiler.currentType = Types.f64;
    return module.binary(BinaryOp[meaning === "division" ? "DivF64" : "MulF64"]! as never, a!, b!);
  }
  const [a, b] = [wholeOf(compiler, left), wholeOf(compiler, right)];
  compiler.currentType = typeOfMeaning(meaning, operator);
  return module.binary(BinaryOp[bitwise.get(operator)!]! as never, a, b);
}

function isFloat(resolver: Resolver, flow: Flow, node: Expression): boolean {
  return resolver.resolveExpression(node, flow, Types.auto, SWALLOW)?.isFloatValue === true;
}

/** A number as the bitwise operators of JavaScript take it. */
function wholeOf(compiler: Compiler, side: Expression): number {
  const { module } = compiler;
  const code = compiler.compileExpression(side, Types.auto);
  const { currentType } = compiler;
  if (!currentType.isFloatValue) return compiler.convertExpression(code, currentType, Types.i32, true, side);
  const double = compiler.convertExpression(code, currentType, Types.f64, true, side);
  const long = module.unary(UnaryOp["TruncSatF64ToI64"]! as never, double);
  return module.unary(UnaryOp["WrapI64ToI32"]! as never, long);
}

/** Less than, equal to or more than 0. */
function signOf(compiler: Compiler, value: number, from: Type, place: Node): number {
  const double = compiler.convertExpression(value, from, Types.f64, true, place);
  const code = callLibrary(compiler, libraryFunction(compiler, "number", "signOf"), [double], place);
  compiler.currentType = Types.i32;
  return code;
}

/** An index that is no whole number is beyond the end. */
function takeIndex(compiler: Compiler, node: ElementAccessExpression): void {
  const index = node.elementExpression;
  const { resolver, currentFlow } = compiler;
  const type = resolver.resolveExpression(index, currentFlow, Types.auto, SWALLOW);
  if (type === null || !type.isFloatValue) return;
  const make = assemblyscript.Node;
  const object = resolver.resolveExpression(node.expression, currentFlow, Types.auto, SWALLOW)?.getClass();
  const taker = object?.lookupOverload(0 as never)?.signature.parameterTypes[0];
  if (taker !== undefined && !taker.isIntegerValue) return;
  const name = make.createIdentifierExpression("__language_index", index.range);
  node.elementExpression = make.createCallExpression(name, null, [index], index.range);
}

const wholeArguments =
  /^(slice|substring|substr|charAt|charCodeAt|codePointAt|at|repeat|padStart|padEnd|splice|fill|indexOf|lastIndexOf|includes|subarray|split)$/;

/** Calls of the library that take any number, and `sort()`, which is by text. */
function callOfLibrary(compiler: Compiler, call: CallExpression): number | undefined {
  const { expression, args } = call;
  if (/^(Number\.)?isNaN\(.*\.charCodeAt\(/.test(textOf(call))) {
    const text = "charCodeAt answers -1 beyond a text's end and not NaN: compare the index with the length.";
    compiler.error(DiagnosticCode["User_defined_0"]! as never, call.range, text);
  }
  if (expression.kind !== NodeKind["PropertyAccess"]) return undefined;
  const { property, expression: object } = expression as PropertyAccessExpression;
  const name = property.text;
  const isMath =
    object.kind === NodeKind["Identifier"] && (object as unknown as { text: string }).text === "Math";
  if (isMath) {
    for (const arg of args) lenient.add(arg);
    return undefined;
  }
  const { resolver, currentFlow } = compiler;
  if (missing.has(name)) return refuseMissing(compiler, call, object, name);
  if (/^(splice|concat|replace|replaceAll)$/.test(name)) takeArguments(compiler, call, object, property);
  const sorts = name === "sort";
  if (!sorts && !wholeArguments.test(name)) return undefined;
  const type = resolver.resolveExpression(object, currentFlow, Types.auto, SWALLOW);
  const list = type?.getClass();
  if (!list || !list.internalName.startsWith("~lib/")) return undefined;
  if (!sorts) {
    const numeric = list.isArrayLike && /^(fill|indexOf|lastIndexOf|includes)$/.test(name) ? 1 : 0;
    for (const arg of args.slice(numeric)) lenient.add(arg);
    return undefined;
  }
  if (args.length > 0) markSigns(args[0]!);
  if (args.length > 0 || !list.internalName.startsWith("~lib/array/Array<")) return undefined;
  const element = list.typeArguments![0]!;
  if (!element.isNumericValue || element === Types.bool) return undefined;
  compiler.error(
    DiagnosticCode["User_defined_0"]! as never,
    call.range,
    "sort() of numbers sorts them by their text in TypeScript: write sort((a, b) => a - b).",
  );
  return undefined;
}

/** Methods of JavaScript's own numbers, texts and arrays that AssemblyScript has not. */
const missing = new Set([
  ...["toPrecision", "toExponential", "toLocaleString", "toLocaleUpperCase", "toLocaleLowerCase"],
  ...["normalize", "match", "matchAll", "search", "toSorted", "toReversed", "toSpliced"],
]);

function refuseMissing(
  compiler: Compiler,
  call: CallExpression,
  object: Expression,
  name: string,
): number | undefined {
  const { program, resolver, currentFlow } = compiler;
  const type = resolver.resolveExpression(object, currentFlow, Types.auto, SWALLOW);
  const owner = type?.getClassOrWrapper(program);
  if (!owner || !/^~lib\/(number|string|array|typedarray|date)\//.test(owner.internalName)) return undefined;
  if (owner.getMember(name) !== null) return undefined;
  const text = `there is no ${name} here: write it with the methods that there are, or as a function of your own.`;
  compiler.error(DiagnosticCode["User_defined_0"]! as never, call.range, text);
  return compiler.module.unreachable();
}

/** Arguments that JavaScript's own arrays and texts take, and AssemblyScript's do not. */
function takeArguments(
  compiler: Compiler,
  call: CallExpression,
  object: Expression,
  property: PropertyAccessExpression["property"],
): void {
  const { program, resolver, currentFlow } = compiler;
  const { args, range } = call;
  const owner = resolver
    .resolveExpression(object, currentFlow, Types.auto, SWALLOW)
    ?.getClassOrWrapper(program);
  if (!owner || !/^~lib\/(string|array)\//.test(owner.internalName)) return;
  const isArray = owner.internalName.startsWith("~lib/array/");
  const { text } = property;
  const refuse = (why: string): void =>
    compiler.error(DiagnosticCode["User_defined_0"]! as never, range, why);
  if (text === "splice" && isArray && args.length > 2)
    refuse(
      "splice takes out only here: write xs.slice(0, at).concat(more).concat(xs.slice(at)) to put something in",
    );
  else if (
    text.startsWith("replace") &&
    !isArray &&
    args.length > 1 &&
    /^["'`].*\$[$&`']/.test(textOf(args[1]!))
  )
    refuse(
      "`$&` and the like are no signs in a replacement here: write the text itself, or use Regex from proxy-wasm-as/assembly/std/regex",
    );
  else if (text === "concat" && args.length > 1) {
    const make = assemblyscript.Node;
    let whole = object;
    for (const arg of args.slice(0, -1))
      whole = make.createCallExpression(
        make.createPropertyAccessExpression(whole, property, range),
        null,
        [arg],
        range,
      );
    call.expression = make.createPropertyAccessExpression(whole, property, range);
    call.args = [args.at(-1)!];
  }
}

/** What a comparing function returns: only its sign counts. */
function markSigns(compare: Expression): void {
  if (compare.kind !== NodeKind["Function"]) return;
  const { body } = (compare as unknown as { declaration: { body: Node | null } }).declaration;
  if (body === null) return;
  if (body.kind === NodeKind["Expression"]) signs.add((body as unknown as { expression: Node }).expression);
  walk([body], (node) => {
    if (node.kind === NodeKind["Return"]) {
      const { value } = node as unknown as { value: Node | null };
      if (value !== null) signs.add(value);
    }
  });
}
