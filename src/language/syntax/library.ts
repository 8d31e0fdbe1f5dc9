/**
 * Marks the methods of TypeScript's library that AssemblyScript's does not have, for the forms that have their types.
 *
 * @module
 */
import type { ArrayExpression, CallExpression, NewExpression } from "@babel/types";
import { addRule, type Lowering } from "./lowering.js";
import type { Piece } from "./pieces.js";
import { functionTaken } from "./taken-functions.js";
import { bare, methodCall, type Syntax } from "./tree.js";

/** Calls of `filter` that are marked already. */
const guarded = new WeakSet<object>();

/** `xs.filter((x): x is T => …)`: what is left is a list of T. */
addRule<CallExpression>(
  "CallExpression",
  (node, l) => {
    const call = methodCall(node);
    if (call?.method !== "filter" || call.args.length !== 1 || guarded.has(node)) return undefined;
    const { returnType } = call.args[0] as { returnType?: { typeAnnotation: Syntax } | null };
    if (returnType?.typeAnnotation.type !== "TSTypePredicate") return undefined;
    const { typeAnnotation, asserts } = returnType.typeAnnotation;
    if (asserts || !typeAnnotation) return undefined;
    guarded.add(node);
    const type = l.lower((typeAnnotation as { typeAnnotation: Syntax }).typeAnnotation);
    return l.make(node, "__language_guarded(", l.lower(node), ", changetype<Array<", type, ">>(0))");
  },
  true,
);

/** Methods of arrays and Maps that forms compile: `__language_find(xs, f)`. */
const methods = new Set(["find", "findLast", "flatMap", "forEach", "map"]);

addRule<CallExpression>("CallExpression", (node, l) => {
  const call = methodCall(node);
  if (call === undefined) return undefined;
  const { object, method, args } = call;
  if (args.some(({ type }) => type === "SpreadElement")) return undefined;
  if (l.textOf(object) === "Array" && l.isGlobal("Array") && args.length > 0) {
    if (method === "from" && args.length === 2 && /Function/.test(args[1]!.type)) {
      l.use("arrays");
      l.use("iterate");
      l.use("spread");
      const length = lengthOf(args[0]!);
      const list =
        length === undefined
          ? l.make(args[0], "__language_array(", l.lower(args[0]), ")")
          : l.make(args[0], `${l.import("arrays", "indices")}(`, l.lower(length), ")");
      return l.make(node, "__language_map(", list, ", ", l.lower(args[1]), ")");
    }
    if (method === "from" && args.length === 1) {
      l.use("iterate");
      l.use("spread");
      return l.make(node, "__language_array(", l.lower(args[0]), ")");
    }
    if (method === "of") return l.make(node, "[", l.inside(node, args[0]!.start, args.at(-1)!.end), "]");
  }
  if (node.typeParameters || object.type === "Super" || object.type === "ThisExpression") return undefined;
  const taken = functionTaken(method, args, l);
  if (marked(method, args)) {
    l.use("arrays");
    l.use("spread");
    const rest = args.flatMap((arg, index) =>
      l.make(arg, ", ", index === 0 ? (taken ?? l.lower(arg)) : l.lower(arg)),
    );
    return l.make(node, `__language_${method}(`, l.lower(object), rest, ")");
  }
  if (/^to(Sorted|Reversed)$/.test(method) && args.length < 2) {
    const given = args.length === 0 ? [] : (taken ?? l.lower(args[0]));
    return l.make(
      node,
      l.lower(object),
      `.slice(0).${method === "toSorted" ? "sort" : "reverse"}(`,
      given,
      ")",
    );
  }
  if (method === "fill" && args.length === 1 && isPlainArray(object, l)) {
    const value = isWholeLiteral(args[0]!) ? l.make(args[0], "<f64>", l.lower(args[0])) : l.lower(args[0]);
    const length = (object as NewExpression & Syntax).arguments[0];
    return l.make(node, `${l.import("arrays", "filled")}(`, l.lower(length), ", ", value, ")");
  }
  const sum = method === "reduce" && args.length === 2 ? accumulatorType(args[0]!) : undefined;
  if (sum !== undefined && /^(Object|Array|New)Expression$/.test(bare(args[1]).type))
    return l.make(node, l.lower(object), ".reduce<", l.lower(sum), ">(", l.inside(node, args[0]!.start));
  if (method === "localeCompare") {
    if (args.length > 1) return l.refuse(node, "intl");
    return l.make(
      node,
      `${l.import("collate", "localeCompare")}(`,
      l.lower(object),
      ", ",
      l.lower(args[0]),
      ")",
    );
  }
  if (method === "flat" && args.length === 1) {
    const [depth] = args;
    if (depth?.type !== "NumericLiteral" || depth.value < 1 || depth.value > 8)
      return l.refuse(node, "flatDepth");
    return l.make(node, l.lower(object), ".flat()".repeat(depth.value));
  }
  if (method === "reduce" && args.length === 2 && isWholeLiteral(args[1]!) && !takesWhole(args[0]!))
    return [
      ...l.inside(node, node.start!, args[1]!.start),
      ...l.make(args[1], "<f64>", l.lower(args[1])),
      ...l.raw(args[1]!.end, node.end!),
    ];
  if (taken !== undefined && !methods.has(method))
    return [...l.inside(node, node.start!, args[0]!.start), ...taken, ...l.inside(node, args[0]!.end)];
  if (!methods.has(method) || args.length !== 1) return undefined;
  const isFunction = taken !== undefined || /Function/.test(args[0]!.type);
  if ((method === "map" || method === "forEach") && !isFunction) return undefined;
  l.use("arrays");
  return l.make(node, `__language_${method}(`, l.lower(object), ", ", taken ?? l.lower(args[0]), ")");
});

const typedArrays = /^(Int8|Uint8|Uint8Clamped|Int16|Uint16|Int32|Uint32|Float32|Float64)Array$/;

/** `new Uint8Array([1, 2])` and `Uint8Array.from(list)` */
addRule<NewExpression>("NewExpression", (node, l) => {
  const callee = node.callee as Syntax;
  const [list, ...more] = node.arguments as Syntax[];
  if (list?.type !== "ArrayExpression" || more.length > 0) return undefined;
  return callee.type === "Identifier" ? typedArray(node, callee.name, list, l) : undefined;
});
addRule<CallExpression>("CallExpression", (node, l) => {
  const { object, method, args } = methodCall(node) ?? {};
  if (object?.type !== "Identifier" || !/^(from|of)$/.test(method!)) return undefined;
  if (method === "from" && args!.length !== 1) return undefined;
  if (method === "from") return typedArray(node, object.name, args![0]!, l);
  if (!typedArrays.test(object.name) || !l.isGlobal(object.name) || args!.length === 0) return undefined;
  const values = l.make(node, "[", l.inside(node, args![0]!.start, args!.at(-1)!.end), "]");
  return l.make(node, `${l.import("arrays", "typedFrom")}<${object.name}, f64>(`, values, ")");
});

function typedArray(node: unknown, name: string, list: Syntax, l: Lowering): Piece[] | undefined {
  if (!typedArrays.test(name) || !l.isGlobal(name)) return undefined;
  const helper = l.import("arrays", "typedFrom");
  if (list.type === "ArrayExpression") return l.make(node, `${helper}<${name}, f64>(`, l.lower(list), ")");
  return l.make(node, `${helper}<${name}>(`, l.lower(list), ")");
}

addRule<NewExpression>("NewExpression", (node, l) => {
  const callee = node.callee as Syntax;
  if (callee.type !== "Identifier" || !/^(Map|Set)$/.test(callee.name) || !l.isGlobal(callee.name))
    return undefined;
  const [list, ...more] = node.arguments as Syntax[];
  if (list === undefined || more.length > 0) return undefined;
  l.use("arrays");
  l.use("iterate");
  l.use("spread");
  const types = node.typeParameters ? l.textOf(node.typeParameters) : "";
  if (callee.name === "Set") {
    if (types !== "") {
      const array = list.type === "ArrayExpression" ? `__language_setOf(new Set${types}(), ` : undefined;
      if (array !== undefined) return l.make(node, array, l.lower(list), ")");
      return l.make(node, `__language_setOf(new Set${types}(), __language_array(`, l.lower(list), "))");
    }
    return l.make(node, "__language_newSet(__language_array(", l.lower(list), "))");
  }
  if (list.type !== "ArrayExpression") {
    const pairs = pairsOf(list, l);
    return l.make(node, "__language_copyMap(", pairs ?? l.lower(list), ")");
  }
  const pairs = list.elements as Syntax[];
  if (pairs.length === 0 && types !== "") return l.make(node, `new Map${types}()`);
  const keys: [Syntax, Syntax][] = [];
  for (const pair of pairs) {
    if (pair?.type !== "ArrayExpression" || pair.elements.length !== 2) return l.refuse(list, "mapOf");
    keys.push(pair.elements as [Syntax, Syntax]);
  }
  const listed = (at: 0 | 1): Piece[] =>
    keys.flatMap((pair, index) => l.make(pair[at], index === 0 ? "" : ", ", l.lower(pair[at])));
  if (types !== "")
    return l.make(
      node,
      `new Map${types}()`,
      keys.flatMap(([key, value]) => l.make(key, ".set(", l.lower(key), ", ", l.lower(value), ")")),
    );
  return l.make(node, "__language_newMap([", listed(0), "], [", listed(1), "])");
});

/** Calls that AssemblyScript's own methods do not take. */
function marked(method: string, args: readonly Syntax[]): boolean {
  if (method === "push" || method === "unshift") return args.length > 1;
  if (method === "splice") return args.length > 2;
  if (method === "with") return args.length === 2;
  if (method === "reduce") return args.length === 1;
  if (method === "toSpliced") return args.length > 0;
  if (/^(isSubsetOf|isSupersetOf|isDisjointFrom|symmetricDifference)$/.test(method)) return args.length === 1;
  return /^(concat|union|intersection|difference)$/.test(method) && args.length === 1;
}

/** `new Array(n)`, without a type. */
function isPlainArray(node: Syntax, l: Lowering): boolean {
  const value = bare(node);
  if (value.type !== "NewExpression" && value.type !== "CallExpression") return false;
  return (
    l.textOf(value.callee) === "Array" &&
    l.isGlobal("Array") &&
    !value.typeParameters &&
    value.arguments.length === 1
  );
}

function isWholeLiteral(node: Syntax): boolean {
  const value = bare(node);
  if (value.type === "UnaryExpression") return isWholeLiteral(value.argument as Syntax);
  return value.type === "NumericLiteral" && Number.isInteger(value.value);
}

/** Tells whether a function's first parameter has a type of whole numbers. */
function takesWhole(node: Syntax): boolean {
  const { params } = node as { params?: { typeAnnotation?: { typeAnnotation: { type: string } } }[] };
  if (params === undefined) return true;
  const type = params[0]?.typeAnnotation?.typeAnnotation.type;
  return type !== undefined && type !== "TSNumberKeyword";
}

/** `{ length: n }` */
function lengthOf(node: Syntax): Syntax | undefined {
  if (node.type !== "ObjectExpression" || node.properties.length !== 1) return undefined;
  const [property] = node.properties;
  const isLength =
    property?.type === "ObjectProperty" && (property.key as { name?: string }).name === "length";
  return isLength ? (property.value as Syntax) : undefined;
}

/** Lists of two that are pairs. */
const madePairs = new WeakSet<Syntax>();
addRule<ArrayExpression & Syntax>(
  "ArrayExpression",
  (node, l) => {
    if (!madePairs.has(node)) return undefined;
    const [first, second] = node.elements as Syntax[];
    return l.make(node, `${l.import("tuple", "pair")}(`, l.lower(first), ", ", l.lower(second), ")");
  },
  true,
);

/** `xs.map((x) => [x.key, x])`, each as a pair of two types. */
export function pairsOf(node: Syntax, l: Lowering): Piece[] | undefined {
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return undefined;
  const [take] = node.arguments as Syntax[];
  if (l.textOf(node.callee.property) !== "map" || take?.type !== "ArrowFunctionExpression") return undefined;
  const pair = bare(take.body);
  if (pair.type !== "ArrayExpression" || pair.elements.length !== 2) return undefined;
  l.use("arrays");
  madePairs.add(pair);
  return l.make(node, "__language_map(", l.lower(node.callee.object), ", ", l.lower(take), ")");
}

/** The type that the function of a `reduce` gives to what it collects. */
function accumulatorType(take: Syntax): Syntax | undefined {
  const { params, returnType } = take as {
    params?: (Syntax & { typeAnnotation?: { typeAnnotation: Syntax } | null })[];
    returnType?: { typeAnnotation: Syntax } | null;
  };
  return params?.[0]?.typeAnnotation?.typeAnnotation ?? returnType?.typeAnnotation;
}
