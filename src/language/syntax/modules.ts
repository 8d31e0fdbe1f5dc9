/**
 * Imports and exports.
 *
 * @module
 */
import type {
  ExportNamedDeclaration,
  ExportSpecifier,
  ImportDeclaration,
  ImportSpecifier,
} from "@babel/types";
import { addRule, type Lowering } from "./lowering.js";
import type { Piece } from "./pieces.js";
import type { Syntax } from "./tree.js";

/** Leaves `type` out of `import type …`. */
function withoutType(node: Syntax, l: Lowering): Piece[] {
  const pieces = l.inside(node);
  const [first, ...rest] = pieces;
  if (first === undefined || !first.exact) return pieces;
  const match = /^(\s*(?:(?:import|export)\s+)?)type\s+/.exec(first.text);
  if (match === null) return pieces;
  return [
    ...l.raw(first.start, first.start + match[1]!.length),
    ...l.raw(first.start + match[0].length, first.end),
    ...rest,
  ];
}

addRule<ImportDeclaration>("ImportDeclaration", (node, l) => {
  const path = node.source.value;
  if (path.endsWith(".json")) return l.refuse(node.source, "jsonImport");
  if (/^node:|^(fs|path|http|https|crypto|url|util|events|stream|os|buffer)$/.test(path))
    return l.refuse(node.source, "jsPackage");
  const types = node.importKind === "type";
  if (!/\.(ts|js|mjs)$/.test(path)) return types ? withoutType(node as Syntax, l) : undefined;
  // TypeScript's own endings of imports.
  const pieces = types ? withoutType(node as Syntax, l) : l.inside(node);
  const text = l.textOf(node.source).replace(/\.(ts|js|mjs)(?=["']$)/, "");
  const cut = node.source.start!;
  return pieces.flatMap((piece) =>
    piece.exact && piece.start <= cut && piece.end >= node.source.end!
      ? [...l.raw(piece.start, cut), ...l.make(node.source, text), ...l.raw(node.source.end!, piece.end)]
      : [piece],
  );
});
addRule<ImportSpecifier>("ImportSpecifier", (node, l) =>
  node.importKind === "type" ? withoutType(node as Syntax, l) : undefined,
);
addRule<ExportNamedDeclaration>("ExportNamedDeclaration", (node, l) =>
  node.exportKind === "type" && !node.declaration ? withoutType(node as Syntax, l) : undefined,
);
addRule<ExportSpecifier>("ExportSpecifier", (node, l) =>
  node.exportKind === "type" ? withoutType(node as Syntax, l) : undefined,
);
addRule<Syntax>("ImportExpression", (node, l) => l.refuse(node, "importMeta"));
addRule<Syntax>("MetaProperty", (node, l) =>
  l.refuse(node, l.textOf(node).startsWith("new") ? "newTarget" : "importMeta"),
);
