/**
 * Finds the names that a source declares.
 *
 * @module
 */
import type { TSEnumDeclaration } from "@babel/types";
import type { Syntax } from "./tree.js";

/** The names that a node itself declares. */
export function declaredNames(node: Syntax): string[] {
  switch (node.type) {
    case "VariableDeclarator":
      return patternNames(node.id as Syntax);
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "ClassMethod":
    case "ObjectMethod":
    case "TSDeclareFunction":
    case "ClassPrivateMethod": {
      const names = (node.params as Syntax[]).flatMap(patternNames);
      const { id } = node as { id?: { name: string } | null };
      if (id) names.push(id.name);
      return names;
    }
    case "ClassDeclaration":
    case "TSEnumDeclaration":
    case "TSModuleDeclaration":
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration": {
      const { id } = node as { id?: { name?: string } | null };
      return id?.name === undefined ? [] : [id.name];
    }
    case "ImportSpecifier":
    case "ImportDefaultSpecifier":
    case "ImportNamespaceSpecifier":
      return [node.local.name];
    case "TSTypeParameter":
      return [node.name].filter((name) => typeof name === "string");
    case "CatchClause":
      return node.param ? patternNames(node.param as Syntax) : [];
    default:
      return [];
  }
}

/** The names in a pattern that something is taken apart by. */
export function patternNames(pattern: Syntax | null): string[] {
  if (pattern === null) return [];
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "AssignmentPattern":
      return patternNames(pattern.left as Syntax);
    case "RestElement":
      return patternNames(pattern.argument as Syntax);
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => patternNames(element as Syntax | null));
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        patternNames((property.type === "RestElement" ? property.argument : property.value) as Syntax),
      );
    case "TSParameterProperty":
      return patternNames(pattern.parameter as Syntax);
    default:
      return [];
  }
}

/** Tells whether an enum's members are texts. */
export function hasTexts(node: TSEnumDeclaration): boolean {
  return node.members.some(
    ({ initializer }) => initializer?.type === "StringLiteral" || initializer?.type === "TemplateLiteral",
  );
}
