/**
 * JavaScript's names, statements and literals that a module does not have: some are refused, others have another spelling here.
 *
 * @module
 */
import type {
  BigIntLiteral,
  CallExpression,
  Decorator,
  Identifier,
  NewExpression,
  TaggedTemplateExpression,
} from "@babel/types";
import { bigSources } from "../../transform/compiler/big.js";
import type { SentenceName } from "../sentences/table.js";
import { addRule, type Lowering } from "./lowering.js";
import { isNameOnly } from "./null.js";
import type { Piece } from "./pieces.js";
import { methodCall, type Syntax } from "./tree.js";

const refused: Readonly<Record<string, SentenceName>> = {
  JSON: "json",
  Promise: "promise",
  Proxy: "proxyObject",
  Reflect: "proxyObject",
  Symbol: "symbol",
  BigInt: "bigint",
  Buffer: "buffer",
  WeakMap: "weak",
  WeakSet: "weak",
  WeakRef: "weak",
  FinalizationRegistry: "weak",
  URL: "url",
  URLSearchParams: "url",
  TextEncoder: "textCoding",
  TextDecoder: "textCoding",
  atob: "base64",
  btoa: "base64",
  Intl: "intl",
  arguments: "arguments",
  clearInterval: "setInterval",
  clearTimeout: "setTimeout",
  eval: "eval",
  fetch: "fetch",
  globalThis: "globalThis",
  performance: "performance",
  process: "process",
  queueMicrotask: "setTimeout",
  require: "require",
  setImmediate: "setTimeout",
  setInterval: "setInterval",
  setTimeout: "setTimeout",
  structuredClone: "structuredClone",
  window: "globalThis",
};

addRule<Identifier>(
  "Identifier",
  (node, l) => {
    const sentence = Object.hasOwn(refused, node.name) ? refused[node.name] : undefined;
    if (sentence === undefined || !l.isGlobal(node.name) || isNameOnly(node as Syntax, l)) return undefined;
    const parent = l.parent(node as Syntax);
    if (parent === undefined || /^(Import|Export|TS)/.test(parent.type)) return undefined;
    // The build says itself what a host would not let a filter do.
    if (node.name === "process" && !/^process\.(env|argv|cwd|on)\b/.test(l.textOf(parent))) return undefined;
    return l.refuse(node, sentence);
  },
  true,
);

// The compiler passes over decorators that it does not know. Those that another transform looks for have no declaration.
addRule<Decorator>("Decorator", (node, l) => {
  let name = node.expression as Syntax;
  while (name.type === "CallExpression" || name.type === "MemberExpression")
    name = (name.type === "CallExpression" ? name.callee : name.object) as Syntax;
  const isDeclared = name.type === "Identifier" && !l.isGlobal(name.name);
  return isDeclared ? l.refuse(node, "decorator") : undefined;
});

addRule<BigIntLiteral>("BigIntLiteral", (node, l) => {
  const digits = l.textOf(node).slice(0, -1).replaceAll("_", "");
  if (BigInt(digits) >= 2n ** 63n) return l.refuse(node, "wholeOverflow", `${digits} as 64 bits`);
  bigSources.add(l.path);
  return l.make(node, `(<i64>${digits})`);
});

addRule<TaggedTemplateExpression>("TaggedTemplateExpression", (node, l) => {
  const { quasis, expressions } = node.quasi;
  if (l.textOf(node.tag) !== "String.raw" || !l.isGlobal("String")) return l.refuse(node, "taggedTemplate");
  const parts = quasis.flatMap((quasi, index): Piece[] => {
    const text = l.make(node, JSON.stringify(quasi.value.raw));
    const value = expressions[index] as Syntax | undefined;
    return value === undefined ? text : [...text, ...l.make(value, " + `${", l.lower(value), "}` + ")];
  });
  return l.make(node, "(", parts, ")");
});

addRule<Syntax>("WithStatement", (node, l) => l.refuse(node, "with"));

addRule<CallExpression>(
  "CallExpression",
  (node, l) => {
    const call = methodCall(node);
    if (call === undefined) return undefined;
    const { method, args } = call;
    const object = call.object.type === "Identifier" ? call.object.name : "";
    if (object !== "" && l.isGlobal(object)) {
      if (object === "crypto" && method === "randomUUID") return l.refuse(node, "randomUuid");
      if (object === "Number" && method === "parseFloat") return undefined;
      if (object === "Date" && method === "parse" && args.length === 1)
        return l.make(node, `${l.import("dates", "timeOf")}(`, l.lower(args[0]), ")");
      if (object === "console" && /^(log|info|warn|error|debug)$/.test(method))
        return lowerConsole(node, args, l);
      if (object === "Math" && /^(max|min)$/.test(method) && args.length !== 2)
        return lowerExtreme(node, method, args, l);
    }
    return undefined;
  },
  true,
);

/** `console.log(a, b)`: one text. */
function lowerConsole(node: CallExpression, args: readonly Syntax[], l: Lowering): Piece[] | undefined {
  if (args.length === 1 && /^(StringLiteral|TemplateLiteral)$/.test(args[0]!.type)) return undefined;
  if (args.some(({ type }) => type === "SpreadElement")) return undefined;
  const parts = args.flatMap((arg, index) => l.make(arg, index === 0 ? "" : " ", "${", l.lower(arg), "}"));
  return l.make(node, l.lower(node.callee), "(`", parts, "`)");
}

/** `Math.max(a, b, c)`. */
function lowerExtreme(
  node: CallExpression,
  method: string,
  args: readonly Syntax[],
  l: Lowering,
): Piece[] | undefined {
  if (args.some(({ type }) => type === "SpreadElement")) return undefined;
  if (args.length === 0) return l.make(node, method === "max" ? "(-Infinity)" : "Infinity");
  if (args.length === 1) return l.make(node, "(<f64>(", l.lower(args[0]), "))");
  const [first, ...rest] = args;
  return rest.reduce<Piece[]>(
    (whole, arg) => l.make(node, `Math.${method}(`, whole, ", ", l.lower(arg), ")"),
    l.lower(first),
  );
}

/** Tells whether a value is a time for sure: a whole number that is written, or the time of a date or of now. */
function isTime(value: Syntax, l: Lowering): boolean {
  if (/^(Numeric|New|Spread)/.test(value.type)) return true;
  return value.type === "CallExpression" && /\b(Date\.now|getTime)$/.test(l.textOf(value.callee));
}

/** `Boolean(x)` */
addRule<CallExpression>("CallExpression", (node, l) => {
  const callee = node.callee as Syntax;
  if (callee.type !== "Identifier" || callee.name !== "Boolean" || !l.isGlobal("Boolean")) return undefined;
  const [value, ...more] = node.arguments as Syntax[];
  return value === undefined || more.length > 0 ? undefined : l.make(node, "(!!(", l.lower(value), "))");
});

addRule<NewExpression>("NewExpression", (node, l) => {
  const callee = node.callee as Syntax;
  if (callee.type !== "Identifier" || !l.isGlobal(callee.name)) return undefined;
  const args = node.arguments as Syntax[];
  // The cause of an error is of no use here: what is caught has its message.
  if (
    /^(Range|Type|Syntax|URI)?Error$/.test(callee.name) &&
    args.length === 2 &&
    args[1]!.type === "ObjectExpression"
  )
    return l.make(node, `new ${callee.name}(`, l.lower(args[0]), ")");
  if (callee.name === "Date" && args.length === 0) return l.make(node, "(new Date(Date.now()))");
  if (callee.name === "Date" && args.length === 1 && !isTime(args[0]!, l)) {
    l.use("dates");
    const whole = l.make(node, "new Date(", l.lower(args[0]), ")");
    return l.make(node, "__language_date(", l.lower(args[0]), ", ", whole, ")");
  }
  return undefined;
});
