/**
 * A number beside a value does not decide the value's type. The compiler would take `n / 2` for a division of whole numbers in
 * `100 * (n / 2)`, `1 < n / 2`, `ok ? 0 : n / 2` and `[0, n / 2]`, since a whole number stands on its left. If one side is a
 * number with a fraction, the other one becomes such a number. For users' sources only. Tried with AssemblyScript 0.28.9 to
 * 0.28.20.
 *
 * @module
 */
import type {
  ArrayLiteralExpression,
  BinaryExpression,
  Compiler,
  Element,
  Expression,
  Flow,
  LiteralExpression,
  Program,
  Resolver,
  SwitchStatement,
  TernaryExpression,
  Type,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { LiteralKind, NodeKind, Token } from "./compiler.js";
import { isNumberLiteral } from "./operator-syntax.js";
import { around } from "./patches.js";
import { Builds, SWALLOW, compilerMethods, resolverMethods } from "./tables.js";
import { needsSign } from "./written-types.js";

const { Type: Types } = assemblyscript;

const builds = new Builds(install);

/** Has a program's user sources compiled so. */
export function compileSides(program: Program): void {
  builds.add(program);
}

/** Operators whose left side the compiler takes for what is wanted of the right one. */
const joining = new Set(
  [
    ...[
      "Plus",
      "Minus",
      "Asterisk",
      "Slash",
      "Percent",
      "Asterisk_Asterisk",
      "Bar_Bar",
      "Ampersand_Ampersand",
    ],
    ...["LessThan", "LessThan_Equals", "GreaterThan", "GreaterThan_Equals", "Equals_Equals"],
    ...["Equals_Equals_Equals", "Exclamation_Equals", "Exclamation_Equals_Equals"],
  ].map((name) => Token[name]),
);

function isWhole(type: Type | null): boolean {
  return (
    type !== null && type !== Types.bool && type !== Types.auto && type.isIntegerValue && type.size <= 64
  );
}

const typeIn =
  (resolver: Resolver, flow: Flow) =>
  (node: Expression): Type | null =>
    resolver.resolveExpression(node, flow, Types.auto, SWALLOW);

/** Tells whether the first value is whole, and another has a fraction, each looked at by itself. */
function beginsWhole(
  resolver: Resolver,
  flow: Flow,
  wanted: Type,
  first: Expression,
  others: Expression[],
): boolean {
  // An expression that is wanted as a whole number is one.
  if (isWhole(wanted)) return false;
  const typeOf = typeIn(resolver, flow);
  return (
    isWhole(typeOf(first)) && others.some((other) => typeOf(other) === Types.f64 && !isNumberLiteral(other))
  );
}

/** The same value as a number with a fraction. */
function asNumber(value: Expression): Expression {
  const make = assemblyscript.Node;
  const { range } = value;
  const type = make.createNamedType(make.createSimpleTypeName("f64", range), null, false, range);
  return make.createAssertionExpression(0, value, type, range);
}

/** Runs with a side as a number with a fraction. */
function withNumber<T>(node: BinaryExpression, side: "left" | "right", run: () => T): T {
  const whole = node[side];
  node[side] = asNumber(whole);
  try {
    return run();
  } finally {
    node[side] = whole;
  }
}

function install(): void {
  /** The side that has no fraction where the other one has; undefined where both are alike, or the compiler converts it. */
  const wholeSide = (
    resolver: Resolver,
    flow: Flow,
    { operator, left, right }: BinaryExpression,
    type: Type,
  ): "left" | "right" | undefined => {
    if (!joining.has(operator)) return undefined;
    if (!isWhole(type) && needsSign(resolver, flow, [left, right])) return "left";
    if (beginsWhole(resolver, flow, type, left, [right])) return "left";
    return beginsWhole(resolver, flow, type, right, [left]) && typeIn(resolver, flow)(right)?.size === 64
      ? "right"
      : undefined;
  };
  around<(this: Compiler, node: BinaryExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileBinaryExpression",
    (original) =>
      function (node, type, constraints) {
        const side = builds.has(this, node)
          ? wholeSide(this.resolver, this.currentFlow, node, type)
          : undefined;
        if (side === undefined) return original.call(this, node, type, constraints);
        return withNumber(node, side, () => original.call(this, node, type, constraints));
      },
  );
  around<(this: Resolver, node: BinaryExpression, flow: Flow, type: Type, mode: number) => Type | null>(
    resolverMethods,
    "resolveBinaryExpression",
    (original) =>
      function (node, flow, type, mode) {
        const side = builds.has(this, node) ? wholeSide(this, flow, node, type) : undefined;
        if (side === undefined) return original.call(this, node, flow, type, mode);
        return withNumber(node, side, () => original.call(this, node, flow, type, mode));
      },
  );
  const ofTernary = (
    resolver: Resolver,
    flow: Flow,
    { ifThen, ifElse }: TernaryExpression,
    type: Type,
  ): Type => {
    if (type === Types.void || isWhole(type)) return type;
    const isNumber =
      beginsWhole(resolver, flow, type, ifThen, [ifElse]) || needsSign(resolver, flow, [ifThen, ifElse]);
    return isNumber ? Types.f64 : type;
  };

  around<(this: Compiler, node: TernaryExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileTernaryExpression",
    (original) =>
      function (node, type, constraints) {
        const wanted = builds.has(this, node) ? ofTernary(this.resolver, this.currentFlow, node, type) : type;
        if (wanted === type) return original.call(this, node, type, constraints);
        // Two whole numbers would still have a whole number in common.
        const { ifThen } = node;
        node.ifThen = asNumber(ifThen);
        try {
          return original.call(this, node, wanted, constraints);
        } finally {
          node.ifThen = ifThen;
        }
      },
  );
  around<(this: Resolver, node: TernaryExpression, flow: Flow, type: Type, mode: number) => Type | null>(
    resolverMethods,
    "resolveTernaryExpression",
    (original) =>
      function (node, flow, type, mode) {
        const wanted = builds.has(this, node) ? ofTernary(this, flow, node, type) : type;
        return wanted === type ? original.call(this, node, flow, type, mode) : wanted;
      },
  );
  around<(this: Resolver, node: LiteralExpression, flow: Flow, type: Type, mode: number) => Element | null>(
    resolverMethods,
    "lookupLiteralExpression",
    (original) =>
      function (node, flow, type, mode) {
        if (node.literalKind !== LiteralKind["Array"] || !builds.has(this, node))
          return original.call(this, node, flow, type, mode);
        const { elementExpressions } = node as ArrayLiteralExpression;
        const [first, ...others] = elementExpressions.filter(({ kind }) => kind !== NodeKind["Omitted"]);
        const array = type.isReference && type.getClass()?.prototype === this.program.arrayPrototype;
        const isNumber =
          first !== undefined &&
          (beginsWhole(this, flow, Types.auto, first, others) || needsSign(this, flow, [first, ...others]));
        if (array || !isNumber) return original.call(this, node, flow, type, mode);
        return this.resolveClass(this.program.arrayPrototype, [Types.f64]);
      },
  );
  around<(this: Compiler, statement: SwitchStatement) => number>(
    compilerMethods,
    "compileSwitchStatement",
    (original) =>
      function (statement) {
        const labels = statement.cases.flatMap(({ label }) => (label === null ? [] : [label]));
        const { condition } = statement;
        if (
          !builds.has(this, statement) ||
          !beginsWhole(this.resolver, this.currentFlow, Types.auto, condition, labels)
        )
          return original.call(this, statement);
        statement.condition = asNumber(condition);
        try {
          return original.call(this, statement);
        } finally {
          statement.condition = condition;
        }
      },
  );
}
