/**
 * The whole numbers of 8 and 16 bits, such as the elements of a `Uint8Array`: TypeScript computes with all numbers alike, and
 * the compiler would cut the difference of two bytes to a byte. Each that is read becomes an `i32`, unless a small number is wanted or
 * its type is written.
 * For users' sources only. Tried with AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type {
  BinaryExpression,
  Compiler,
  Expression,
  Flow,
  Node,
  Program,
  Resolver,
  Type,
  UnaryPostfixExpression,
  UnaryPrefixExpression,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { NodeKind, Token } from "./compiler.js";
import { around } from "./patches.js";
import { Builds, compilerMethods, resolverMethods } from "./tables.js";
import { isWritten } from "./written-types.js";

const { Type: Types } = assemblyscript;

const builds = new Builds(install);

/** Has the small numbers of a program's user sources computed with as TypeScript does. */
export function compileSmallNumbers(program: Program): void {
  builds.add(program);
}

const small = new Set<Type | null>([Types.i8, Types.u8, Types.i16, Types.u16]);

/** The kinds of expressions that read what is somewhere. */
const reads = new Set(
  ["ElementAccess", "Identifier", "PropertyAccess", "Call", "Parenthesized"].map((name) => NodeKind[name]),
);

/** The expressions that are changed where they are, and keep their type. */
const changed = new WeakSet<Node>();

const changes = new Set(
  [
    ...["Plus_Equals", "Minus_Equals", "Asterisk_Equals", "Slash_Equals", "Percent_Equals"],
    ...["Asterisk_Asterisk_Equals", "LessThan_LessThan_Equals", "GreaterThan_GreaterThan_Equals"],
    ...["GreaterThan_GreaterThan_GreaterThan_Equals", "Ampersand_Equals", "Bar_Equals", "Caret_Equals"],
    ...["Plus_Plus", "Minus_Minus"],
  ].map((name) => Token[name]),
);

function isWidened(
  resolver: Resolver,
  flow: Flow,
  node: Expression,
  wanted: Type,
  found: Type | null,
): boolean {
  return (
    small.has(found) &&
    !small.has(wanted) &&
    reads.has(node.kind) &&
    !changed.has(node) &&
    builds.has(resolver, node) &&
    !isWritten(resolver, flow, node)
  );
}

function install(): void {
  around<(this: Compiler, node: Expression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileExpression",
    (original) =>
      function (node, type, constraints) {
        const code = original.call(this, node, type, constraints);
        if (!isWidened(this.resolver, this.currentFlow, node, type, this.currentType)) return code;
        return this.convertExpression(code, this.currentType, Types.i32, true, node);
      },
  );
  around<(this: Resolver, node: Expression, flow: Flow, type: Type, mode: number) => Type | null>(
    resolverMethods,
    "resolveExpression",
    (original) =>
      function (node, flow, type, mode) {
        const found = original.call(this, node, flow, type, mode);
        return isWidened(this, flow, node, type, found) ? Types.i32 : found;
      },
  );
  around<(this: Compiler, node: BinaryExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileBinaryExpression",
    (original) =>
      function (node, type, constraints) {
        if (changes.has(node.operator)) changed.add(node.left);
        return original.call(this, node, type, constraints);
      },
  );
  for (const method of ["compileUnaryPrefixExpression", "compileUnaryPostfixExpression"])
    around<
      (
        this: Compiler,
        node: UnaryPrefixExpression | UnaryPostfixExpression,
        type: Type,
        constraints: number,
      ) => number
    >(
      compilerMethods,
      method,
      (original) =>
        function (node, type, constraints) {
          if (changes.has(node.operator)) changed.add(node.operand);
          return original.call(this, node, type, constraints);
        },
    );
}
