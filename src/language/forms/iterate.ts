/**
 * Compiles `for…of` by the type of the iterated value.
 *
 * @module
 */
import type { CallExpression, Compiler, Expression, Resolver, Type } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { defineElements, defineForm, formOf } from "../../transform/compiler/forms-hook.js";
import { NodeKind } from "../../transform/compiler/compiler.js";
import { sentences } from "../sentences/table.js";
import { isIndexed, kindOf, type Kind } from "./classes.js";
import { compiled, markedCall } from "../../transform/compiler/nodes.js";
import { callHelper, helper, helperClass, newHelper, refuse } from "./helpers.js";
import { fieldsByKey, namedField } from "./shape-fields.js";
import { Types } from "./types.js";

interface Nodes {
  createElementAccessExpression(object: Expression, index: Expression, range: unknown): Expression;
  createPropertyAccessExpression(object: Expression, name: unknown, range: unknown): Expression;
  createIdentifierExpression(name: string, range: unknown): Expression;
  createCallExpression(callee: Expression, types: null, args: Expression[], range: unknown): Expression;
}
const nodes = (assemblyscript as unknown as { Node: Nodes }).Node;

/** `map.keys()` and the like, which are gone through without an array of them. */
interface Through {
  readonly object: Expression;
  readonly method: string;
}

function throughMethod(expression: Expression): Through | undefined {
  if (expression.kind !== NodeKind["Call"] || formOf(expression) !== undefined) return undefined;
  const { expression: callee, args } = expression as CallExpression;
  if (callee.kind !== NodeKind["PropertyAccess"] || args.length > 0) return undefined;
  const { expression: object, property } = callee as unknown as {
    expression: Expression;
    property: { text: string };
  };
  return /^(keys|values|entries)$/.test(property.text) ? { object, method: property.text } : undefined;
}

/** The class of `assembly/language/iterate` that goes through something. */
function iteratorOf(kind: Kind | undefined, method: string): string | undefined {
  if (kind === undefined) return undefined;
  if (kind.name === "map/Map")
    return { "": "MapEntries", entries: "MapEntries", keys: "MapKeys", values: "MapValues" }[method];
  if (kind.name === "set/Set") return method === "entries" ? undefined : "SetValues";
  if (kind.name === "array/Array" && method === "entries") return "ArrayEntries";
  return undefined;
}

interface Plan {
  readonly source: Expression;
  readonly sourceType: Type;
  readonly iterator?: string;
  readonly helper?: string;
  readonly types: Type[];
}

/** How something is gone through; undefined when it cannot be. */
function planOf(expression: Expression, typeOf: (expression: Expression) => Type | null): Plan | undefined {
  const through = throughMethod(expression);
  if (through !== undefined) {
    const type = typeOf(through.object);
    const kind = type === null ? undefined : kindOf(type);
    const iterator = iteratorOf(kind, through.method);
    if (iterator !== undefined)
      return { source: through.object, sourceType: type!, iterator, types: kind!.types };
    if (kind?.name === "array/Array" && through.method === "values")
      return { source: through.object, sourceType: type!, types: [] };
    if (kind?.name === "array/Array" && through.method === "keys")
      return { source: through.object, sourceType: type!, helper: "iterate/arrayKeys", types: kind.types };
  }
  const type = typeOf(expression);
  const kind = type === null ? undefined : kindOf(type);
  if (kind === undefined) return undefined;
  const plan = { source: expression, sourceType: type!, types: kind.types };
  const iterator = iteratorOf(kind, "");
  if (iterator !== undefined) return { ...plan, iterator };
  if (kind.name === "string/String") return { ...plan, helper: "iterate/characters", types: [] };
  return isIndexed(kind) ? { ...plan, types: [] } : undefined;
}

function typeIn(compiler: Compiler): (expression: Expression) => Type | null {
  return (expression) => compiler.resolver.resolveExpression(expression, compiler.currentFlow, Types.auto, 1);
}

function resolvePlan(resolver: Resolver, plan: Plan | undefined): Type | null {
  if (plan === undefined) return null;
  if (plan.iterator !== undefined)
    return helperClass(resolver, `iterate/${plan.iterator}`, plan.types)?.type ?? null;
  if (plan.helper !== undefined)
    return helper(resolver, plan.helper, plan.types)?.signature.returnType ?? null;
  return plan.sourceType.nonNullableType;
}

defineForm("__language_iterate", {
  compile(compiler, call, contextualType) {
    const expression = call.args[0]!;
    const plan = planOf(expression, typeIn(compiler));
    if (plan === undefined) {
      const code = compiler.compileExpression(expression, contextualType);
      const type = compiler.currentType.toString();
      return code && refuse(compiler, expression, `${sentences.notIterable} (${type})`);
    }
    const { source, sourceType, types } = plan;
    if (plan.iterator !== undefined) {
      const path = `iterate/${plan.iterator}`;
      return newHelper(compiler, path, types, [source], call);
    }
    if (plan.helper !== undefined) return callHelper(compiler, plan.helper, types, [source], call);
    return compiler.compileExpression(source, sourceType);
  },
  resolve(resolver, call, flow, _type, mode) {
    return resolvePlan(
      resolver,
      planOf(call.args[0]!, (expression) => resolver.resolveExpression(expression, flow, Types.auto, mode)),
    );
  },
});

/** `array.entries()` where it is a value: an array of pairs. */
function itemExpression(call: CallExpression): Expression {
  const [values, index] = call.args as [Expression, Expression];
  return nodes.createElementAccessExpression(values, index, call.range);
}

defineForm("__language_item", {
  compile: (compiler, call, type, constraints) =>
    compiler.compileExpression(itemExpression(call), type, constraints),
  resolve: (resolver, call, flow, type, mode) =>
    resolver.resolveExpression(itemExpression(call), flow, type, mode),
});

/** The entry at an index. It is no object of its own if the iterated value can stand for it. */
function entryExpression(call: CallExpression, type: Type | null): Expression {
  const [values, index] = call.args as [Expression, Expression];
  const { range } = call;
  const name = type === null ? undefined : kindOf(type)?.name;
  if (name !== "iterate/MapEntries" && name !== "iterate/ArrayEntries") return itemExpression(call);
  const method = nodes.createPropertyAccessExpression(
    values,
    nodes.createIdentifierExpression("entry", range),
    range,
  );
  return nodes.createCallExpression(method, null, [index], range);
}

defineForm("__language_entry", {
  compile(compiler, call, type, constraints) {
    const values = typeIn(compiler)(call.args[0]!);
    return compiler.compileExpression(entryExpression(call, values), type, constraints);
  },
  resolve(resolver, call, flow, type, mode) {
    const values = resolver.resolveExpression(call.args[0]!, flow, Types.auto, mode);
    return resolver.resolveExpression(entryExpression(call, values), flow, type, mode);
  },
});

/** A part of an array, a pair or a tuple. */
function partExpression(call: CallExpression, type: Type | null): Expression {
  const [object, index] = call.args as [Expression, Expression & { value: unknown }];
  const { range } = call;
  const kind = type === null ? undefined : kindOf(type);
  if (kind === undefined || kind.classOf.getMember("_0") === null)
    return nodes.createElementAccessExpression(object, index, range);
  const name = nodes.createIdentifierExpression(`_${String(index.value)}`, range);
  return nodes.createPropertyAccessExpression(object, name, range);
}

defineForm("__language_element", {
  compile(compiler, call, type, constraints) {
    const object = typeIn(compiler)(call.args[0]!);
    return compiler.compileExpression(partExpression(call, object), type, constraints);
  },
  resolve(resolver, call, flow, type, mode) {
    const object = resolver.resolveExpression(call.args[0]!, flow, Types.auto, mode);
    return resolver.resolveExpression(partExpression(call, object), flow, type, mode);
  },
});

// `pair[0]`, also where it is set.
defineElements((owner, access, typeOf) => {
  const { elementExpression: key, expression: object } = access;
  const type = typeOf(object);
  const field = namedField(type, key);
  if (field !== undefined) {
    const name = nodes.createIdentifierExpression(field, access.range);
    return nodes.createPropertyAccessExpression(object, name, access.range);
  }
  if (fieldsByKey(owner, type, key, typeOf) !== undefined)
    return markedCall("__language_field", [object, key], access);
  const kind = type === null || key.kind !== NodeKind["Literal"] ? undefined : kindOf(type);
  if (kind === undefined || !/^(tuple|iterate)\//.test(kind.name) || kind.classOf.getMember("_0") === null)
    return undefined;
  const { value } = key as Expression & { value: unknown };
  const name = nodes.createIdentifierExpression(`_${String(value)}`, access.range);
  return nodes.createPropertyAccessExpression(object, name, access.range);
});

/** A new array of all that is gone through. */
defineForm("__language_array", {
  compile(compiler, call) {
    const typeOf = typeIn(compiler);
    const expression = call.args[0]!;
    const type = typeOf(expression);
    const kind = type === null ? undefined : kindOf(type);
    if (kind?.name === "array/Array")
      return callHelper(compiler, "spread/copyArray", kind.types, [expression], call);
    const plan = planOf(expression, typeOf);
    const through = resolvePlan(compiler.resolver, plan);
    const element = through === null ? null : elementOf(through);
    if (plan === undefined || through === null || element === null)
      return refuse(compiler, expression, sentences.notSpread);
    if (plan.helper !== undefined) return callHelper(compiler, plan.helper, plan.types, [plan.source], call);
    const code = plan.iterator
      ? newHelper(compiler, `iterate/${plan.iterator}`, plan.types, [plan.source], call)
      : compiler.compileExpression(plan.source, through);
    return callHelper(
      compiler,
      "spread/copyIndexed",
      [through, element],
      [compiled(code, through, call)],
      call,
    );
  },
  resolve(resolver, call, flow, _type, mode) {
    const typeOf = (expression: Expression): Type | null =>
      resolver.resolveExpression(expression, flow, Types.auto, mode);
    const through = resolvePlan(resolver, planOf(call.args[0]!, typeOf));
    const element = through === null ? null : elementOf(through);
    return element === null
      ? null
      : (helper(resolver, "spread/copyArray", [element])?.signature.returnType ?? null);
  },
});

/** The type of what is taken by index. */
export function elementOf(type: Type): Type | null {
  return kindOf(type)?.classOf.lookupOverload(1)?.signature.returnType ?? null;
}

/** Functions of arrays of one type: `__language_extend(array, more)` and the like. */
for (const [name, path] of [
  ["extend", "spread/extend"],
  ["prepend", "spread/prepend"],
  ["pushAll", "spread/pushAll"],
  ["unshiftAll", "spread/unshiftAll"],
  ["maxOf", "spread/maxOf"],
  ["minOf", "spread/minOf"],
] as const) {
  defineForm(`__language_${name}`, {
    compile(compiler, call) {
      const type = typeIn(compiler)(call.args[0]!);
      const element = type === null ? null : elementOf(type);
      if (element === null) return compiler.compileExpression(call.args[0]!, Types.auto);
      return callHelper(compiler, path, [element], call.args, call);
    },
    resolve(resolver, call, flow, _type, mode) {
      const type = resolver.resolveExpression(call.args[0]!, flow, Types.auto, mode);
      const element = type === null ? null : elementOf(type);
      return element === null ? null : (helper(resolver, path, [element])?.signature.returnType ?? null);
    },
  });
}
