/**
 * Templates in users' sources: two parts are joined as by `+`, and more are copied once into a text that is allocated once. The
 * compiler would write them into a list first, and bring 600 bytes of the library that joins lists. A part may also be a number
 * or a text, as in `${count ?? "none"}`: each is written as it is. Tried with AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type {
  BinaryExpression,
  CallExpression,
  Expression,
  Flow,
  Program,
  Resolver,
  TemplateLiteralExpression,
  TernaryExpression,
  Type,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { absentNumber, isAbsent } from "./absent.js";
import { NodeKind, Token } from "./compiler.js";
import { callLibrary, libraryFunction } from "./library.js";
import { around } from "./patches.js";
import { Builds, SWALLOW, compilerMethods, tables } from "./tables.js";
import { isText, type Inside } from "./texts.js";
import { bareOf, compiled, markedCall } from "./nodes.js";

const { Node: make, Type: Types } = assemblyscript;

/** How many texts the function of the library joins. */
const PARTS = 5;

const builds = new Builds(install);
/** Has a program's user sources compiled so. */
export function compileTemplates(program: Program): void {
  builds.add(program);
}

function install(): void {
  around<(this: Inside, expression: TemplateLiteralExpression, constraints: number) => number>(
    compilerMethods,
    "compileTemplateLiteral",
    (original) =>
      function (expression, constraints) {
        const joined = builds.has(this, expression) ? joinedParts(this, expression) : undefined;
        return joined ?? original.call(this, expression, constraints);
      },
  );
}

/** The template's text; undefined for those that the compiler makes as well. */
function joinedParts(compiler: Inside, { tag, parts, expressions }: TemplateLiteralExpression) {
  if (tag || expressions.length === 0) return undefined;
  const texts = parts.flatMap((part, index): (string | Expression)[] => [
    ...(index > 0 ? [expressions[index - 1]!] : []),
    ...(part === "" ? [] : [part]),
  ]);
  const { stringInstance } = compiler.program;
  const place = expressions[0]!;
  const textOf = (part: string | Expression): number =>
    typeof part === "string" ? compiler.ensureStaticString(part) : textOfPart(compiler, part);
  let joined: number;
  if (texts.length === 1) joined = textOf(texts[0]!);
  else if (texts.length === 2) {
    const plus = stringInstance.lookupOverload(tables["OperatorKind"]!["Add"]!)!;
    joined = compiler.makeCallDirect(plus, [textOf(texts[0]!), textOf(texts[1]!)], place);
  } else {
    const join = libraryFunction(compiler, "texts", "joinTexts");
    let operands: number[] = [];
    for (const text of texts) {
      if (operands.length === PARTS) operands = [callLibrary(compiler, join, operands, place)];
      operands.push(textOf(text));
    }
    while (operands.length < PARTS) operands.push(compiler.ensureStaticString(""));
    joined = callLibrary(compiler, join, operands, place);
  }
  compiler.currentType = stringInstance.type;
  return joined;
}

function textOfPart(compiler: Inside, part: Expression): number {
  const { resolver, currentFlow } = compiler;
  const { type } = compiler.program.stringInstance;
  const choice = choiceOf(resolver, currentFlow, part);
  if (choice !== undefined) return compiler.compileExpression(textOfChoice(compiler, choice), type);
  return compiler.makeToString(compiler.compileExpression(part, type), compiler.currentType, part);
}

/** `a ? b : c`, `a || b`, `a && b` or `a ?? b` of a text and something else. */
interface Choice {
  readonly kind: "?" | "||" | "&&" | "??";
  readonly condition: Expression;
  readonly then: Expression;
  readonly otherwise: Expression;
}

/** An expression that is either a text or something else; undefined for others. */
export function choiceOf(resolver: Resolver, flow: Flow, expression: Expression): Choice | undefined {
  const bare = bareOf(expression);
  const choice = partsOf(bare);
  if (choice === undefined) return undefined;
  const typeOf = (side: Expression): Type | null =>
    resolver.resolveExpression(side, flow, Types.auto, SWALLOW);
  const [then, otherwise] = [choice.then, choice.otherwise].map((side) =>
    choiceOf(resolver, flow, side) === undefined ? typeOf(side) : undefined,
  );
  // One that is a choice itself is a text and something else.
  if (then === undefined || otherwise === undefined) return choice;
  if (then === null || otherwise === null || then === Types.void || otherwise === Types.void)
    return undefined;
  const isMixed = isText(resolver.program, then) !== isText(resolver.program, otherwise);
  if (!isMixed) return undefined;
  if (choice.kind !== "??") return choice;
  return then.isNumericValue || isText(resolver.program, then) ? choice : undefined;
}

function partsOf(bare: Expression): Choice | undefined {
  if (bare.kind === NodeKind["Ternary"]) {
    const { condition, ifThen, ifElse } = bare as TernaryExpression;
    return { kind: "?", condition, then: ifThen, otherwise: ifElse };
  }
  if (bare.kind === NodeKind["Binary"]) {
    const { operator, left, right } = bare as BinaryExpression;
    if (operator === Token["Bar_Bar"]) return { kind: "||", condition: left, then: left, otherwise: right };
    if (operator === Token["Ampersand_Ampersand"])
      return { kind: "&&", condition: left, then: right, otherwise: left };
  }
  if (bare.kind === NodeKind["Call"]) {
    const { expression, args } = bare as CallExpression;
    const { text } = expression as unknown as { text?: string };
    if (text === "__language_nullish")
      return { kind: "??", condition: args[0]!, then: args[0]!, otherwise: args[1]! };
  }
  return undefined;
}

const template = (value: Expression): Expression =>
  make.createTemplateLiteralExpression(null, ["", ""], ["", ""], [value], value.range);

/** The choice between the texts of both sides. The left side of an operator is evaluated once. */
function textOfChoice(compiler: Inside, { kind, condition, then, otherwise }: Choice): Expression {
  const { range } = condition;
  if (kind === "?")
    return make.createTernaryExpression(condition, template(then), template(otherwise), range);
  const { module, currentFlow } = compiler;
  const isAsked = kind === "??";
  const { resolver, program } = compiler;
  if (isAsked && isText(program, resolver.resolveExpression(then, currentFlow, Types.auto, SWALLOW)))
    return nullish(then, template(otherwise));
  const left = isAsked ? askedNumber(compiler, condition) : condition;
  const code = compiler.compileExpression(left, isAsked ? Types.f64 : Types.auto);
  const type = compiler.currentType;
  const local = currentFlow.getTempLocal(type);
  const again = template(compiled(module.local_get(local.index, type.toRef()), type, condition));
  if (!isAsked) {
    const first = compiled(module.local_tee(local.index, code, type.isManaged), type, condition);
    const [yes, no] = kind === "||" ? [again, template(otherwise)] : [template(then), again];
    return make.createTernaryExpression(first, yes, no, range);
  }
  const absent = isAbsent(compiler, module.local_tee(local.index, code, false));
  return make.createTernaryExpression(
    compiled(absent, Types.bool, condition),
    template(otherwise),
    again,
    range,
  );
}

/** `a ?? undefined`: a number, or what stands for none. */
function askedNumber(compiler: Inside, value: Expression): Expression {
  return nullish(value, compiled(absentNumber(compiler), Types.f64, value));
}

/** `value ?? other` */
function nullish(value: Expression, other: Expression): Expression {
  return markedCall("__language_nullish", [value, other], value);
}
