/**
 * Numbers with an `n` behind them: whole ones of 64 bits, whose operators end the request where BigInt's result would be more.
 * For users' sources that have such numbers only. Tried with AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type {
  BinaryExpression,
  Compiler,
  Expression,
  Node,
  Program,
  Type,
  UnaryPrefixExpression,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { Token } from "./compiler.js";
import { callLibrary, libraryFunction } from "./library.js";
import { isPlace } from "./operator-syntax.js";
import { around, once } from "./patches.js";
import { Builds, CONVERT, SWALLOW, compilerMethods } from "./tables.js";

const { Type: Types } = assemblyscript;

const builds = new Builds();

/** The sources, by path, that have numbers with an `n`. */
export const bigSources = new Set<string>();

/**
 * Has a program's user sources compiled so, if some `have` such numbers. The changes of the compiler are made in any case: were they
 * made by a later build of the same process, they would stand around those of other files, and other operators would change.
 */
export function compileBig(program: Program, have: boolean): void {
  install();
  if (have) builds.add(program);
}

const operations: readonly (readonly [token: string, name: string])[] = [
  ["Plus", "bigSum"],
  ["Minus", "bigDifference"],
  ["Asterisk", "bigProduct"],
  ["Slash", "bigQuotient"],
  ["Percent", "bigRemainder"],
  ["Asterisk_Asterisk", "bigPower"],
  ["LessThan_LessThan", "bigLeft"],
  ["GreaterThan_GreaterThan", "bigRight"],
];
const operators = new Map(operations.map(([token, name]) => [Token[token]!, name]));
const compounds = new Map(operations.map(([token]) => [Token[`${token}_Equals`]!, Token[token]!]));

const install = once(() => {
  around<(this: Compiler, node: BinaryExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileBinaryExpression",
    (original) =>
      function (node, type, constraints) {
        const isOurs = builds.has(this, node) && bigSources.has((node as Node).range.source.normalizedPath);
        const { operator, left, right, range } = node;
        const simple = compounds.get(operator);
        const name = isOurs ? operators.get(simple ?? operator) : undefined;
        if (name === undefined || !isBig(this, left) || (simple !== undefined && !isPlace(left)))
          return original.call(this, node, type, constraints);
        if (simple !== undefined) {
          const make = assemblyscript.Node;
          const value = make.createBinaryExpression(simple, left, right, range);
          const whole = make.createBinaryExpression(Token["Equals"]!, left, value, range);
          return this.compileExpression(whole, type, constraints);
        }
        const operands = [left, right].map((side) => this.compileExpression(side, Types.i64, CONVERT));
        const code = callLibrary(this, libraryFunction(this, "big", name), operands, node);
        this.currentType = Types.i64;
        return code;
      },
  );
  around<(this: Compiler, node: UnaryPrefixExpression) => number>(
    compilerMethods,
    "compileTypeof",
    (original) =>
      function (node) {
        const isOurs = builds.has(this, node) && bigSources.has((node as Node).range.source.normalizedPath);
        if (!isOurs || !isBig(this, node.operand)) return original.call(this, node);
        const text = assemblyscript.Node.createStringLiteralExpression("bigint", node.range);
        return this.compileExpression(text, this.program.stringInstance.type);
      },
  );
});

function isBig({ resolver, currentFlow }: Compiler, node: Expression): boolean {
  return resolver.resolveExpression(node, currentFlow, Types.auto, SWALLOW) === Types.i64;
}
