/**
 * Which message's headers an expression stands for.
 *
 * @module
 */
import type { Node, PropertyAccessExpression, Source } from "assemblyscript";
import { NodeKind } from "../compiler/compiler.js";
import { declaredName, walk } from "./syntax.js";

/** The headers of a request or response, or the trailers of either. */
export type MessageMap = "request" | "response" | "trailers";

/** The map that `….request.headers`, `….response.headers` and their trailers are; undefined for other expressions. */
export function mapOf(node: Node): MessageMap | undefined {
  if (node.kind !== NodeKind["PropertyAccess"]) return undefined;
  const { expression, property } = node as PropertyAccessExpression;
  if (expression.kind !== NodeKind["PropertyAccess"]) return undefined;
  const message = (expression as PropertyAccessExpression).property.text;
  if (message !== "request" && message !== "response") return undefined;
  if (property.text === "trailers") return "trailers";
  return property.text === "headers" ? message : undefined;
}

/** Tells whether anything in `sources` declares one of these names: then it may be another thing's. */
export function declaresMembers(sources: readonly Source[], names: readonly string[]): boolean {
  let found = false;
  for (const source of sources) {
    walk(source.statements, (node) => {
      found ||= names.includes(declaredName(node) ?? "");
    });
  }
  return found;
}
