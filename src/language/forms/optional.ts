/**
 * `a?.b`, marked as `__language_optional(a, it, it.b)`, and comparisons with it.
 *
 * @module
 */
import type { BinaryExpression, CallExpression, Compiler, Expression, Flow, Type } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { defineForm, formOf } from "../../transform/compiler/forms-hook.js";
import { NodeKind } from "../../transform/compiler/compiler.js";
import { absentNumber, isAbsent, isOpenType } from "../../transform/compiler/absent.js";
import { absentBoolean, openBoolean } from "../../transform/compiler/booleans.js";
import { sentences } from "../sentences/table.js";
import { accessOf, compileAccess, isNumber, maybeOf, typesIn } from "./maybe.js";
import { refuse } from "./helpers.js";
import { Types, isVoid } from "./types.js";
import { bareOf } from "../../transform/compiler/nodes.js";

/** `LocalFlags`: a constant that has its value, and is not null. */
const CONSTANT = 1;
const NON_NULL = 4;
const INITIALIZED = 8;

/** Makes the value of a chain that breaks off, for a number, which has no null. */
export type Otherwise = (contextualType: Type) => number;

const nameOf = (call: CallExpression): string => (call.args[1] as unknown as { text: string }).text;

/** Tells whether an expression is a chain that may break off, and which. */
export function chainOf(expression: Expression): CallExpression | undefined {
  const bare = bareOf(expression);
  if (formOf(bare) === undefined) return undefined;
  const call = bare as CallExpression;
  return (call.expression as unknown as { text: string }).text === "__language_optional" ? call : undefined;
}

/** Compiles a chain. `otherwise` makes its value when it breaks off; without it, that is null. */
export function compileChain(
  compiler: Compiler,
  call: CallExpression,
  contextualType: Type,
  constraints: number,
  otherwise?: Otherwise,
  wrap: (inner: Expression) => Expression = (inner) => inner,
): number {
  const [receiver, , inner] = call.args as [Expression, Expression, Expression];
  const { module } = compiler;
  const outer = compiler.currentFlow;
  const receiverCode = compiler.compileExpression(receiver, Types.auto);
  const receiverType = compiler.currentType;
  const name = nameOf(call);
  const flow = outer.fork();
  const local = flow.addScopedLocal(name, receiverType.nonNullableType);
  flow.setLocalFlag(local.index, CONSTANT | NON_NULL | INITIALIZED);
  compiler.currentFlow = flow;
  const next = chainOf(inner);
  const code =
    next === undefined
      ? compiler.compileExpression(wrap(inner), contextualType, constraints)
      : compileChain(compiler, next, contextualType, constraints, otherwise, wrap);
  const type = compiler.currentType;
  compiler.currentFlow = outer;
  outer.mergeBranch(flow);
  const tee = module.local_tee(local.index, receiverCode, receiverType.isManaged);
  if (!receiverType.isNullableReference) {
    const first = module.drop(tee);
    return module.block(null, [first, code], type.toRef());
  }
  if (isVoid(type)) return module.if(tee, code);
  if (otherwise !== undefined) {
    const other = otherwise(type);
    compiler.currentType = type;
    return module.if(tee, code, other);
  }
  if (type.isReference) {
    compiler.currentType = type.asNullable();
    return module.if(tee, code, compiler.makeZero(type));
  }
  if (isVoid(contextualType)) {
    compiler.currentType = Types.void;
    return module.if(tee, module.drop(code));
  }
  if (contextualType === Types.bool) return module.if(tee, code, compiler.makeZero(type));
  if (type === Types.bool || type === openBoolean) {
    compiler.currentType = openBoolean;
    return module.if(tee, code, absentBoolean(compiler));
  }
  if (isNumber(type)) {
    const number = compiler.convertExpression(code, type, Types.f64, true, call);
    compiler.currentType = Types.f64;
    return module.if(tee, number, absentNumber(compiler));
  }
  return refuse(compiler, call, sentences.chainWithoutType);
}

type TypeResolver = Parameters<Parameters<typeof defineForm>[1]["resolve"]>[0];

function resolveChain(
  resolver: TypeResolver,
  call: CallExpression,
  flow: Flow,
  contextualType: Type,
  mode: number,
): Type | null {
  const { receiver, type } = resolveLinks(resolver, call, flow, contextualType, mode);
  if (type === null || !receiver!.isNullableReference) return type;
  if (contextualType !== Types.bool && type === Types.bool) return openBoolean;
  if (contextualType !== Types.bool && type !== openBoolean && isNumber(type)) return Types.f64;
  return type.isReference ? type.asNullable() : type;
}

/** The type of a chain that does not break off. */
export function typeOfLinks(
  resolver: TypeResolver,
  call: CallExpression,
  flow: Flow,
  contextualType: Type,
  mode: number,
): Type | null {
  return resolveLinks(resolver, call, flow, contextualType, mode, true).type;
}

/** The types of a chain's receiver, and of what it asks of that; with `all`, also the chain in it does not break off. */
function resolveLinks(
  resolver: TypeResolver,
  call: CallExpression,
  flow: Flow,
  contextualType: Type,
  mode: number,
  all = false,
): { receiver: Type | null; type: Type | null } {
  const [first, , inner] = call.args as [Expression, Expression, Expression];
  const receiver = resolver.resolveExpression(first, flow, Types.auto, mode);
  if (receiver === null) return { receiver, type: null };
  const scope = flow.fork();
  scope.addScopedDummyLocal(nameOf(call), receiver.nonNullableType, call);
  const next = all ? chainOf(inner) : undefined;
  const type =
    next === undefined
      ? resolver.resolveExpression(inner, scope, contextualType, mode)
      : resolveLinks(resolver, next, scope, contextualType, mode, true).type;
  return { receiver, type };
}

defineForm("__language_optional", {
  compile: (compiler, call, type, constraints) => compileChain(compiler, call, type, constraints),
  resolve: resolveChain,
});

/** A comparison in which a chain is: where the chain is a number and breaks off, it is neither equal, less nor more. */
defineForm("__language_compare", {
  compile(compiler, call, contextualType, constraints) {
    const comparison = call.args[0] as BinaryExpression;
    const { left, right } = comparison;
    const nothing = [left, right].find(({ kind }) => kind === NodeKind["Null"]);
    if (nothing !== undefined) {
      const code = compareWithNothing(compiler, comparison, nothing === left ? right : left);
      if (code !== undefined) return code;
    }
    const chain = chainOf(left) ?? chainOf(right);
    const { currentFlow } = compiler;
    const type = chain && resolveChain(compiler.resolver, chain, currentFlow, Types.auto, 1);
    if (!chain || !type || type.isReference)
      return compiler.compileExpression(comparison, contextualType, constraints);
    const onLeft = chainOf(left) === chain;
    const other = onLeft ? right : left;
    const isNull = other.kind === NodeKind["Null"];
    const unequal = isUnequal(comparison);
    const broken = isNull ? !unequal : unequal;
    const wrap = (inner: Expression): Expression => {
      if (isNull) return literalBool(unequal, call);
      const clone = Object.assign(
        Object.create(Object.getPrototypeOf(comparison) as object) as BinaryExpression,
        comparison,
      );
      if (onLeft) clone.left = inner;
      else clone.right = inner;
      return clone;
    };
    const code = compileChain(
      compiler,
      chain,
      Types.bool,
      constraints,
      () => compiler.module.i32(broken ? 1 : 0),
      wrap,
    );
    compiler.currentType = Types.bool;
    return code;
  },
  resolve: () => Types.bool,
});

/** `x === undefined` where `x` is a number or boolean, which has no null; undefined where it is not. */
function compareWithNothing(
  compiler: Compiler,
  comparison: BinaryExpression,
  operand: Expression,
): number | undefined {
  if (chainOf(operand) !== undefined) return undefined;
  const typeOf = typesIn(compiler);
  const type = typeOf(operand);
  if (type === null || type.isReference || isVoid(type)) return undefined;
  const inside = maybeOf(operand);
  const access = inside && accessOf(inside, typeOf);
  if ((inside === undefined || access === undefined) && isOpenType(type)) {
    const code = isAbsent(compiler, compiler.compileExpression(operand, type), type);
    compiler.currentType = Types.bool;
    const { module } = compiler;
    return isUnequal(comparison) ? module.if(code, module.i32(0), module.i32(1)) : code;
  }
  if (inside === undefined || access === undefined)
    return refuse(compiler, comparison, sentences.neverUndefined);
  const unequal = isUnequal(comparison);
  return compileAccess(compiler, access, inside, (code) => ({
    code: compiler.module.block(
      null,
      [compiler.module.drop(code), compiler.module.i32(unequal ? 1 : 0)],
      Types.bool.toRef(),
    ),
    otherwise: compiler.module.i32(unequal ? 0 : 1),
    type: Types.bool,
  }));
}

function isUnequal(comparison: BinaryExpression): boolean {
  const { range } = comparison;
  const between = range.source.text.slice(comparison.left.range.end, comparison.right.range.start);
  return between.includes("!=");
}

interface Nodes {
  createTrueExpression(range: unknown): Expression;
  createFalseExpression(range: unknown): Expression;
}

function literalBool(value: boolean, call: CallExpression): Expression {
  const { Node } = assemblyscript as unknown as { Node: Nodes };
  return value ? Node.createTrueExpression(call.range) : Node.createFalseExpression(call.range);
}
