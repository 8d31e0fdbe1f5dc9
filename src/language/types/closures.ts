/**
 * Functions that use variables of the functions around them: what each of them takes, and which variables need a place of
 * their own because they change. `transform/compiler/closures.ts` compiles them accordingly.
 *
 * @module
 */
import type { IdentifierExpression, Node, Source, Statement, VariableDeclaration } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { failAt } from "../../transform/build-error.js";
import type { ClosurePlan } from "../../transform/compiler/closures.js";
import { CommonFlags, NodeKind } from "../../transform/compiler/compiler.js";
import { walk } from "../../transform/source/syntax.js";
import type { Captures } from "./scopes.js";
import { findCaptures } from "./scopes.js";
import { functionOf, isLiteral } from "./variables.js";
import type { FunctionScope, Variable } from "./variables.js";
import { bareOf } from "../../transform/compiler/nodes.js";

/** Looks for closures in the user's sources, and puts declarations where the compiler needs them. */
export function planClosures(sources: readonly Source[]): ClosurePlan {
  const plan: ClosurePlan = { needed: false, functions: new Map(), boxed: new Set() };
  for (const source of sources) {
    const captures = findCaptures(source);
    orderFunctions(source, captures);
    for (const variable of captures.variables) if (variable.captured) planVariable(variable, plan);
    for (const scope of captures.functions) if (scope.free.size > 0) planFunction(scope, plan);
  }
  return plan;
}

function planFunction({ node, free }: FunctionScope, plan: ClosurePlan): void {
  const body = node?.body;
  if (node === undefined || !body) return;
  const own = new Set<string>();
  for (const [name, variable] of free) {
    if (variable === undefined || !isLiteral(variable)) plan.needed = true;
    if (variable !== undefined && !variable.assigned && declares(variable, node)) own.add(name);
  }
  plan.functions.set(body, { names: [...free.keys()], own });
}

/** Tells whether the variable is declared as this very function. */
function declares({ node }: Variable, declaration: Node): boolean {
  if (functionOf(node) === declaration) return true;
  if (node.kind !== NodeKind["VariableDeclaration"]) return false;
  const { initializer } = node as VariableDeclaration;
  const value = initializer && bareOf(initializer);
  return (
    value?.kind === NodeKind["Function"] &&
    (value as unknown as { declaration: Node }).declaration === declaration
  );
}

function planVariable(variable: Variable, plan: ClosurePlan): void {
  const { kind, loop, name, node } = variable;
  if (kind === "var")
    failAt(node, `a function inside of this one uses "${name}": declare it with "let" or "const".`);
  if (!variable.assigned || kind === "module" || kind === "constant") return;
  if (kind === "function")
    failAt(node, `"${name}" is a function that is replaced later: write "let ${name} = …".`);
  if (loop === undefined) plan.boxed.add(node);
  else copyInLoop(variable, loop);
}

/** Gives each round of a loop its own copy of the loop's variable, as JavaScript does. */
function copyInLoop({ name, node, uses, assignedInside }: Variable, loop: Node): void {
  if (assignedInside) {
    failAt(
      node,
      `the loop's body changes "${name}", and a function holds it: copy it to a constant of the body, and use that in the function.`,
    );
  }
  const outer = `${name}$`;
  const own = new Set<Node>(uses);
  const fields = loop as unknown as Record<string, Node | null>;
  for (const part of ["initializer", "condition", "incrementor"]) {
    const head = fields[part];
    if (head)
      walk([head], (inner) => {
        if (own.has(inner)) (inner as IdentifierExpression).text = outer;
      });
  }
  const declaration = node as VariableDeclaration;
  const { range } = declaration.name;
  const make = assemblyscript.Node;
  const copy = make.createVariableStatement(
    null,
    [
      make.createVariableDeclaration(
        make.createIdentifierExpression(name, range),
        null,
        CommonFlags["Const"]!,
        null,
        make.createIdentifierExpression(outer, range),
        range,
      ),
    ],
    range,
  );
  declaration.name.text = outer;
  const body = fields["body"] as unknown as { kind: number; statements: Statement[]; range: typeof range };
  if (body.kind === NodeKind["Block"]) body.statements.unshift(copy);
  else fields["body"] = make.createBlockStatement([copy, body as unknown as Statement], body.range);
}

/** Puts nested functions before the first statement that uses them, but behind the declarations that they use themselves. */
function orderFunctions(source: Source, { variables }: Captures): void {
  const nested = new Map<Node, Variable>();
  for (const variable of variables)
    if (variable.kind === "function" && variable.owner?.node !== undefined)
      nested.set(variable.node, variable);
  if (nested.size === 0) return;
  walk(source.statements, (node) => {
    const { statements } = node as unknown as { statements?: Statement[] };
    if (Array.isArray(statements) && statements.some((statement) => nested.has(statement)))
      statements.splice(0, statements.length, ...ordered(statements, nested));
  });
}

function ordered(statements: readonly Statement[], nested: ReadonlyMap<Node, Variable>): Statement[] {
  const waiting = new Map<IdentifierExpression, Statement>();
  for (const statement of statements)
    for (const use of nested.get(statement)?.uses ?? []) waiting.set(use, statement);
  const done: Statement[] = [];
  const begun = new Set<Statement>();
  const put = (statement: Statement): void => {
    if (begun.has(statement)) return;
    begun.add(statement);
    walk([statement], (node) => {
      const needed = waiting.get(node as IdentifierExpression);
      if (needed === undefined || needed === statement) return;
      if (begun.has(needed) && !done.includes(needed)) {
        const name = nested.get(needed)!.name;
        failAt(
          node,
          `this function and "${name}" call each other: move both out of the function around them.`,
        );
      }
      put(needed);
    });
    done.push(statement);
  };
  for (const statement of statements) if (!nested.has(statement)) put(statement);
  for (const statement of statements) put(statement);
  return done;
}
