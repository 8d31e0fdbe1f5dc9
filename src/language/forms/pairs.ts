/**
 * Array literals that are pairs, by the type that is wanted, and those of different kinds, which are refused.
 *
 * @module
 */
import type {
  ArrayLiteralExpression,
  Compiler,
  Flow,
  LiteralExpression,
  Program,
  Resolver,
  Type,
} from "assemblyscript";
import { LiteralKind, NodeKind } from "../../transform/compiler/compiler.js";
import { around } from "../../transform/compiler/patches.js";
import { Builds, SWALLOW, compilerMethods, resolverMethods } from "../../transform/compiler/tables.js";
import { sentences } from "../sentences/table.js";
import { kindOf } from "./classes.js";
import { newHelper, refuse } from "./helpers.js";
import { Types } from "./types.js";

const builds = new Builds(install);

/** Has the array literals of a program's user sources compiled so. */
export function compilePairs(program: Program): void {
  builds.add(program);
}

function tupleType(type: Type): { name: string; types: Type[] } | undefined {
  const kind = type.isReference ? kindOf(type) : undefined;
  return kind?.name.startsWith("tuple/Tuple") === true ? kind : undefined;
}

/** Tells whether values are of different kinds: of booleans and numbers the compiler would make numbers. */
function isMixed(compiler: Compiler, { elementExpressions }: ArrayLiteralExpression): boolean {
  let [bools, numbers, texts] = [false, false, false];
  for (const element of elementExpressions) {
    if (element.kind === NodeKind["Null"]) continue;
    const type = compiler.resolver.resolveExpression(element, compiler.currentFlow, Types.auto, SWALLOW);
    if (type === Types.bool) bools = true;
    else if (type?.isNumericValue === true) numbers = true;
    else if (type?.getClass() === compiler.program.stringInstance) texts = true;
  }
  return [bools, numbers, texts].filter(Boolean).length > 1;
}

function install(): void {
  around<(this: Compiler, literal: ArrayLiteralExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileArrayLiteral",
    (original) =>
      function (literal, type, constraints) {
        if (!builds.has(this, literal)) return original.call(this, literal, type, constraints);
        const tuple = tupleType(type);
        if (tuple !== undefined)
          return newHelper(this, tuple.name, tuple.types, literal.elementExpressions, literal);
        if (isMixed(this, literal)) return refuse(this, literal, sentences.mixedArray);
        return original.call(this, literal, type, constraints);
      },
  );
  around<(this: Resolver, literal: LiteralExpression, flow: Flow, type: Type, mode: number) => Type | null>(
    resolverMethods,
    "resolveLiteralExpression",
    (original) =>
      function (literal, flow, type, mode) {
        if (
          literal.literalKind === LiteralKind["Array"] &&
          builds.has(this, literal) &&
          tupleType(type) !== undefined
        )
          return type.nonNullableType;
        return original.call(this, literal, flow, type, mode);
      },
  );
}
