/**
 * Tells whether a filter may change a request's headers elsewhere than in the request's own callbacks: in callbacks of the response,
 * timers and answers, where the request may have been answered (see assembly/http/answered.ts).
 *
 * @module
 */
import type { IdentifierExpression, MethodDeclaration, Node, Source } from "assemblyscript";
import type { CallExpression, PropertyAccessExpression } from "assemblyscript";
import { NodeKind } from "../compiler/compiler.js";
import { walk } from "./syntax.js";

const own = /^onRequest(Headers|Body|Trailers)$/;

/** Callbacks in which a request may have been answered, and its headers can be reached. */
const late =
  /_(response_(headers|body|trailers|metadata)|tick|queue_ready|function|data|close|call_response)$|_grpc_/;

/**
 * Tells whether any source names a `request` that is not used at once, in a callback of the request. A function within such a callback
 * runs later, and what is kept in a variable may be used later. A
 * module without a later callback changes nothing late.
 */
export function mayWriteLate(sources: readonly Source[], callbacks: ReadonlySet<string>): boolean {
  if (![...callbacks].some((name) => late.test(name))) return false;
  const early = new Set<Node>();
  const all: Node[] = [];
  for (const { statements } of sources) {
    walk(statements, (node) => {
      if (isRequest(node)) all.push(node);
      if (node.kind !== NodeKind["MethodDeclaration"]) return;
      const { name, body } = node as MethodDeclaration;
      if (body === null || !own.test(name.text)) return;
      const inFunctions = new Set<Node>();
      walk(body, (inner) => {
        if (inner.kind === NodeKind["Function"]) walk(inner, (later) => void inFunctions.add(later));
        const request = usedAtOnce(inner);
        if (request !== undefined && !inFunctions.has(request)) early.add(request);
      });
    });
  }
  return all.some((node) => !early.has(node));
}

function isRequest(node: Node): boolean {
  return node.kind === NodeKind["Identifier"] && (node as IdentifierExpression).text === "request";
}

/** The name `request` in a call such as `this.request.headers.set(…)`; undefined when it is none. */
function usedAtOnce(node: Node): Node | undefined {
  if (node.kind !== NodeKind["Call"]) return undefined;
  let object: Node = (node as CallExpression).expression;
  for (let depth = 0; depth < 2; depth++) {
    if (object.kind !== NodeKind["PropertyAccess"]) return undefined;
    object = (object as PropertyAccessExpression).expression;
  }
  if (object.kind !== NodeKind["PropertyAccess"]) return undefined;
  const { property } = object as PropertyAccessExpression;
  return isRequest(property) ? property : undefined;
}
