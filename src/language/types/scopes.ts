/**
 * Which variables a function takes from the functions around it, by the scopes of the text.
 *
 * @module
 */
import type {
  BinaryExpression,
  FunctionDeclaration,
  FunctionExpression,
  IdentifierExpression,
  Node,
  Source,
  Statement,
  VariableDeclaration,
  VariableStatement,
} from "assemblyscript";
import { CommonFlags, NodeKind, Token } from "../../transform/compiler/compiler.js";
import { functionOf } from "./variables.js";
import type { FunctionScope, Variable } from "./variables.js";
import { THIS, bareOf } from "../../transform/compiler/nodes.js";

interface Scope {
  readonly parent: Scope | undefined;
  readonly owner: FunctionScope | undefined;
  readonly names: Map<string, Variable>;
}

/** The functions and variables of a source, as far as closures need them. */
export interface Captures {
  readonly functions: readonly FunctionScope[];
  readonly variables: readonly Variable[];
}

/** Nodes in which no variable is used: types, and what only names something else. */
const skipped = new Set(
  [
    "NamedType",
    "FunctionType",
    "TypeName",
    "TypeParameter",
    "Decorator",
    "Import",
    "Export",
    "ExportImport",
  ].map((name) => NodeKind[name]),
);

const assigning = new Set(
  [
    ...["Equals", "Plus_Equals", "Minus_Equals", "Asterisk_Asterisk_Equals", "Asterisk_Equals"],
    ...["Slash_Equals", "Percent_Equals", "LessThan_LessThan_Equals", "GreaterThan_GreaterThan_Equals"],
    ...["GreaterThan_GreaterThan_GreaterThan_Equals", "Ampersand_Equals", "Caret_Equals", "Bar_Equals"],
  ].map((name) => Token[name]),
);

/** Looks through a source. */
export function findCaptures(source: Source): Captures {
  const finder = new Finder();
  finder.module(source);
  return finder;
}

class Finder implements Captures {
  readonly functions: FunctionScope[] = [];
  readonly variables: Variable[] = [];
  private scope: Scope | undefined;
  private owner: FunctionScope | undefined;
  /** The loops in whose bodies the walk is. */
  private readonly loops: Node[] = [];
  /** How the walk came to the method whose `this` is meant: arrow functions only. */
  private arrows: FunctionScope[] = [];

  module(source: Source): void {
    this.owner = { node: undefined, parent: undefined, free: new Map() };
    this.inScope(undefined, () => {
      this.declareAll(source.statements, true);
      for (const statement of source.statements) this.visit(statement);
    });
  }

  private inScope(owner: FunctionScope | undefined, run: () => void): void {
    const before = this.scope;
    this.scope = { parent: before, owner, names: new Map() };
    run();
    this.scope = before;
  }

  private declare(variable: Pick<Variable, "name" | "owner" | "node" | "kind" | "loop">): void {
    const full: Variable = { ...variable, assigned: false, assignedInside: false, captured: false, uses: [] };
    this.scope!.names.set(variable.name, full);
    this.variables.push(full);
  }

  /** Declares what a list of statements declares, before any of them is looked at. */
  private declareAll(statements: readonly Statement[], module = false): void {
    for (const statement of statements) {
      if (statement.kind === NodeKind["Variable"])
        this.declareVariables(statement as VariableStatement, undefined, module);
      const nested = functionOf(statement);
      if (nested !== undefined && nested.name.text !== "")
        this.declare({
          name: nested.name.text,
          owner: this.owner,
          node: statement,
          kind: "function",
          loop: undefined,
        });
      else if (module) {
        const { name } = statement as unknown as { name?: IdentifierExpression };
        if (name !== undefined && name.kind === NodeKind["Identifier"])
          this.declare({
            name: name.text,
            owner: undefined,
            node: statement,
            kind: "module",
            loop: undefined,
          });
      }
    }
  }

  private declareVariables(
    { declarations }: VariableStatement,
    loop: Node | undefined,
    module = false,
  ): void {
    for (const declaration of declarations) {
      const { flags } = declaration;
      const constant = (flags & CommonFlags["Const"]!) !== 0;
      const kind = module
        ? "module"
        : constant
          ? "constant"
          : (flags & CommonFlags["Let"]!) !== 0
            ? "let"
            : "var";
      this.declare({
        name: declaration.name.text,
        owner: module ? undefined : this.owner,
        node: declaration,
        kind,
        loop,
      });
    }
  }

  private lookup(name: string): Variable | undefined {
    for (let scope = this.scope; scope !== undefined; scope = scope.parent) {
      const found = scope.names.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private use(identifier: IdentifierExpression, assigned: boolean): void {
    const variable = this.lookup(identifier.text);
    if (variable === undefined) return;
    variable.uses.push(identifier);
    if (assigned) {
      variable.assigned = true;
      const { loop } = variable;
      if (this.owner !== variable.owner || (loop !== undefined && this.loops.includes(loop)))
        variable.assignedInside = true;
    }
    if (variable.owner === undefined) return;
    for (let inner = this.owner; inner !== undefined && inner !== variable.owner; inner = inner.parent) {
      variable.captured = true;
      inner.free.set(variable.name, variable);
    }
  }

  private visit(node: Node): void {
    const { kind } = node;
    if (skipped.has(kind)) return;
    if (kind === NodeKind["Identifier"]) return this.use(node as IdentifierExpression, false);
    if (kind === NodeKind["This"]) return this.useThis(node);
    if (kind === NodeKind["Function"]) return this.function((node as FunctionExpression).declaration);
    if (kind === NodeKind["FunctionDeclaration"] || kind === NodeKind["MethodDeclaration"])
      return this.function(node as FunctionDeclaration);
    if (kind === NodeKind["FieldDeclaration"]) {
      const { initializer } = node as VariableDeclaration;
      const before = this.owner;
      this.owner = { node: undefined, parent: before, free: new Map() };
      if (initializer !== null) this.visit(initializer);
      this.owner = before;
      return;
    }
    if (kind === NodeKind["ClassDeclaration"]) {
      for (const member of (node as unknown as { members: Node[] }).members) this.visit(member);
      return;
    }
    if (kind === NodeKind["Block"] || kind === NodeKind["SwitchCase"]) return this.block(node);
    if (kind === NodeKind["For"] || kind === NodeKind["ForOf"]) return this.for(node);
    if (kind === NodeKind["VariableDeclaration"]) {
      const { initializer } = node as VariableDeclaration;
      if (initializer !== null) this.visit(initializer);
      return;
    }
    if (kind === NodeKind["PropertyAccess"])
      return this.visit((node as unknown as { expression: Node }).expression);
    if (kind === NodeKind["ObjectLiteral"]) {
      for (const value of (node as unknown as { values: Node[] }).values) this.visit(value);
      return;
    }
    this.assignment(node);
    const loop = kind === NodeKind["While"] || kind === NodeKind["Do"];
    if (loop) this.loops.push(node);
    this.visitChildren(node);
    if (loop) this.loops.pop();
  }

  private assignment(node: Node): void {
    let target: Node | undefined;
    if (node.kind === NodeKind["Binary"] && assigning.has((node as BinaryExpression).operator))
      target = (node as BinaryExpression).left;
    else if (node.kind === NodeKind["UnaryPostfix"] || node.kind === NodeKind["UnaryPrefix"]) {
      const { operator, operand } = node as unknown as { operator: number; operand: Node };
      if (operator === Token["Plus_Plus"] || operator === Token["Minus_Minus"]) target = operand;
    }
    if (target !== undefined) target = bareOf(target);
    if (target?.kind === NodeKind["Identifier"]) this.use(target as IdentifierExpression, true);
  }

  private visitChildren(node: Node): void {
    const fields = node as unknown as Record<string, unknown>;
    for (const key of Object.keys(fields)) {
      if (key === "range" || key === "source" || key === "parent") continue;
      const child = fields[key];
      if (Array.isArray(child)) child.forEach((one: unknown) => isNode(one) && this.visit(one));
      else if (isNode(child)) this.visit(child);
    }
  }

  private block(node: Node): void {
    const { statements, label } = node as unknown as { statements: Statement[]; label?: Node };
    if (isNode(label)) this.visit(label);
    this.inScope(this.owner, () => {
      this.declareAll(statements);
      for (const statement of statements) this.visit(statement);
    });
  }

  private for(node: Node): void {
    const { initializer, variable, iterable, condition, incrementor, body } = node as unknown as Record<
      string,
      Node | null
    >;
    this.inScope(this.owner, () => {
      const head = initializer ?? variable;
      if (head?.kind === NodeKind["Variable"])
        this.declareVariables(head as unknown as VariableStatement, node);
      for (const part of [head, iterable, condition, incrementor]) if (part) this.visit(part);
      this.loops.push(node);
      if (body) this.visit(body);
      this.loops.pop();
    });
  }

  private function(node: FunctionDeclaration): void {
    const inner: FunctionScope = { node, parent: this.owner, free: new Map() };
    this.functions.push(inner);
    const before = this.owner;
    const { arrows, scope } = this;
    this.owner = inner;
    this.arrows = (node.arrowKind as number) === 0 ? [] : [...arrows, inner];
    this.inScope(inner, () => {
      for (const parameter of node.signature.parameters) {
        this.declare({
          name: parameter.name.text,
          owner: inner,
          node: parameter,
          kind: "parameter",
          loop: undefined,
        });
        if (parameter.initializer !== null) this.visit(parameter.initializer);
      }
      if (node.body !== null) this.visit(node.body);
    });
    this.owner = before;
    this.arrows = arrows;
    this.scope = scope;
  }

  private useThis(node: Node): void {
    if (this.arrows.length === 0) return;
    for (const arrow of this.arrows) arrow.free.set(THIS, undefined);
    // The node becomes the name of what the arrow function holds.
    const identifier = node as unknown as { kind: number; text: string; isQuoted: boolean };
    identifier.kind = NodeKind["Identifier"]!;
    identifier.text = THIS;
    identifier.isQuoted = false;
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "kind" in value && "range" in value;
}
