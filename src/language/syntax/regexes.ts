/**
 * Regular expressions: literals, `new RegExp("…")` of a fixed text, and the methods of texts that take them.
 *
 * @module
 */
import type { CallExpression, NewExpression, RegExpLiteral } from "@babel/types";
import { addRule, type Lowering } from "./lowering.js";
import type { Piece } from "./pieces.js";
import { asksFor } from "./maybe.js";
import type { AnyFunction } from "./functions.js";
import { translatePattern } from "./regex-pattern.js";
import { bare, methodCall, walk, type Syntax } from "./tree.js";

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
    const parts = isReplacer(name, args[1]) && takesParts(args[1]!) && showsRegex(args[0]!, l) ? "Parts" : "";
    return l.make(node, `__language_text_${name}${parts}(`, l.lower(object), list, ")");
  },
  true,
);

/** `text.replace("a", (match) => …)` */
function isReplacer(method: string, value: Syntax | undefined): boolean {
  return /^replace/.test(method) && /^(ArrowFunction|Function)Expression$/.test(value?.type ?? "");
}

/** Tells whether an expression shows that it is a regular expression: methods of one's own may be called `replace`, too. */
function showsRegex(node: Syntax, l: Lowering): boolean {
  const isRegex = (value: unknown): boolean => {
    const { type, callee } = (value ?? {}) as { type?: string; callee?: { name?: string } };
    return type === "RegExpLiteral" || (type === "NewExpression" && callee?.name === "RegExp");
  };
  const expression = bare(node);
  if (isRegex(expression)) return true;
  const named =
    expression.type === "MemberExpression" && !expression.computed ? expression.property : expression;
  if (named.type !== "Identifier") return false;
  const { name } = named;
  let shows = false;
  walk(l.root, (inner) => {
    const { id, key, init, value } = inner as Partial<Record<"id" | "key" | "init" | "value", Syntax | null>>;
    const declared = inner.type === "Identifier" ? inner : (id ?? key);
    if (declared?.type !== "Identifier" || declared.name !== name) return;
    const { typeAnnotation } = (key ? inner : declared) as { typeAnnotation?: Syntax | null };
    const isTyped = !!typeAnnotation && /^:?\s*RegExp$/.test(l.textOf(typeAnnotation));
    shows ||= isTyped || isRegex(init ?? value);
  });
  return shows;
}

/** The types that a replacing function's parameters may say. */
const PARAMETER = /^(any|string|number|[iu]32|f64)(\s*\|\s*(undefined|null))*$/;

function takesParts(replacer: Syntax): boolean {
  return (replacer as AnyFunction).params.length > 1;
}

/**
 * The parameters of a function that replaces matches: `(match, group) => …` gets one list, out of which these declarations
 * take its parts. Undefined for other functions.
 */
export function replacerParts(
  node: AnyFunction,
  l: Lowering,
): { parameter: Piece[]; given: Piece[] } | undefined {
  const call = l.parent(node);
  const { method, args } = (call?.type === "CallExpression" && methodCall(call)) || {};
  if (method === undefined || args?.[1] !== node || !isReplacer(method, node) || !takesParts(node))
    return undefined;
  if (!showsRegex(args[0]!, l)) return undefined;
  const name = l.name("given");
  const given = (node.params as Syntax[]).flatMap((param, index) => {
    const target = param.type === "AssignmentPattern" ? (param.left as Syntax) : param;
    if (target.type !== "Identifier") return l.refuse(param, "regexReplacer") ?? [];
    const { typeAnnotation } = target as { typeAnnotation?: { typeAnnotation: Syntax } | null };
    const type = typeAnnotation ? l.textOf(typeAnnotation.typeAnnotation) : undefined;
    if (type !== undefined && !PARAMETER.test(type)) return l.refuse(param, "regexReplacer") ?? [];
    const isOptional =
      /\b(undefined|null)\b/.test(type ?? "") || asksFor(target.name, node.body as Syntax, 0);
    const part = (helper: string): string => `${l.import("regexp", helper)}(${name}, ${index})`;
    const value =
      index === 0
        ? `${name}[0]`
        : type !== undefined && /^(number|[iu]32|f64)$/.test(type)
          ? part("replacedOffset")
          : isOptional || param !== target
            ? part("replacedGroupOrNull")
            : part("replacedGroup");
    const filled =
      param.type === "AssignmentPattern"
        ? l.make(param, "__language_nullish(", value, ", ", l.lower(param.right), ")")
        : value;
    return l.make(param, "let ", l.make(target, target.name), " = ", filled, "; ");
  });
  l.use("maybe");
  return { parameter: l.make(node, `${name}: ${l.import("regexp", "RegExpMatch")}`), given };
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
