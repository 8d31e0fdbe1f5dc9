/**
 * `...` in array literals and calls.
 *
 * @module
 */
import type { ArrayExpression, CallExpression, NewExpression, SpreadElement } from "@babel/types";
import { addRule, type Lowering } from "./lowering.js";
import type { Piece } from "./pieces.js";
import type { Syntax } from "./tree.js";

addRule<ArrayExpression>("ArrayExpression", (node, l) => lowerSpread(node, node.elements as Syntax[], l));

/** The array of what is listed, some of it spread; undefined when nothing is. */
function lowerSpread(node: unknown, elements: Syntax[], l: Lowering): Piece[] | undefined {
  const first = elements.findIndex((element) => element?.type === "SpreadElement");
  if (first < 0) return undefined;
  l.use("iterate");
  l.use("spread");
  const listed = (from: number, to: number): Piece[] =>
    elements
      .slice(from, to)
      .flatMap((element, index) => l.make(node, index === 0 ? "" : ", ", l.lower(element)));
  const spread = (index: number): Piece[] => l.lower((elements[index] as SpreadElement & Syntax).argument);
  let whole = l.make(elements[first], "__language_array(", spread(first), ")");
  if (first > 0) whole = l.make(node, "__language_prepend(", whole, ", [", listed(0, first), "])");
  for (let at = first + 1; at < elements.length;) {
    if (elements[at]!.type === "SpreadElement") {
      whole = l.make(elements[at], "__language_extend(", whole, ", __language_array(", spread(at), "))");
      at++;
      continue;
    }
    let end = at;
    while (end < elements.length && elements[end]!.type !== "SpreadElement") end++;
    whole = l.make(node, "__language_extend(", whole, ", [", listed(at, end), "])");
    at = end;
  }
  return whole;
}

addRule<CallExpression>("CallExpression", (node, l) => {
  const args = node.arguments as Syntax[];
  if (!args.some(({ type }) => type === "SpreadElement")) return undefined;
  const callee = node.callee as Syntax;
  const name = l.textOf(callee);
  if (name === "Math.max" || name === "Math.min") {
    l.use("iterate");
    l.use("spread");
    return args
      .map((arg) =>
        arg.type === "SpreadElement"
          ? l.make(arg, `__language_${name.slice(5)}Of(__language_array(`, l.lower(arg.argument), "))")
          : l.lower(arg),
      )
      .reduce((whole, arg) => l.make(node, `${name}(`, whole, ", ", arg, ")"));
  }
  if (callee.type === "MemberExpression" && /^(push|unshift)$/.test(l.textOf(callee.property))) {
    const list = lowerSpread(node, args, l)!;
    return l.make(
      node,
      `__language_${l.textOf(callee.property)}All(`,
      l.lower(callee.object),
      ", ",
      list,
      ")",
    );
  }
  return spreadArguments(node as CallExpression & Syntax, l);
});

addRule<NewExpression>("NewExpression", (node, l) => {
  const args = node.arguments as Syntax[];
  if (!args.some(({ type }) => type === "SpreadElement")) return undefined;
  return spreadArguments(node as NewExpression & Syntax, l);
});

/** Lists as arguments are marked: they can be for rest parameters only, which the compiler knows. */
function spreadArguments(node: (CallExpression | NewExpression) & Syntax, l: Lowering): Piece[] {
  l.use("iterate");
  l.use("spread");
  const args = node.arguments as Syntax[];
  const pieces: Piece[] = [];
  let position = node.start;
  for (const arg of args) {
    if (arg.type !== "SpreadElement") continue;
    pieces.push(...l.inside(node, position, arg.start));
    pieces.push(...l.make(arg, "__language_spread(", l.lower(arg.argument), ")"));
    position = arg.end;
  }
  return [...pieces, ...l.inside(node, position)];
}
