/**
 * What functions return whose source does not say it. Tried with AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type {
  Expression,
  Flow,
  FunctionDeclaration,
  FunctionTypeNode,
  Node,
  Resolver,
  Type,
  VariableDeclaration,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { NodeKind } from "./compiler.js";
import { SWALLOW } from "./tables.js";

const { Type: Types } = assemblyscript;

/** Whether a type is not written. */
export function isOmitted(type: Node): boolean {
  const { name } = type as unknown as { name?: { identifier: { text: string } } };
  return type.kind === NodeKind["NamedType"] && name?.identifier.text === "";
}

/** The type that a function returns that is given values of the types; null when that cannot be told. */
export function returnTypeOf(
  resolver: Resolver,
  outer: Flow,
  declaration: FunctionDeclaration,
  parameterTypes: readonly Type[],
): Type | null {
  const signature = declaration.signature as FunctionTypeNode;
  const flow = outer.fork();
  const { sourceFunction, contextualTypeArguments } = flow;
  signature.parameters.forEach((parameter, index) => {
    const own = isOmitted(parameter.type)
      ? parameterTypes[index]
      : resolver.resolveType(parameter.type, flow, sourceFunction.parent, contextualTypeArguments, SWALLOW);
    if (own) flow.addScopedDummyLocal(parameter.name.text, own, parameter);
  });
  if (!isOmitted(signature.returnType))
    return resolver.resolveType(
      signature.returnType,
      flow,
      sourceFunction.parent,
      contextualTypeArguments,
      SWALLOW,
    );
  const body = declaration.body as Node | null;
  if (body === null) return null;
  if (body.kind === NodeKind["Expression"]) {
    const { expression } = body as unknown as { expression: Expression };
    return resolver.resolveExpression(expression, flow, Types.auto, SWALLOW);
  }
  const found: Found = { types: [], isNull: false, unknown: false };
  look(resolver, flow, body, found);
  if (found.unknown) return null;
  if (found.types.length === 0) return found.isNull ? null : Types.void;
  let type = found.types[0]!;
  for (const other of found.types.slice(1)) {
    const common = Types.commonType(type, other, Types.auto);
    if (common === null) return null;
    type = common;
  }
  return found.isNull ? (type.isReference ? type.asNullable() : null) : type;
}

interface Found {
  readonly types: Type[];
  isNull: boolean;
  unknown: boolean;
}

const blocks = new Set(
  ["Block", "For", "If", "While", "Do", "Switch", "SwitchCase", "Try"].map((name) => NodeKind[name]),
);

/** Goes through statements in their order, so that a variable's type is known where it is used. */
function look(resolver: Resolver, flow: Flow, node: Node, found: Found): void {
  if (node.kind === NodeKind["Return"]) {
    const { value } = node as unknown as { value: Expression | null };
    if (value === null) return;
    if (value.kind === NodeKind["Null"]) {
      found.isNull = true;
      return;
    }
    const type = resolver.resolveExpression(value, flow, Types.auto, SWALLOW);
    if (type === null) found.unknown = true;
    else found.types.push(type);
    return;
  }
  if (node.kind === NodeKind["Variable"]) {
    for (const declaration of (node as unknown as { declarations: VariableDeclaration[] }).declarations) {
      const { type: written, initializer } = declaration as unknown as {
        type: Node | null;
        initializer: Expression | null;
      };
      const type =
        written !== null && !isOmitted(written)
          ? resolver.resolveType(
              written as never,
              flow,
              flow.sourceFunction.parent,
              flow.contextualTypeArguments,
              SWALLOW,
            )
          : initializer && resolver.resolveExpression(initializer, flow, Types.auto, SWALLOW);
      if (type) flow.addScopedDummyLocal(declaration.name.text, type, declaration);
    }
    return;
  }
  if (!blocks.has(node.kind)) return;
  const inner = flow.fork();
  for (const [key, value] of Object.entries(node)) {
    if (key === "range") continue;
    for (const child of Array.isArray(value) ? value : [value])
      if (typeof child === "object" && child !== null && "kind" in child)
        look(resolver, inner, child as Node, found);
  }
}
