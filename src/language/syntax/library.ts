/**
 * What TypeScript's library has and AssemblyScript's has not, marked for the forms that have their types.
 *
 * @module
 */
import type { CallExpression, NewExpression } from "@babel/types";
import { addRule } from "./lowering.js";
import type { Piece } from "./pieces.js";
import type { Syntax } from "./tree.js";

/** Methods of arrays and Maps that forms compile: `__language_find(xs, f)`. */
const methods = new Set(["find", "findLast", "flatMap", "forEach", "map"]);

addRule<CallExpression>("CallExpression", (node, l) => {
  const callee = node.callee as Syntax;
  if (callee.type !== "MemberExpression" || callee.computed || callee.property.type !== "Identifier")
    return undefined;
  const args = node.arguments as Syntax[];
  const method = callee.property.name;
  const object = callee.object as Syntax;
  if (args.some(({ type }) => type === "SpreadElement")) return undefined;
  if (l.textOf(object) === "Array" && l.isGlobal("Array") && args.length > 0) {
    if (method === "from" && args.length === 1) {
      l.use("iterate");
      l.use("spread");
      return l.make(node, "__language_array(", l.lower(args[0]), ")");
    }
    if (method === "of") return l.make(node, "[", l.inside(node, args[0]!.start, args.at(-1)!.end), "]");
  }
  if (!methods.has(method) || args.length !== 1 || node.typeParameters) return undefined;
  if (object.type === "Super" || object.type === "ThisExpression") return undefined;
  const isFunction = /Function/.test(args[0]!.type);
  if ((method === "map" || method === "forEach") && !isFunction) return undefined;
  l.use("arrays");
  return l.make(node, `__language_${method}(`, l.lower(object), ", ", l.lower(args[0]), ")");
});

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
    if (types !== "" || list.type === "Identifier")
      return l.make(node, "__language_copyMap(", l.lower(list), ")");
    return l.refuse(list, "mapOf");
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
