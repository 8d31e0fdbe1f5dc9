/**
 * The value of `a ?? b`, marked as `__language_nullish(a, b)`.
 *
 * @module
 */
import type {
  BinaryExpression,
  CallExpression,
  Compiler,
  Expression,
  Flow,
  Resolver,
  Type,
} from "assemblyscript";
import { defineForm } from "../../transform/compiler/forms-hook.js";
import { isAbsent, isOpenType } from "../../transform/compiler/absent.js";
import { openBoolean } from "../../transform/compiler/booleans.js";
import { isEmptyList } from "../../transform/compiler/lists.js";
import { SWALLOW } from "../../transform/compiler/tables.js";
import { kindOf } from "./classes.js";
import { accessOf, compileAccess, maybeOf, typesIn } from "./maybe.js";
import { chainOf, compileChain, typeOfLinks } from "./optional.js";
import { sentences } from "../sentences/table.js";
import { refuse } from "./helpers.js";
import { MUST_WRAP, Types, commonType, isVoid, valueContext } from "./types.js";

defineForm("__language_nullish", { compile: compileNullish, resolve: resolveNullish });

/** A condition asks whether the whole is true: a left side that was compiled so would be false where it is not there. */
const beyondCondition = (type: Type): Type => (type === Types.bool ? Types.auto : type);

function compileNullish(
  compiler: Compiler,
  call: CallExpression,
  wantedType: Type,
  wantedConstraints: number,
): number {
  const contextualType = beyondCondition(wantedType);
  // The whole is converted to what is wanted, not its parts.
  const constraints = contextualType === wantedType ? wantedConstraints : wantedConstraints & MUST_WRAP;
  const [left, right] = call.args as [Expression, Expression];
  const { module } = compiler;
  const wrap = constraints & MUST_WRAP;
  const outer = compiler.currentFlow;
  const chain = chainOf(left);
  if (chain !== undefined) {
    const type = compiler.resolver.resolveExpression(chain, outer, valueContext(contextualType), 0);
    // A value that may be undefined itself is asked when the chain is done.
    const links = typeOfLinks(compiler.resolver, chain, outer, valueContext(contextualType), SWALLOW);
    if (type !== null && !type.isReference && !isVoid(type) && !(links !== null && isOpenType(links)))
      return compileChain(compiler, chain, valueContext(contextualType), constraints, (inner) =>
        compiler.compileExpression(right, inner, constraints | 1),
      );
  }
  const inside = maybeOf(left);
  const access = inside && accessOf(inside, typesIn(compiler));
  if (inside !== undefined && access !== undefined && !access.value.isReference)
    return compileAccess(compiler, access, inside, (code, type) => {
      const rightFlow = outer.fork();
      compiler.currentFlow = rightFlow;
      const otherwise = compiler.compileExpression(right, type);
      const common = commonType(type, compiler.currentType, contextualType) ?? type;
      const result = compiler.convertExpression(otherwise, compiler.currentType, common, false, right);
      compiler.currentFlow = outer;
      outer.mergeBranch(rightFlow);
      return {
        code: compiler.convertExpression(code, type, common, false, left),
        otherwise: result,
        type: common,
      };
    });
  const leftCode = compiler.compileExpression(left, valueContext(contextualType), wrap);
  const leftType = compiler.currentType;
  if (leftType === Types.bool) return refuse(compiler, left, sentences.undefinedBoolean);
  if (isOpenType(leftType)) return compileOpen(compiler, leftCode, leftType, right, contextualType);
  if (!leftType.isNullableReference) return leftCode;
  const rightFlow = outer.fork();
  compiler.currentFlow = rightFlow;
  // The right side itself decides whether the whole may be null.
  const rightCode = compiler.compileExpression(right, listFor(leftType, right), wrap);
  const rightType = compiler.currentType;
  compiler.currentFlow = outer;
  outer.mergeBranch(rightFlow);
  if (isVoid(rightType)) return module.if(leftCode, module.nop(), rightCode);
  const result = joinedType(leftType, rightType, contextualType);
  if (result === null) {
    compiler.error(NOT_ASSIGNABLE, right.range, rightType.toString(), leftType.toString());
    compiler.currentType = contextualType;
    return module.unreachable();
  }
  const converted = compiler.convertExpression(rightCode, rightType, result, false, right);
  const local = outer.getTempLocal(leftType);
  compiler.currentType = result;
  return module.if(
    module.local_tee(local.index, leftCode, leftType.isManaged),
    module.local_get(local.index, result.toRef()),
    converted,
  );
}

/** `(a ??= b)` as a value: it is there when `b` is. */
defineForm("__language_assigned", {
  compile(compiler, call, contextualType, constraints) {
    const [assignment] = call.args as [BinaryExpression];
    const type = typesIn(compiler)(assignment.right);
    const code = compiler.compileExpression(
      assignment,
      valueContext(contextualType),
      constraints & MUST_WRAP,
    );
    if (type !== null && !type.isNullableReference)
      compiler.currentType = compiler.currentType.nonNullableType;
    return code;
  },
  resolve: (resolver, call, flow, type, mode) =>
    resolver.resolveExpression((call.args[0] as BinaryExpression).right, flow, type, mode),
});

/** A number or a boolean, or what it is instead when it is undefined. */
function compileOpen(
  compiler: Compiler,
  left: number,
  type: Type,
  right: Expression,
  contextualType: Type,
): number {
  const { module } = compiler;
  const outer = compiler.currentFlow;
  const local = outer.getTempLocal(type);
  const rightFlow = outer.fork();
  compiler.currentFlow = rightFlow;
  const isAbsentToo = contextualType !== Types.void;
  const result = isAbsentToo ? typeOfOpen(type, typesIn(compiler)(right)) : contextualType;
  const other = compiler.compileExpression(right, result, isAbsentToo ? 1 : 0);
  compiler.currentFlow = outer;
  outer.mergeBranch(rightFlow);
  const asked = isAbsent(compiler, module.local_tee(local.index, left, false), type);
  if (!isAbsentToo) return module.if(asked, other);
  compiler.currentType = result;
  return module.if(asked, other, module.local_get(local.index, type.toRef()));
}

/** The type of `a ?? b` for an `a` that may be undefined: a boolean that is there if `b` is. */
function typeOfOpen(left: Type, right: Type | null): Type {
  return left === openBoolean && right === Types.bool ? Types.bool : left;
}

function resolveNullish(
  resolver: Resolver,
  call: CallExpression,
  flow: Flow,
  wantedType: Type,
  reportMode: number,
): Type | null {
  const contextualType = beyondCondition(wantedType);
  const [left, right] = call.args as [Expression, Expression];
  // As they are compiled: numbers of the type that they have where they are there.
  const chain = chainOf(left);
  const links = chain && typeOfLinks(resolver, chain, flow, contextualType, reportMode);
  if (links === openBoolean)
    return typeOfOpen(links, resolver.resolveExpression(right, flow, links, SWALLOW));
  if (links && !links.isReference && !isVoid(links)) return links;
  const inside = maybeOf(left);
  const access =
    inside &&
    accessOf(inside, (expression) => resolver.resolveExpression(expression, flow, Types.auto, SWALLOW));
  if (access !== undefined && !access.value.isReference) {
    const other = resolver.resolveExpression(right, flow, access.value, reportMode);
    return other === null ? access.value : (commonType(access.value, other, contextualType) ?? access.value);
  }
  const leftType = resolver.resolveExpression(left, flow, contextualType, reportMode);
  if (leftType === openBoolean)
    return typeOfOpen(leftType, resolver.resolveExpression(right, flow, leftType, SWALLOW));
  if (leftType === null || !leftType.isNullableReference) return leftType;
  const rightType = resolver.resolveExpression(right, flow, listFor(leftType, right), reportMode);
  return rightType === null ? null : joinedType(leftType, rightType, contextualType);
}

/** The type that is wanted of `b` in `a ?? b`: a match of a regular expression is a list, and `[]` is no match. */
function listFor(left: Type, right: Expression): Type {
  const kind = isEmptyList(right) ? kindOf(left) : undefined;
  return (kind?.name === "array/Array" ? kind.classOf.type : left).nonNullableType;
}

/** The type of `a ?? b`: it is there if `b` is, also where null is wanted as well, as in `x ??= b`. */
function joinedType(left: Type, right: Type, contextualType: Type): Type | null {
  const joined = commonType(left.nonNullableType, right, contextualType);
  return joined?.isNullableReference && !right.isNullableReference ? joined.nonNullableType : joined;
}

/** `Type '{0}' is not assignable to type '{1}'.` */
const NOT_ASSIGNABLE = 2322;
