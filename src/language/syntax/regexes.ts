/**
 * Regular expressions: literals, `new RegExp("…")` of a fixed text, and the methods of texts that take them.
 *
 * @module
 */
import type { CallExpression, NewExpression, RegExpLiteral } from "@babel/types";
import { addRule, type Lowering } from "./lowering.js";
import type { Piece } from "./pieces.js";
import { translatePattern } from "./regex-pattern.js";
import { methodCall, walk, type Syntax } from "./tree.js";

addRule<RegExpLiteral>("RegExpLiteral", (node, l) => lowerRegex(node, node.pattern, node.flags, l), true);

addRule<NewExpression>(
  "NewExpression",
  (node, l) => {
    const callee = node.callee as Syntax;
    if (callee.type !== "Identifier" || callee.name !== "RegExp" || !l.isGlobal("RegExp")) return undefined;
    const [pattern, flags] = node.arguments as (Syntax | undefined)[];
    if (pattern?.type !== "StringLiteral" || (flags && flags.type !== "StringLiteral"))
      return l.refuse(node, "dynamicRegex");
    return lowerRegex(node, pattern.value, flags ? flags.value : "", l);
  },
  true,
);

/** Each literal is compiled once, when it is first needed; each evaluation is an object of its own, as in JavaScript. */
function lowerRegex(node: unknown, source: string, flags: string, l: Lowering): Piece[] | undefined {
  if (/[^gimsu]/.test(flags)) return l.refuse(node, "regexFlag", flags);
  const translated = translatePattern(source, flags);
  if ("refused" in translated) return l.refuse(node, translated.refused, translated.detail);
  l.use("maybe");
  const regExp = l.import("regexp", "RegExp");
  const compile = l.import("regexp", "compileLiteral");
  const name = l.name("Regex");
  const own = flags.replace(/[gu]/g, "");
  const text = JSON.stringify;
  l.append(
    l.make(
      node,
      `class ${name} { @lazy static regex: __language_Regex | null = null; `,
      `static make(): ${regExp} { let regex = ${name}.regex; `,
      `if (regex === null) ${name}.regex = regex = ${compile}(${text(translated.pattern)}, ${text(own)}); `,
      `return new ${regExp}(regex, ${text(source)}, ${text(flags)}, ${text(translated.names.join(","))}); } }`,
    ),
  );
  l.import("regexp", "Regex");
  return l.make(node, `${name}.make()`);
}

const methods = /^(match|matchAll|replace|replaceAll|split|search)$/;

addRule<CallExpression>(
  "CallExpression",
  (node, l) => {
    const call = methodCall(node);
    if (call === undefined) return undefined;
    const { object, method: name, args } = call;
    if (!methods.test(name) || args.length === 0) return undefined;
    if (!mayBeRegex(args[0]!, l) && !isReplacer(name, args[1])) return undefined;
    if (args.some(({ type }) => type === "SpreadElement")) return undefined;
    const list = args.flatMap((arg) => l.make(arg, ", ", l.lower(arg)));
    return l.make(node, `__language_text_${name}(`, l.lower(object), list, ")");
  },
  true,
);

/** `text.replace("a", (match) => …)` */
function isReplacer(method: string, value: Syntax | undefined): boolean {
  return /^replace/.test(method) && /^(ArrowFunction|Function)Expression$/.test(value?.type ?? "");
}

const withRegexes = new WeakMap<Lowering, boolean>();

function mayBeRegex(node: Syntax, l: Lowering): boolean {
  if (node.type === "RegExpLiteral") return true;
  if (!/^(Identifier|MemberExpression|CallExpression|NewExpression)$/.test(node.type)) return false;
  let known = withRegexes.get(l);
  if (known === undefined) {
    known = false;
    walk(l.root, (inner) => {
      if (inner.type === "RegExpLiteral" || (inner.type === "Identifier" && inner.name === "RegExp"))
        known = true;
    });
    withRegexes.set(l, known);
  }
  return known;
}
