/**
 * Narrowing: the facts that TypeScript knows of a field, a variable of the module or an object's class behind a condition or an
 * assignment. The compiler knows them of local variables only. A use of a value that was checked before is marked: if something
 * has changed the value meanwhile, the use costs the request, as in TypeScript.
 *
 * @module
 */
import type { AssignmentExpression } from "@babel/types";
import type { Piece } from "./pieces.js";
import { addRule, type Lowering } from "./lowering.js";
import { exits, functions, hasBreak, isSurelyThere, isTested } from "./evaluation.js";
import { conditionFacts, pathOf, type Fact, type Facts } from "./facts.js";
import { bare, childrenOf, walk, type Syntax } from "./tree.js";

const found = new WeakMap<Lowering, Map<Syntax, Fact>>();

function factsOf(l: Lowering): Map<Syntax, Fact> {
  let marks = found.get(l);
  if (marks === undefined) {
    const walker = new Walker(l);
    found.set(l, (marks = walker.marks));
    walker.visit(l.root, new Map());
  }
  return marks;
}

const entered = new WeakSet<Syntax>();

function lowerUse(node: Syntax, l: Lowering): Piece[] | undefined {
  if (entered.has(node)) return undefined;
  const fact = factsOf(l).get(node);
  if (fact === undefined) return undefined;
  entered.add(node);
  const pieces = l.lower(node);
  entered.delete(node);
  if (fact.is !== undefined) return l.make(node, `(<${fact.is}>`, pieces, ")");
  // A value that is handed on may be null if the receiver takes null.
  const handed =
    /^(Call|New|Assignment)Expression$|^(ReturnStatement|ObjectProperty|ArrayExpression|ArrowFunctionExpression)$/;
  const mayBeNull = handed.test(l.parent(node)?.type ?? "") ? ", true" : "";
  return l.make(node, "__language_present(", pieces, mayBeNull, ")");
}

for (const type of ["Identifier", "MemberExpression"]) addRule<Syntax>(type, lowerUse, true);

/** `this.text += "b"` where the text may be null by its type. */
addRule<AssignmentExpression & Syntax>(
  "AssignmentExpression",
  (node, l) => {
    if (node.operator !== "+=" || !factsOf(l).has(node)) return undefined;
    const target = l.lower(node.left);
    return l.make(node, target, " = __language_present(", target, ") + (", l.lower(node.right), ")");
  },
  true,
);

/** Goes through a source in the order in which it is evaluated. */
class Walker {
  readonly marks = new Map<Syntax, Fact>();
  private readonly moduleNames = new Set<string>();
  /** In the head of a `for`, behind its condition, which the compiler forgets there. */
  private isUpdate = false;

  constructor(private readonly l: Lowering) {
    for (const statement of childrenOf(l.root)) {
      const declaration = /^Export/.test(statement.type)
        ? ((statement as { declaration?: Syntax | null }).declaration ?? statement)
        : statement;
      if (declaration.type === "VariableDeclaration")
        for (const { id } of declaration.declarations)
          if (id.type === "Identifier") this.moduleNames.add(id.name);
    }
  }

  visit(node: Syntax, facts: Facts): void {
    if (functions.test(node.type)) return this.function(node);
    switch (node.type) {
      case "Identifier":
      case "MemberExpression":
        this.use(node, facts);
        if (node.type === "MemberExpression") this.children(node, facts);
        return;
      case "TSTypeAnnotation":
      case "TSTypeParameterInstantiation":
        return;
      case "AssignmentExpression":
        return this.assignment(node, facts);
      case "UpdateExpression":
        this.children(node, facts);
        return this.forget(node.argument as Syntax, facts);
      case "VariableDeclarator":
        if (node.init) this.visit(node.init as Syntax, facts);
        return this.forget(node.id as Syntax, facts);
      case "LogicalExpression":
        return this.logical(node, facts);
      case "ConditionalExpression":
      case "IfStatement":
        return this.branches(node, facts);
      case "WhileStatement":
      case "ForStatement":
      case "DoWhileStatement":
      case "ForOfStatement":
      case "ForInStatement":
        return this.loop(node, facts);
      case "SwitchStatement":
      case "TryStatement":
        return this.parts(node, facts);
      default:
        return this.children(node, facts);
    }
  }

  private children(node: Syntax, facts: Facts): void {
    for (const child of childrenOf(node)) this.visit(child, facts);
  }

  /** Marks a use of what is known. */
  private use(node: Syntax, facts: Facts): void {
    const path = pathOf(node, this.l);
    const fact = path === undefined ? undefined : facts.get(path);
    if (fact === undefined) return;
    const parent = this.l.parent(node);
    if (parent === undefined || isTested(node, parent)) return;
    const isObject =
      (parent.type === "MemberExpression" && bare(parent.object) === node) ||
      (parent.type === "CallExpression" && bare(parent.callee) === node);
    if (fact.weak && !isObject) return;
    if (fact.not !== undefined) {
      const rest = this.remaining(node, fact.not);
      if (rest !== undefined) this.marks.set(node, { path: fact.path, is: rest });
      return;
    }
    const isLocal = node.type === "Identifier" && !this.moduleNames.has(node.name);
    // Of local variables the compiler itself knows it, but for the type of what a function returns.
    const isResult = parent.type === "ReturnStatement" || parent.type === "ArrowFunctionExpression";
    if (fact.is !== undefined || fact.kept || this.isUpdate || !isLocal || isResult)
      this.marks.set(node, fact);
  }

  /** The one class of a variable's union that is left. */
  private remaining(node: Syntax, not: readonly string[]): string | undefined {
    if (node.type !== "Identifier") return undefined;
    let union: Syntax | undefined;
    walk(this.l.root, (inner) => {
      if (inner.start > node.start) return;
      const type = typeOfName(inner, node.name) ?? this.typeOfCall(inner, node.name);
      if (type?.type === "TSUnionType") union = type;
    });
    if (union?.type !== "TSUnionType") return undefined;
    const left = (union.types as Syntax[])
      .map((type) => this.l.textOf(type))
      .filter((type) => !not.includes(type));
    return left.length === 1 && /^\w+$/.test(left[0]!) ? left[0] : undefined;
  }

  /** The type of a variable that begins with what a function of this source returns. */
  private typeOfCall(node: Syntax, name: string): Syntax | undefined {
    if (node.type !== "VariableDeclarator" || node.id.type !== "Identifier" || node.id.name !== name)
      return undefined;
    const init = node.init ? bare(node.init) : undefined;
    if (init?.type !== "CallExpression" || init.callee.type !== "Identifier") return undefined;
    const called = init.callee.name;
    const made = childrenOf(this.l.root).find(
      (statement) => statement.type === "FunctionDeclaration" && statement.id?.name === called,
    ) as { returnType?: { typeAnnotation?: Syntax } | null } | undefined;
    return made?.returnType?.typeAnnotation;
  }

  private function(node: Syntax): void {
    this.children(node, new Map());
  }

  private assignment(node: Syntax, facts: Facts): void {
    if (node.type !== "AssignmentExpression") return;
    const left = bare(node.left);
    if (left.type === "MemberExpression") this.children(left, facts);
    else if (left.type !== "Identifier") this.visit(left, facts);
    const right = node.right as Syntax;
    const path = pathOf(left, this.l);
    const before = path === undefined ? undefined : facts.get(path);
    if (node.operator === "+=" && before !== undefined && !before.weak && before.is === undefined)
      this.marks.set(node, before);
    this.visit(right, facts);
    this.forget(left, facts);
    if (path === undefined) return;
    if (!/^(=|\?\?=|\|\|=)$/.test(node.operator)) {
      if (before !== undefined) facts.set(path, before);
      return;
    }
    const value = bare(right);
    if (value.type === "NullLiteral" || (value.type === "Identifier" && value.name === "undefined")) return;
    const isKept = node.operator !== "=";
    facts.set(path, { path, weak: !isSurelyThere(value), ...(isKept && { kept: true }) });
  }

  /** Forgets the facts about an assigned value, and about its members. */
  private forget(target: Syntax, facts: Facts): void {
    const path = pathOf(target, this.l);
    if (path === undefined) {
      if (/Pattern$/.test(target.type))
        walk(target, (inner) => {
          if (inner.type === "Identifier") this.forget(inner, facts);
        });
      return;
    }
    for (const known of [...facts.keys()])
      if (known === path || known.startsWith(`${path}.`)) facts.delete(known);
  }

  private forgetAssigned(node: Syntax, facts: Facts): void {
    walk(node, (inner) => {
      if (inner.type === "AssignmentExpression") this.forget(bare(inner.left), facts);
      if (inner.type === "UpdateExpression") this.forget(bare(inner.argument), facts);
      return !functions.test(inner.type);
    });
  }

  private logical(node: Syntax, facts: Facts): void {
    if (node.type !== "LogicalExpression") return;
    this.visit(node.left as Syntax, facts);
    const { whenTrue, whenFalse } = conditionFacts(node.left as Syntax, this.l);
    const right = new Map(facts);
    if (node.operator !== "??") learn(right, node.operator === "&&" ? whenTrue : whenFalse);
    this.visit(node.right as Syntax, right);
    this.forgetAssigned(node.right as Syntax, facts);
  }

  private branches(node: Syntax, facts: Facts): void {
    if (node.type !== "IfStatement" && node.type !== "ConditionalExpression") return;
    const test = node.test as Syntax;
    this.visit(test, facts);
    const { whenTrue, whenFalse } = conditionFacts(test, this.l);
    const [yes, no] = [new Map(facts), new Map(facts)];
    learn(yes, whenTrue);
    learn(no, whenFalse);
    const [consequent, alternate] = [node.consequent as Syntax, node.alternate as Syntax | null];
    this.visit(consequent, yes);
    if (alternate) this.visit(alternate, no);
    const leaves = exits(consequent);
    const otherLeaves = alternate ? exits(alternate) : false;
    facts.clear();
    for (const [path, fact] of leaves ? no : yes) {
      const other = (leaves ? no : otherLeaves ? yes : no).get(path);
      if (other === undefined || other.is !== fact.is || other.not?.join() !== fact.not?.join()) continue;
      facts.set(path, fact.weak ? fact : other);
    }
  }

  private loop(node: Syntax, facts: Facts): void {
    const parts = node as unknown as Record<string, Syntax | null | undefined>;
    for (const part of ["init", "right"]) if (parts[part]) this.visit(parts[part], facts);
    this.forgetAssigned(node, facts);
    const inside = new Map(facts);
    const { test, body, update } = parts;
    const repeats = node.type === "DoWhileStatement";
    if (repeats) this.visit(body!, inside);
    if (test) {
      this.visit(test, inside);
      const { whenTrue, whenFalse } = conditionFacts(test, this.l);
      if (!hasBreak(body!)) learn(facts, whenFalse);
      learn(inside, whenTrue);
    }
    // Facts that the body finds do not hold behind a `continue`.
    const afterBody = new Map(inside);
    if (!repeats && body) this.visit(body, inside);
    if (!update) return;
    if (body) this.forgetAssigned(body, afterBody);
    this.isUpdate = true;
    this.visit(update, afterBody);
    this.isUpdate = false;
  }

  private parts(node: Syntax, facts: Facts): void {
    const before = new Map(facts);
    this.forgetAssigned(node, facts);
    for (const child of childrenOf(node))
      this.visit(child, new Map(child.type === "SwitchCase" ? facts : before));
  }
}

function learn(facts: Facts, more: readonly Fact[]): void {
  for (const fact of more) {
    const before = facts.get(fact.path);
    if (fact.not !== undefined && before?.not !== undefined)
      facts.set(fact.path, { ...fact, not: [...before.not, ...fact.not] });
    else facts.set(fact.path, fact);
  }
}

/** The type that is written behind a variable's or parameter's name. */
function typeOfName(node: Syntax, name: string): Syntax | undefined {
  if (node.type !== "Identifier" || node.name !== name) return undefined;
  return (node.typeAnnotation as { typeAnnotation?: Syntax } | null | undefined)?.typeAnnotation;
}
