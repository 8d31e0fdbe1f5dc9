/**
 * Calls of the library as TypeScript means them: arguments that may be any number, methods that there are not, and what a
 * comparing function returns. Tried with AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type { CallExpression, Compiler, Expression, Node, PropertyAccessExpression } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { walk } from "../source/syntax.js";
import { sentences } from "../../language/sentences/table.js";
import { NodeKind } from "./compiler.js";
import { say } from "./say.js";
import { SWALLOW } from "./tables.js";

const { Type: Types } = assemblyscript;

/** Arguments that may be any number where the library wants a whole one. */
export const lenient = new WeakSet<Node>();
/** Arguments that have to be whole, and are asked where they are given. */
export const checked = new WeakSet<Node>();
/** Results of which only the sign counts. */
export const signs = new WeakSet<Node>();

function textOf({ range }: Node): string {
  return range.source.text.slice(range.start, range.end);
}

const wholeArguments =
  /^(slice|substring|substr|charAt|charCodeAt|codePointAt|at|repeat|padStart|padEnd|splice|fill|indexOf|lastIndexOf|includes|subarray|split)$/;

/** Calls of the library that take any number, and `sort()`, which is by text. */
export function callOfLibrary(compiler: Compiler, call: CallExpression): number | undefined {
  const { expression, args } = call;
  for (const arg of args) checked.add(arg);
  if (expression.kind !== NodeKind["PropertyAccess"]) return undefined;
  const { property, expression: object } = expression as PropertyAccessExpression;
  const name = property.text;
  const isMath =
    object.kind === NodeKind["Identifier"] && (object as unknown as { text: string }).text === "Math";
  if (isMath) {
    for (const arg of args) lenient.add(arg);
    return undefined;
  }
  const { resolver, currentFlow } = compiler;
  if (missing.has(name)) return refuseMissing(compiler, call, object, name);
  if (/^(concat|replace|replaceAll)$/.test(name)) takeArguments(compiler, call, object, property);
  const sorts = name === "sort";
  if (!sorts && !wholeArguments.test(name)) return undefined;
  const type = resolver.resolveExpression(object, currentFlow, Types.auto, SWALLOW);
  const list = type?.getClass();
  if (!list || !list.internalName.startsWith("~lib/")) return undefined;
  if (!sorts) {
    const numeric = list.isArrayLike && /^(fill|indexOf|lastIndexOf|includes)$/.test(name) ? 1 : 0;
    for (const arg of args.slice(numeric)) lenient.add(arg);
    return undefined;
  }
  if (args.length > 0) markSigns(args[0]!);
  if (args.length > 0 || !list.internalName.startsWith("~lib/array/Array<")) return undefined;
  const element = list.typeArguments![0]!;
  if (!element.isNumericValue || element === Types.bool) return undefined;
  say(compiler, call, sentences.sortNumbers);
  return undefined;
}

/** Methods of JavaScript's own numbers, texts and arrays that AssemblyScript has not. */
const missing = new Set([
  ...["toPrecision", "toExponential", "toLocaleString", "toLocaleUpperCase", "toLocaleLowerCase"],
  ...["normalize", "match", "matchAll", "search", "toSpliced"],
]);

function refuseMissing(
  compiler: Compiler,
  call: CallExpression,
  object: Expression,
  name: string,
): number | undefined {
  const { program, resolver, currentFlow } = compiler;
  const type = resolver.resolveExpression(object, currentFlow, Types.auto, SWALLOW);
  const owner = type?.getClassOrWrapper(program);
  if (!owner || !/^~lib\/(number|string|array|typedarray|date)\//.test(owner.internalName)) return undefined;
  if (owner.getMember(name) !== null) return undefined;
  say(compiler, call, `${sentences.noMethod} (${name})`);
  return compiler.module.unreachable();
}

/** Arguments that JavaScript's own arrays and texts take, and AssemblyScript's do not. */
function takeArguments(
  compiler: Compiler,
  call: CallExpression,
  object: Expression,
  property: PropertyAccessExpression["property"],
): void {
  const { program, resolver, currentFlow } = compiler;
  const { args, range } = call;
  const owner = resolver
    .resolveExpression(object, currentFlow, Types.auto, SWALLOW)
    ?.getClassOrWrapper(program);
  if (!owner || !/^~lib\/(string|array)\//.test(owner.internalName)) return;
  const { text } = property;
  if (
    text.startsWith("replace") &&
    owner.internalName.startsWith("~lib/string/") &&
    args.length > 1 &&
    /^["'`].*\$[$&`']/.test(textOf(args[1]!))
  )
    say(compiler, call, sentences.replacementSign);
  else if (text === "concat" && args.length > 1) {
    const make = assemblyscript.Node;
    let whole = object;
    for (const arg of args.slice(0, -1))
      whole = make.createCallExpression(
        make.createPropertyAccessExpression(whole, property, range),
        null,
        [arg],
        range,
      );
    call.expression = make.createPropertyAccessExpression(whole, property, range);
    call.args = [args.at(-1)];
  }
}

/** Marks the values that a comparing function returns: only their sign counts. */
function markSigns(compare: Expression): void {
  if (compare.kind !== NodeKind["Function"]) return;
  const { body } = (compare as unknown as { declaration: { body: Node | null } }).declaration;
  if (body === null) return;
  if (body.kind === NodeKind["Expression"]) signs.add((body as unknown as { expression: Node }).expression);
  walk([body], (node) => {
    if (node.kind === NodeKind["Return"]) {
      const { value } = node as unknown as { value: Node | null };
      if (value !== null) signs.add(value);
    }
  });
}
