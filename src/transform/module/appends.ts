/**
 * `text += more` in loops: if one variable of a function has the only reference to a text, the text grows in place
 * (assembly/memory/append.ts). Each other use of the variable says first that the text is shared from then on.
 *
 * @module
 */
import type { BinaryExpression, IdentifierExpression, Node, Source, VariableStatement } from "assemblyscript";
import type binaryenTypes from "assemblyscript/binaryen";
import type { CompilerHooks } from "../compiler/compiler.js";
import { NodeKind, Token } from "../compiler/compiler.js";
import { PACKAGE, walk } from "../source/syntax.js";
import type { ExpressionInfo } from "./expressions.js";
import { functionsOf, infoOf, partsOf, replaceExpressions } from "./expressions.js";
import { growFields } from "./field-appends.js";
import { CONCAT, LOOKING, SHARE } from "./texts.js";

type Binaryen = CompilerHooks["binaryen"];

/** The exports of the entry that make the compiler compile the functions for appending. */
export const APPEND_EXPORTS =
  'export { append as $append, appendFrom as $appendFrom, lengthOf as $lengthOf, share as $share } from "./assembly/memory/append";';

const LOOPS = ["For", "ForOf", "While", "Do"];

const APPEND = `${PACKAGE}assembly/memory/append/append`;

/** A function's use of its variables. */
interface Uses {
  /** The additions whose result replaces the text that they begin with, by variable. */
  readonly additions: Map<number, number[]>;
  /** The variables to which something is added in a loop. */
  readonly inLoops: Set<number>;
  /** How many reads of variables there are. */
  reads: number;
  /** The reads that leave no other reference to the text. */
  readonly looks: Set<number>;
}

const ADDING = [Token["Plus"], Token["Plus_Equals"]];

/** Tells whether something may be added to a text in a loop of a source, or to that of a field or of the module's variables. */
export function addsAgain(source: Source): boolean {
  let found = false;
  const variables = new Set(
    (source.statements as Node[])
      .filter((statement): statement is VariableStatement => statement.kind === NodeKind["Variable"])
      .flatMap(({ declarations }) => declarations.map(({ name }) => name.text)),
  );
  walk(source.statements, (node) => {
    if (isAdditionTo(node, variables)) found = true;
    if (!LOOPS.some((kind) => node.kind === NodeKind[kind])) return;
    walk([node], (inner) => {
      const isAddition =
        inner.kind === NodeKind["Binary"] && ADDING.includes((inner as BinaryExpression).operator);
      // `text.concat(…)`, also as the language front end has it.
      const isConcat =
        inner.kind === NodeKind["Identifier"] && /concat$/.test((inner as IdentifierExpression).text);
      if (isAddition || isConcat) found = true;
    });
  });
  return found;
}

/** Tells whether a node adds to a field, or to one of these variables. */
function isAdditionTo(node: Node, variables: ReadonlySet<string>): boolean {
  if (node.kind !== NodeKind["Binary"]) return false;
  const { left, operator, right } = node as BinaryExpression;
  const isPlace =
    left.kind === NodeKind["PropertyAccess"] ||
    (left.kind === NodeKind["Identifier"] && variables.has((left as IdentifierExpression).text));
  if (!isPlace || operator === Token["Plus_Equals"]) return isPlace;
  // With `a.b = a.b + c` and `a.b = a.b.concat(c)`: anything that begins with an addition or a call.
  return operator === Token["Equals"] && [NodeKind["Binary"], NodeKind["Call"]].includes(right.kind);
}

/** Lets texts grow where they are. The exports that the entry has for it are removed. */
export function growTexts(module: binaryenTypes.Module, binaryen: Binaryen, optimized: boolean): void {
  for (const name of ["$append", "$appendFrom", "$lengthOf", "$share"]) module.removeExport(name);
  // In this order: the first counts the variables' reads, and the second adds some.
  const inVariables = growIn(module, binaryen);
  const grows = growFields(module, binaryen) || inVariables;
  // A function that is not called must not look as if it could end a callback.
  if (!grows && optimized) module.runPasses(["remove-unused-module-elements"]);
}

function growIn(module: binaryenTypes.Module, binaryen: Binaryen): boolean {
  let grows = false;
  for (const { name, module: host, body } of functionsOf(module, binaryen)) {
    if (host !== "" || name.startsWith(PACKAGE)) continue;
    const uses = usesIn(binaryen, body);
    // A read that the walk has missed would be one more reference.
    if (uses.inLoops.size === 0 || uses.reads !== readsOf(binaryen.emitText(body))) continue;
    replaceExpressions(binaryen, body, (expression) => {
      if (binaryen.getExpressionId(expression) !== binaryen.LocalGetId || uses.looks.has(expression))
        return undefined;
      const { index } = infoOf(binaryen, expression) as ExpressionInfo & { index: number };
      return uses.inLoops.has(index) ? module.call(SHARE, [expression], binaryen.i32) : undefined;
    });
    for (const index of uses.inLoops)
      for (const addition of uses.additions.get(index)!) setTarget(binaryen, addition, APPEND);
    grows = true;
  }
  return grows;
}

function setTarget(binaryen: Binaryen, call: number, target: string): void {
  (binaryen as unknown as { Call: { setTarget(call: number, target: string): void } }).Call.setTarget(
    call,
    target,
  );
}

function readsOf(text: string): number {
  return text.match(/\(local\.get /g)?.length ?? 0;
}

function usesIn(binaryen: Binaryen, body: number): Uses {
  const uses: Uses = { additions: new Map(), inLoops: new Set(), reads: 0, looks: new Set() };
  const waiting: [expression: number, inLoop: boolean][] = [[body, false]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [expression, inLoop] = next;
    const info = infoOf(binaryen, expression);
    if (info.id === binaryen.LocalGetId) uses.reads++;
    if (info.id === binaryen.LocalSetId && info["isTee"] !== true) {
      const index = info["index"] as number;
      const additions = additionsTo(binaryen, index, info["value"] as number);
      if (additions.length > 0) {
        uses.additions.set(index, [...(uses.additions.get(index) ?? []), ...additions]);
        if (inLoop) uses.inLoops.add(index);
      }
    } else if (info.id === binaryen.CallId && LOOKING.has(info["target"] as string)) {
      const operands = info["operands"] as number[];
      for (const [at, operand] of operands.entries()) {
        const { id, index } = infoOf(binaryen, operand);
        const isLook = id === binaryen.LocalGetId;
        // The operands between the read and the look must not make the text longer.
        if (isLook && operands.slice(at + 1).every((other) => !changes(binaryen, index as number, other)))
          uses.looks.add(operand);
      }
    }
    const isLoop = inLoop || info.id === binaryen.LoopId;
    for (const part of partsOf(binaryen, expression)) waiting.push([part, isLoop]);
  }
  return uses;
}

/** The additions of `index + a + b`, whose other parts leave the variable as it is. */
function additionsTo(binaryen: Binaryen, index: number, value: number): number[] {
  const additions: number[] = [];
  for (let left = value; ;) {
    const { id, target, operands, index: read } = infoOf(binaryen, left);
    if (id === binaryen.LocalGetId) return read === index ? additions : [];
    if (id !== binaryen.CallId || !CONCAT.has(target as string)) return [];
    const [first, more] = operands as [number, number];
    const isFirst = infoOf(binaryen, first).id === binaryen.LocalGetId;
    if (changes(binaryen, index, more, !isFirst)) return [];
    additions.push(left);
    left = first;
  }
}

/** Tells whether an expression sets a variable, or reads it where that counts as well: what was added before would be read, too. */
function changes(binaryen: Binaryen, index: number, expression: number, orReads = false): boolean {
  const info = infoOf(binaryen, expression);
  if (info["index"] === index) {
    if (info.id === binaryen.LocalSetId || (orReads && info.id === binaryen.LocalGetId)) return true;
  }
  return partsOf(binaryen, expression).some((part) => changes(binaryen, index, part, orReads));
}
