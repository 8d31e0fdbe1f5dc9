/**
 * Remembers the types that the compiler has found while it looks for the type of the expression around them. Several of our
 * changes ask for the same part, and calls in calls would take twice the time with each call. Nothing is compiled meanwhile, so
 * no type changes.
 *
 * @module
 */
import type { Expression, Flow, Resolver, Type } from "assemblyscript";
import { around } from "./patches.js";
import { Builds, resolverMethods } from "./tables.js";

/** A resolver as its other methods see it: of a member's lookup it tells what the member is of. */
interface Inside extends Resolver {
  currentThisExpression: Expression | null;
  currentElementExpression: Expression | null;
}

interface Answer {
  readonly flow: Flow;
  readonly type: Type | undefined;
  readonly mode: number | undefined;
  readonly found: unknown;
  readonly thisExpression: Expression | null;
  readonly elementExpression: Expression | null;
}

type Find = (this: Inside, node: Expression, flow: Flow, type?: Type, mode?: number) => unknown;

const builds = new Builds(install);
/** How many lookups are under way. */
let depth = 0;
const answers = new Map<string, Map<Expression, Answer[]>>();

/** Has a program's types looked for once. */
export function rememberTypes(program: Resolver["program"]): void {
  builds.add(program);
}

function install(): void {
  for (const method of ["resolveExpression", "lookupExpression"])
    around<Find>(
      resolverMethods,
      method,
      (original) =>
        function (node, flow, type, mode) {
          if (!builds.has(this, node)) return original.call(this, node, flow, type, mode);
          if (depth === 0) for (const known of answers.values()) known.clear();
          const known = answers.get(method) ?? new Map<Expression, Answer[]>();
          answers.set(method, known);
          const ofNode = known.get(node) ?? [];
          known.set(node, ofNode);
          const answer = ofNode.find(
            (other) => other.flow === flow && other.type === type && other.mode === mode,
          );
          if (answer !== undefined) {
            this.currentThisExpression = answer.thisExpression;
            this.currentElementExpression = answer.elementExpression;
            return answer.found;
          }
          depth++;
          try {
            const found = original.call(this, node, flow, type, mode);
            const { currentThisExpression, currentElementExpression } = this;
            ofNode.push({
              ...{ flow, type, mode, found },
              thisExpression: currentThisExpression,
              elementExpression: currentElementExpression,
            });
            return found;
          } finally {
            depth--;
          }
        },
    );
}
