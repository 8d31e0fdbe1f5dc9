/**
 * Methods of arrays, Maps and Sets that AssemblyScript has not, or wants type arguments for; and Maps and Sets that are
 * made of lists.
 *
 * @module
 */
import type {
  CallExpression,
  Compiler,
  Expression,
  FunctionDeclaration,
  FunctionPrototype,
  Resolver,
  Type,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { NodeKind } from "../../transform/compiler/compiler.js";
import { openBoolean } from "../../transform/compiler/booleans.js";
import { defineForm } from "../../transform/compiler/forms-hook.js";
import { returnTypeOf } from "../../transform/compiler/inference.js";
import { sentences } from "../sentences/table.js";
import { kindOf } from "./classes.js";
import { callHelper, helper, refuse } from "./helpers.js";
import { Types } from "./types.js";
import { isNumber, typesIn } from "./maybe.js";

type TypeOf = (expression: Expression) => Type | null;

/** Which function stands for a call, and for which types. */
interface Target {
  readonly path: string;
  readonly types: Type[];
  /** The arguments, if they are not those of the call. */
  readonly args?: Expression[];
}

type Choose = (
  call: CallExpression,
  typeOf: TypeOf,
  returned: (types: Type[]) => Type | null,
) => Target | string | undefined;

const choices: Readonly<Record<string, Choose>> = {
  find: (call, typeOf) => searching("find", call, typeOf),
  findLast: (call, typeOf) => searching("findLast", call, typeOf),
  flatMap(call, typeOf, returned) {
    const list = typeOf(call.args[0]!);
    const kind = list === null ? undefined : kindOf(list);
    if (kind?.name !== "array/Array") return undefined;
    const type = returned([kind.types[0]!, Types.i32, list!]);
    const made = type === null ? undefined : kindOf(type);
    if (made?.name !== "array/Array") return sentences.flatMap;
    return { path: "arrays/flatMap", types: [kind.types[0]!, made.types[0]!] };
  },
  forEach(call, typeOf) {
    const list = typeOf(call.args[0]!);
    const kind = list === null ? undefined : kindOf(list);
    if (kind?.name === "map/Map") return { path: "arrays/eachEntry", types: kind.types };
    return kind?.name === "set/Set" ? { path: "arrays/eachValue", types: kind.types } : undefined;
  },
  push: (call, typeOf) => listed("spread/pushAll", call, typeOf, 1),
  unshift: (call, typeOf) => listed("spread/unshiftAll", call, typeOf, 1),
  splice: (call, typeOf) => listed("arrays/spliceIn", call, typeOf, 3),
  with: (call, typeOf) => listed("arrays/withElement", call, typeOf),
  reduce(call, typeOf) {
    const target = listed("arrays/reduceFirst", call, typeOf);
    if (target === undefined || !isNumber(target.types[0]!)) return target;
    return { ...target, path: "arrays/reduceNumbers" };
  },
  toSpliced: (call, typeOf) =>
    call.args.length > 2
      ? listed("arrays/splicedWith", call, typeOf, 3)
      : listed("arrays/spliced", call, typeOf),
  isSubsetOf: (call, typeOf) => ofSets("isSubsetOf", call, typeOf),
  isSupersetOf: (call, typeOf) => ofSets("isSupersetOf", call, typeOf),
  isDisjointFrom: (call, typeOf) => ofSets("isDisjointFrom", call, typeOf),
  symmetricDifference: (call, typeOf) => ofSets("symmetricDifference", call, typeOf),
  union: (call, typeOf) => ofSets("union", call, typeOf),
  intersection: (call, typeOf) => ofSets("intersection", call, typeOf),
  difference: (call, typeOf) => ofSets("difference", call, typeOf),
  concat(call, typeOf) {
    const list = typeOf(call.args[0]!);
    const kind = list === null ? undefined : kindOf(list);
    const value = typeOf(call.args[1]!);
    if (kind?.name !== "array/Array" || value === null || kindOf(value)?.name === "array/Array")
      return undefined;
    const make = assemblyscript.Node;
    const args = [
      make.createCallExpression(
        make.createPropertyAccessExpression(
          call.args[0]!,
          make.createIdentifierExpression("slice", call.range),
          call.range,
        ),
        null,
        [],
        call.range,
      ),
      make.createArrayLiteralExpression(call.args.slice(1), call.range),
    ];
    return { path: "spread/extend", types: kind.types, args };
  },
  setOf(call, typeOf) {
    const set = typeOf(call.args[0]!);
    const kind = set === null ? undefined : kindOf(set);
    return kind === undefined ? undefined : { path: "arrays/setOf", types: kind.types };
  },
  newSet(call, typeOf) {
    const list = typeOf(call.args[0]!);
    const kind = list === null ? undefined : kindOf(list);
    return kind?.name === "array/Array" ? { path: "arrays/newSet", types: kind.types } : sentences.setOf;
  },
  newMap(call, typeOf) {
    const types = call.args.map((list) => {
      const type = typeOf(list);
      return type === null ? undefined : kindOf(type)?.types[0];
    });
    if (types.some((type) => type === undefined)) return sentences.mapTypes;
    return { path: "arrays/newMap", types: types as Type[] };
  },
  copyMap(call, typeOf) {
    const map = typeOf(call.args[0]!);
    const kind = map === null ? undefined : kindOf(map);
    if (kind?.name === "array/Array") {
      const pair = kindOf(kind.types[0]!);
      if (pair?.name === "tuple/Tuple2") return { path: "arrays/mapOfPairs", types: pair.types };
      if (pair?.name === "array/Array") return { path: "arrays/mapOfLists", types: pair.types };
    }
    return kind?.name === "map/Map" ? { path: "arrays/copyMap", types: kind.types } : sentences.mapOf;
  },
};

/** A method of arrays, with the arguments behind the first `fixed` as one list. */
function listed(path: string, call: CallExpression, typeOf: TypeOf, fixed?: number): Target | undefined {
  const list = typeOf(call.args[0]!);
  const kind = list === null ? undefined : kindOf(list);
  if (kind?.name !== "array/Array") return undefined;
  if (fixed === undefined) return { path, types: kind.types };
  const more = assemblyscript.Node.createArrayLiteralExpression(call.args.slice(fixed), call.range);
  return { path, types: kind.types, args: [...call.args.slice(0, fixed), more] };
}

function ofSets(name: string, call: CallExpression, typeOf: TypeOf): Target | undefined {
  const set = typeOf(call.args[0]!);
  const kind = set === null ? undefined : kindOf(set);
  return kind?.name === "set/Set" ? { path: `arrays/${name}`, types: kind.types } : undefined;
}

function searching(name: string, call: CallExpression, typeOf: TypeOf): Target | string | undefined {
  const list = typeOf(call.args[0]!);
  const kind = list === null ? undefined : kindOf(list);
  if (kind?.name !== "array/Array") return undefined;
  if (isNumber(kind.types[0]!)) return { path: `arrays/${name}Number`, types: kind.types };
  if (kind.types[0] === Types.bool) return { path: `arrays/${name}Boolean`, types: [] };
  if (!kind.types[0]!.isReference)
    return `${name} of numbers cannot answer undefined: take findIndex, and ask whether it is -1`;
  return { path: `arrays/${name}`, types: kind.types };
}

/** The call as it is written: `object.method(f)`. */
export function written(name: string, call: CallExpression): CallExpression {
  const make = assemblyscript.Node;
  const [object, ...rest] = call.args;
  const member = make.createPropertyAccessExpression(
    object!,
    make.createIdentifierExpression(name, call.range),
    call.range,
  );
  return make.createCallExpression(member, null, rest, call.range);
}

function returnedBy(
  resolver: Resolver,
  call: CallExpression,
  flow: Compiler["currentFlow"],
): (types: Type[]) => Type | null {
  const [, callback] = call.args;
  return (types) =>
    callback?.kind === NodeKind["Function"]
      ? returnTypeOf(
          resolver,
          flow,
          (callback as unknown as { declaration: FunctionDeclaration }).declaration,
          types,
        )
      : null;
}

for (const [name, choose] of Object.entries(choices)) {
  defineForm(`__language_${name}`, {
    compile(compiler, call, type, constraints) {
      const target = choose(
        call,
        typesIn(compiler),
        returnedBy(compiler.resolver, call, compiler.currentFlow),
      );
      if (target === undefined) return compiler.compileExpression(written(name, call), type, constraints);
      if (typeof target === "string") return refuse(compiler, call, target);
      const code = callHelper(compiler, target.path, target.types, target.args ?? call.args, call);
      if (target.path.endsWith("Boolean")) compiler.currentType = openBoolean;
      return code;
    },
    resolve(resolver, call, flow, type, mode) {
      const typeOf: TypeOf = (node) => resolver.resolveExpression(node, flow, Types.auto, mode);
      const target = choose(call, typeOf, returnedBy(resolver, call, flow));
      if (target === undefined) return resolver.resolveExpression(written(name, call), flow, type, mode);
      if (typeof target === "string") return null;
      if (target.path.endsWith("Boolean")) return openBoolean;
      return helper(resolver, target.path, target.types)?.signature.returnType ?? null;
    },
  });
}

/** `xs.map(f)`, with the type of what `f` returns; numbers with a fraction where such are wanted. */
function mapOf(
  resolver: Resolver,
  call: CallExpression,
  flow: Compiler["currentFlow"],
  typeOf: TypeOf,
  wantedList: Type,
) {
  const list = typeOf(call.args[0]!);
  const kind = list === null ? undefined : kindOf(list);
  if (kind?.name !== "array/Array" || kind.classOf !== list?.getClass()) return undefined;
  let returned = returnedBy(resolver, call, flow)([kind.types[0]!, Types.i32, list]);
  if (returned === null || returned === Types.void) return null;
  const wanted = kindOf(wantedList)?.name === "array/Array" ? kindOf(wantedList)!.types[0]! : returned;
  if (wanted.isFloatValue && returned.isIntegerValue && isNumber(returned)) returned = wanted;
  const method = kind.classOf.getMember("map") as FunctionPrototype | null;
  return (
    method && resolver.resolveFunction(method, [returned], new Map(kind.classOf.contextualTypeArguments))
  );
}

defineForm("__language_map", {
  compile(compiler, call, type, constraints) {
    const { resolver, currentFlow } = compiler;
    const target = mapOf(resolver, call, currentFlow, typesIn(compiler), type);
    if (target === undefined) return compiler.compileExpression(written("map", call), type, constraints);
    if (target === null) return refuse(compiler, call, sentences.returnUnknown);
    const [list, callback] = call.args;
    const object = compiler.compileExpression(list!, target.signature.thisType!, 1);
    return compiler.compileCallDirect(target, [callback!], call, object);
  },
  resolve(resolver, call, flow, type, mode) {
    const typeOf: TypeOf = (node) => resolver.resolveExpression(node, flow, Types.auto, mode);
    const target = mapOf(resolver, call, flow, typeOf, type);
    if (target === undefined) return resolver.resolveExpression(written("map", call), flow, type, mode);
    return target === null ? null : target.signature.returnType;
  },
});
