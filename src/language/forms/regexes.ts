/**
 * Methods of texts that take a regular expression: `text.match(/a/)`. And those that take a function.
 *
 * @module
 */
import type { CallExpression, Expression, FunctionDeclaration, Type } from "assemblyscript";
import { NodeKind } from "../../transform/compiler/compiler.js";
import { defineForm } from "../../transform/compiler/forms-hook.js";
import { sentences } from "../sentences/table.js";
import { written } from "./arrays.js";
import { kindOf } from "./classes.js";
import { callHelper, helper, refuse } from "./helpers.js";
import { typesIn } from "./maybe.js";
import { Types } from "./types.js";

const functions: Readonly<Record<string, string>> = {
  match: "textMatch",
  matchAll: "textMatchAll",
  replace: "textReplace",
  replaceAll: "textReplace",
  split: "textSplit",
  search: "textSearch",
};

const PARTS = "regexp/textReplaceParts";

type TypeOf = (expression: Expression) => Type | null;

/** The function for a call that has a text and a regular expression; undefined for other calls. */
function target(name: string, { args }: CallExpression, typeOf: TypeOf): string | undefined {
  const [text, regExp] = args.slice(0, 2).map((arg) => {
    const type = typeOf(arg);
    return type === null ? undefined : kindOf(type)?.name;
  });
  if (text !== "string/String") return undefined;
  if (regExp === "string/String" && isFunction(args[2]))
    return name === "replaceAll" ? "texts/replaceAllWith" : "texts/replaceFirstWith";
  if (regExp !== "regexp/RegExp") return undefined;
  return `regexp/${functions[name]!}${isFunction(args[2]) ? "With" : ""}`;
}

function isFunction(value: Expression | undefined): boolean {
  return value?.kind === NodeKind["Function"];
}

for (const name of Object.keys(functions))
  defineForm(`__language_text_${name}`, {
    compile(compiler, call, type, constraints) {
      const path = target(name, call, typesIn(compiler));
      if (path === undefined) return compiler.compileExpression(written(name, call), type, constraints);
      if (path.endsWith("With")) {
        const { declaration } = call.args[2] as unknown as { declaration: FunctionDeclaration };
        const sentence = path.startsWith("texts/") ? sentences.textReplacer : sentences.hiddenRegex;
        if (declaration.signature.parameters.length > 1) return refuse(compiler, call.args[2]!, sentence);
      }
      return callHelper(compiler, path, [], call.args, call);
    },
    resolve(resolver, call, flow, type, mode) {
      const path = target(name, call, (node) => resolver.resolveExpression(node, flow, Types.auto, mode));
      if (path === undefined) return resolver.resolveExpression(written(name, call), flow, type, mode);
      return helper(resolver, path, [])?.signature.returnType ?? null;
    },
  });

/** `text.replace(/(a)/, (match, group) => …)`: the function gets a list of all parts. */
for (const name of ["replace", "replaceAll"])
  defineForm(`__language_text_${name}Parts`, {
    compile(compiler, call, type, constraints) {
      const path = target(name, call, typesIn(compiler));
      if (path === "regexp/textReplaceWith") return callHelper(compiler, PARTS, [], call.args, call);
      return compiler.compileExpression(written(name, call), type, constraints);
    },
    resolve: (resolver) => helper(resolver, PARTS, [])?.signature.returnType ?? null,
  });
