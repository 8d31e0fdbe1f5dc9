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
import { eachExpression } from "./each-expression.js";
import { isOmitted } from "./nodes.js";
import { isNumberLiteral } from "./operator-syntax.js";
import { SWALLOW } from "./tables.js";
import { isUnsigned } from "./written-types.js";

const { Type: Types } = assemblyscript;

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
  const found = new Found();
  eachExpression(resolver, flow, [body], (node, inner, use) => {
    if (use === "returned") note(resolver, inner, node, found);
  });
  if (found.types.length + found.whole === 0 && !found.isNull && !found.unknown) return Types.void;
  return typeOfFound(found);
}

/** The type of one value that is returned. */
function typeOfReturned(resolver: Resolver, flow: Flow, value: Expression): Type | null {
  const found = new Found();
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
  return typeOfFound(foundAssigned(resolver, outer.fork(), statements, name));
}

/** Tells whether a variable that begins with a whole number is given others by the statements behind it. */
export function isGivenFloat(
  resolver: Resolver,
  outer: Flow,
  statements: readonly Node[],
  declaration: VariableDeclaration,
): boolean {
  const name = declaration.name.text;
  const flow = outer.fork();
  flow.addScopedDummyLocal(name, Types.i32, declaration);
  const found = foundAssigned(resolver, flow, statements, name);
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

/** The values that a function returns or a variable is given, as far as they are known. */
class Found {
  readonly types: Type[] = [];
  /** How many are literals of whole numbers. */
  whole = 0;
  isNull = false;
  unknown = false;
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

/** Notes the values that an expression gives to a variable. */
function noteAssigned(resolver: Resolver, flow: Flow, name: string, node: Expression, found: Found): void {
  walk([node], (inner) => {
    if (inner.kind !== NodeKind["Binary"]) return;
    const { operator, left, right } = inner as BinaryExpression;
    if (left.kind !== NodeKind["Identifier"] || (left as IdentifierExpression).text !== name) return;
    if (gives.has(operator)) note(resolver, flow, right, found);
    // A quotient may be no whole number; a product and a power may be more than an `i32` holds.
    else if (operator === Token["Asterisk_Equals"] && isWholeParameter(flow, right))
      note(resolver, flow, right, found);
    else if (grows.has(operator)) found.types.push(Types.f64);
  });
}

/** Finds the values that statements give to a variable of the name, which they may use. */
function foundAssigned(resolver: Resolver, flow: Flow, statements: readonly Node[], name: string): Found {
  const found = new Found();
  eachExpression(resolver, flow, statements, (node, inner) => {
    noteAssigned(resolver, inner, name, node, found);
  });
  return found;
}
