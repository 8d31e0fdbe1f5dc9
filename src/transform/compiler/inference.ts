/**
 * Finds the return types of functions whose source does not state them. Tried with AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type {
  BinaryExpression,
  Expression,
  Flow,
  FunctionDeclaration,
  IdentifierExpression,
  Node,
  Resolver,
  Type,
  VariableDeclaration,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { walk } from "../source/syntax.js";
import { openBoolean } from "./booleans.js";
import { NodeKind, Token } from "./compiler.js";
import { isNumberLiteral } from "./operator-syntax.js";
import { SWALLOW } from "./tables.js";
import { isUnsigned } from "./written-types.js";

const { Type: Types } = assemblyscript;

/** Tells whether a type is not written. */
export function isOmitted(type: Node): boolean {
  const { name } = type as unknown as { name?: { identifier: { text: string } } };
  return type.kind === NodeKind["NamedType"] && name?.identifier.text === "";
}

/** The type that a function returns that is given values of the types; null when that cannot be told. */
export function returnTypeOf(
  resolver: Resolver,
  outer: Flow,
  declaration: FunctionDeclaration,
  parameterTypes: readonly Type[],
  isArgument = true,
): Type | null {
  const signature = declaration.signature;
  const flow = outer.fork();
  const { sourceFunction, contextualTypeArguments } = flow;
  signature.parameters.forEach((parameter, index) => {
    const own = isOmitted(parameter.type)
      ? parameterTypes[index]
      : resolver.resolveType(parameter.type, flow, sourceFunction.parent, contextualTypeArguments, SWALLOW);
    if (own) flow.addScopedDummyLocal(parameter.name.text, own, parameter);
  });
  if (!isOmitted(signature.returnType))
    return resolver.resolveType(
      signature.returnType,
      flow,
      sourceFunction.parent,
      contextualTypeArguments,
      SWALLOW,
    );
  const body = declaration.body;
  if (body === null) return null;
  if (body.kind === NodeKind["Expression"]) {
    const { expression } = body as unknown as { expression: Expression };
    if (isNumberLiteral(expression) && !isArgument) return Types.f64;
    if (nullOrOther(expression) !== undefined) return typeOfReturned(resolver, flow, expression);
    return isUnsigned(resolver, flow, expression)
      ? Types.f64
      : resolver.resolveExpression(expression, flow, Types.auto, SWALLOW);
  }
  const found: Found = { types: [], whole: 0, isNull: false, unknown: false };
  look(resolver, flow, body, found);
  if (found.types.length + found.whole === 0 && !found.isNull && !found.unknown) return Types.void;
  return typeOfFound(found);
}

/** The type of one value that is returned. */
function typeOfReturned(resolver: Resolver, flow: Flow, value: Expression): Type | null {
  const found: Found = { types: [], whole: 0, isNull: false, unknown: false };
  note(resolver, flow, value, found);
  return typeOfFound(found);
}

/** The branches of `condition ? null : other`; undefined for any other expression. */
function nullOrOther(value: Expression): readonly Expression[] | undefined {
  const { expression, ifThen, ifElse } = value as unknown as Record<string, Expression>;
  if (value.kind === NodeKind["Parenthesized"]) return nullOrOther(expression!);
  if (value.kind !== NodeKind["Ternary"]) return undefined;
  const branches = [ifThen!, ifElse!];
  const isNull = branches.some((branch) => branch.kind === NodeKind["Null"] || nullOrOther(branch));
  return isNull ? branches : undefined;
}

/** The type that all found values have; null when there is none. */
function typeOfFound({ types, whole, isNull, unknown }: Found): Type | null {
  // Values of unknown type refer to the function itself, and do not help to find its type.
  if (unknown && types.length + whole === 0) return null;
  let type = types[0] ?? (whole > 0 ? Types.f64 : null);
  if (type === null) return null;
  for (const other of types.slice(1)) {
    const common = Types.commonType(type, other, Types.auto);
    if (common === null) return null;
    type = common;
  }
  if (whole > 0 && !type.isNumericValue) return null;
  if (!isNull) return type;
  if (type.isReference) return type.asNullable();
  return type === Types.bool || type === openBoolean ? openBoolean : type.isFloatValue ? type : null;
}

/** The type of a variable that is given values by the statements behind it; null when that cannot be told. */
export function assignedType(
  resolver: Resolver,
  outer: Flow,
  statements: readonly Node[],
  name: string,
): Type | null {
  const found: Found = { types: [], whole: 0, isNull: false, unknown: false, name };
  const flow = outer.fork();
  for (const statement of statements) look(resolver, flow, statement, found);
  return typeOfFound(found);
}

/** Tells whether a variable that begins with a whole number is given others by the statements behind it. */
export function isGivenFloat(
  resolver: Resolver,
  outer: Flow,
  statements: readonly Node[],
  declaration: VariableDeclaration,
): boolean {
  const name = declaration.name.text;
  const found: Found = { types: [], whole: 0, isNull: false, unknown: false, name };
  const flow = outer.fork();
  flow.addScopedDummyLocal(name, Types.i32, declaration);
  for (const statement of statements) look(resolver, flow, statement, found);
  return found.unknown || found.isNull || found.types.some((type) => type.isFloatValue);
}

/** Tells whether a value is a parameter whose type is a whole number: that type is written, and products with it are meant so. */
function isWholeParameter(flow: Flow, value: Expression): boolean {
  if (value.kind !== NodeKind["Identifier"]) return false;
  const local = flow.lookupLocal((value as IdentifierExpression).text);
  if (local === null || !local.type.isIntegerValue) return false;
  const { parameterTypes, thisType } = flow.sourceFunction.signature;
  return local.index >= 0 && local.index < parameterTypes.length + (thisType === null ? 0 : 1);
}

interface Found {
  readonly types: Type[];
  /** How many are literals of whole numbers. */
  whole: number;
  isNull: boolean;
  unknown: boolean;
  /** The variable whose values are looked for; undefined for what is returned. */
  readonly name?: string;
  readonly each?: Each;
}

/**
 * A function that is called for an expression. `kind` says how the expression is used: it is returned, becomes a variable of a
 * type, or is a statement or a condition.
 */
type Each = (node: Expression, flow: Flow, kind: "returned" | "other" | Type) => void;

/** Calls `each` for the expressions of statements, with a flow that knows the variables there. */
export function eachExpression(
  resolver: Resolver,
  flow: Flow,
  statements: readonly Node[],
  each: Each,
): void {
  const found: Found = { types: [], whole: 0, isNull: false, unknown: false, name: "", each };
  for (const statement of statements) look(resolver, flow, statement, found);
}

function note(resolver: Resolver, flow: Flow, value: Expression, found: Found): void {
  const branches = nullOrOther(value);
  if (branches !== undefined) for (const branch of branches) note(resolver, flow, branch, found);
  else if (value.kind === NodeKind["Null"]) found.isNull = true;
  else if (isNumberLiteral(value)) found.whole++;
  else {
    const type = resolver.resolveExpression(value, flow, Types.auto, SWALLOW);
    if (type === null || type === Types.void) found.unknown = true;
    else found.types.push(isUnsigned(resolver, flow, value) ? Types.f64 : type);
  }
}

const named = (...names: string[]): ReadonlySet<number | undefined> =>
  new Set(names.map((name) => Token[name]));
const gives = named("Equals", "Plus_Equals", "Minus_Equals", "Percent_Equals");
const grows = named("Slash_Equals", "Asterisk_Equals", "Asterisk_Asterisk_Equals");

/** Notes the values that expressions give to a variable. */
function noteAssigned(resolver: Resolver, flow: Flow, node: Node, found: Found, type?: Type): void {
  if (found.each !== undefined) return found.each(node, flow, type ?? "other");
  walk([node], (inner) => {
    if (inner.kind !== NodeKind["Binary"]) return;
    const { operator, left, right } = inner as BinaryExpression;
    if (left.kind !== NodeKind["Identifier"] || (left as IdentifierExpression).text !== found.name) return;
    if (gives.has(operator)) note(resolver, flow, right, found);
    // A quotient may be no whole number; a product and a power may be more than an `i32` holds.
    else if (operator === Token["Asterisk_Equals"] && isWholeParameter(flow, right))
      note(resolver, flow, right, found);
    else if (grows.has(operator)) found.types.push(Types.f64);
  });
}

const blocks = new Set(
  ["Block", "For", "If", "While", "Do", "Switch", "SwitchCase", "Try"].map((name) => NodeKind[name]),
);

/** Goes through statements in their order, so that a variable's type is known where it is used. */
function look(resolver: Resolver, flow: Flow, node: Node, found: Found): void {
  if (node.kind === NodeKind["Return"]) {
    const { value } = node as unknown as { value: Expression | null };
    if (value === null) return;
    if (found.each !== undefined) found.each(value, flow, "returned");
    else if (found.name !== undefined) noteAssigned(resolver, flow, value, found);
    else note(resolver, flow, value, found);
    return;
  }
  if (found.name !== undefined && node.kind === NodeKind["Expression"])
    noteAssigned(resolver, flow, (node as unknown as { expression: Expression }).expression, found);
  if (node.kind === NodeKind["Variable"]) {
    for (const declaration of (node as unknown as { declarations: VariableDeclaration[] }).declarations) {
      const { type: written, initializer } = declaration as unknown as {
        type: Node | null;
        initializer: Expression | null;
      };
      const type =
        written !== null && !isOmitted(written)
          ? resolver.resolveType(
              written as never,
              flow,
              flow.sourceFunction.parent,
              flow.contextualTypeArguments,
              SWALLOW,
            )
          : initializer && resolver.resolveExpression(initializer, flow, Types.auto, SWALLOW);
      if (initializer && found.name !== undefined)
        noteAssigned(resolver, flow, initializer, found, written === null || !type ? undefined : type);
      if (type) flow.addScopedDummyLocal(declaration.name.text, type, declaration);
    }
    return;
  }
  if (!blocks.has(node.kind)) return;
  const inner = flow.fork();
  const { condition } = node as Node & { condition?: Node | null };
  if (condition && found.name !== undefined) noteAssigned(resolver, flow, condition, found);
  for (const [key, value] of Object.entries(node)) {
    if (key === "range") continue;
    for (const child of Array.isArray(value) ? value : [value])
      if (typeof child === "object" && child !== null && "kind" in child)
        look(resolver, inner, child as Node, found);
  }
}
