/**
 * Variables, and the functions that take them from the functions around them.
 *
 * @module
 */
import type {
  FunctionDeclaration,
  FunctionExpression,
  IdentifierExpression,
  LiteralExpression,
  Node,
  ParameterNode,
  VariableDeclaration,
} from "assemblyscript";
import { LiteralKind, NodeKind } from "../../transform/compiler/compiler.js";

/** A variable, parameter or nested function. */
export interface Variable {
  readonly name: string;
  /** The function whose variable it is; undefined for what the module declares. */
  readonly owner: FunctionScope | undefined;
  readonly node: Node;
  readonly kind: "constant" | "let" | "var" | "parameter" | "function" | "module";
  /** A `for` loop in whose head it is declared. */
  readonly loop: Node | undefined;
  /** Tells whether it is given a value after its declaration. */
  assigned: boolean;
  /** Tells whether it is assigned in the body of the loop in whose head it is declared, or by another function. */
  assignedInside: boolean;
  captured: boolean;
  /** The identifiers that mean it. */
  readonly uses: IdentifierExpression[];
}

/** A function, and what it takes from those around it. */
export interface FunctionScope {
  readonly node: FunctionDeclaration | undefined;
  readonly parent: FunctionScope | undefined;
  /** The variables of the functions around it that it uses, or that those in it use, by name. */
  readonly free: Map<string, Variable | undefined>;
}

const plainLiterals = new Set(["Float", "Integer", "String"].map((name) => LiteralKind[name]));

/** The function that a statement declares inside of another one. */
export function functionOf(statement: Node): FunctionDeclaration | undefined {
  if (statement.kind === NodeKind["FunctionDeclaration"]) return statement as FunctionDeclaration;
  if (statement.kind !== NodeKind["Expression"]) return undefined;
  const { expression } = statement as unknown as { expression: Node };
  return expression.kind === NodeKind["Function"]
    ? (expression as FunctionExpression).declaration
    : undefined;
}

/** Tells whether a variable always has the value that the compiler puts in its place. */
export function isLiteral({ kind, node }: Variable): boolean {
  if (kind !== "constant") return false;
  const { initializer } = node as VariableDeclaration;
  if (initializer === null) return false;
  if (initializer.kind === NodeKind["True"] || initializer.kind === NodeKind["False"]) return true;
  if (initializer.kind !== NodeKind["Literal"]) return false;
  return plainLiterals.has((initializer as LiteralExpression).literalKind);
}

/** The variable's declaration as a parameter. */
export function isParameter(node: Node): node is ParameterNode {
  return node.kind === NodeKind["Parameter"];
}
