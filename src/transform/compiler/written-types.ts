/**
 * Whole numbers whose type somebody has written: `let n: u32`, `<u8>x`. Those count as AssemblyScript's types do, which wrap around;
 * all others are numbers as TypeScript means them. Tried with AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type {
  Class,
  ClassPrototype,
  Compiler,
  Element,
  Expression,
  Flow,
  Function,
  FunctionDeclaration,
  FunctionPrototype,
  Local,
  Node,
  Program,
  Resolver,
  VariableStatement,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { isOwnSource, isUserSource } from "../source/syntax.js";
import { NodeKind } from "./compiler.js";
import { isNegative, isNumberLiteral, isUnsignedShift } from "./operator-syntax.js";
import { around } from "./patches.js";
import { Builds, SWALLOW, compilerMethods } from "./tables.js";

const { Type: Types, PropertyPrototype: Properties, Local: Locals } = assemblyscript;

/** Tells whether the type of a whole number is written, where the value is made or where it is declared. */
export function isWritten(resolver: Resolver, flow: Flow, value: Expression): boolean {
  const parts = value as unknown as Record<string, Expression | undefined>;
  const some = (...names: string[]): boolean =>
    names.some((name) => parts[name] !== undefined && isWritten(resolver, flow, parts[name]));
  switch (value.kind) {
    case NodeKind["Assertion"]:
      // `x!` says nothing of its type.
      return (parts["toType"] ?? null) !== null || some("expression");
    case NodeKind["Parenthesized"]:
    case NodeKind["ElementAccess"]:
      return some("expression");
    case NodeKind["UnaryPrefix"]:
    case NodeKind["UnaryPostfix"]:
      return some("operand");
    case NodeKind["Binary"]:
      return some("left", "right");
    case NodeKind["Ternary"]:
      return some("ifThen", "ifElse");
    case NodeKind["Call"]:
      return isDeclared(resolver.lookupExpression(parts["expression"]!, flow, Types.auto, SWALLOW));
    case NodeKind["Identifier"]:
    case NodeKind["PropertyAccess"]:
      return isDeclared(resolver.lookupExpression(value, flow, Types.auto, SWALLOW));
    default:
      return false;
  }
}

/** Tells whether a value is a `u32` that nobody has written to be one, as the result of `>>>` or a byte count of the SDK. */
export function isUnsigned(resolver: Resolver, flow: Flow, value: Expression): boolean {
  const type = resolver.resolveExpression(value, flow, Types.auto, SWALLOW);
  return type === Types.u32 && (isUnsignedShift(value) || !isWritten(resolver, flow, value));
}

/** Tells whether such a value stands beside one that may be less than 0, so that a number with a sign must hold both. */
export function needsSign(resolver: Resolver, flow: Flow, values: readonly Expression[]): boolean {
  const maySign = (value: Expression): boolean => {
    if (isNumberLiteral(value)) return isNegative(value);
    const type = resolver.resolveExpression(value, flow, Types.auto, SWALLOW);
    return type === Types.i32;
  };
  return values.some((value) => isUnsigned(resolver, flow, value)) && values.some(maySign);
}

/** Tells whether a user has declared the type of something: a variable, field or getter, or what a function returns. */
function isDeclared(element: Element | null): boolean {
  if (element === null) return false;
  if (element instanceof Locals) return isLocalDeclared(element);
  const prototype = (element as Element & { prototype?: Element }).prototype ?? element;
  if (prototype instanceof Properties) {
    const { fieldDeclaration, getterPrototype } = prototype;
    return fieldDeclaration === null ? isDeclared(getterPrototype) : isTypeWritten(fieldDeclaration.type);
  }
  const { declaration } = prototype as Element & { declaration?: Node };
  if (declaration === undefined || !isUserSource(declaration.range.source)) return false;
  if (
    declaration.kind === NodeKind["FunctionDeclaration"] ||
    declaration.kind === NodeKind["MethodDeclaration"]
  )
    return isTypeWritten((declaration as FunctionDeclaration).signature.returnType);
  return isTypeWritten((declaration as Node & { type?: Node | null }).type);
}

/** Tells whether a type of whole numbers stands in a user's source as it is read, and was not found by the build. */
function isTypeWritten(type: Node | null | undefined): boolean {
  if (!type || !isUserSource(type.range.source)) return false;
  const { name } = type as unknown as { name?: { range: { toString(): string } } };
  return name !== undefined && /^[iu](8|16|32|64|size)$/.test(name.range.toString());
}

/** Variables with a written type. The compiler does not keep what declares a variable. */
const written = new WeakSet<Local>();

/** Has a program's variables remembered whose type is written. */
export function rememberWritten(program: Program): void {
  builds.add(program);
}

const builds = new Builds(install);
function install(): void {
  around<(this: Compiler, statement: VariableStatement, isKept: boolean) => number>(
    compilerMethods,
    "compileVariableStatement",
    (original) =>
      function (statement, isKept) {
        const code = original.call(this, statement, isKept);
        if (builds.has(this, statement))
          for (const { name, type } of statement.declarations) {
            const local = isTypeWritten(type) ? this.currentFlow.lookupLocal(name.text) : null;
            if (local !== null) written.add(local);
          }
        return code;
      },
  );
}

function isLocalDeclared(local: Local): boolean {
  const { signature, prototype } = local.parent as Function;
  const at = local.index - (signature.thisType === null ? 0 : 1);
  if (at < 0 || at >= signature.parameterTypes.length) return written.has(local);
  const parameter = prototype.functionTypeNode.parameters[at];
  return parameter !== undefined && !isCallback(prototype) && isTypeWritten(parameter.type);
}

/** Tells whether a function is a callback: the host says its parameters' types, and whoever writes the filter repeats them. */
function isCallback({ name, parent }: FunctionPrototype): boolean {
  const own = (parent as Partial<Class>).prototype ?? (parent as ClassPrototype);
  let of: ClassPrototype | null | undefined = own.basePrototype;
  for (; of; of = of.basePrototype)
    if (isOwnSource(of.declaration.range.source) && of.instanceMembers?.has(name) === true) return true;
  return false;
}
