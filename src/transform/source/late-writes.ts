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

/** Callbacks that come when a request may have been answered: those of the response, and those of what the filter has waited for. */
const ofResponse = /_response_(headers|body|trailers|metadata)$/;
const ofWait = /_(tick|queue_ready|function|data|close|call_response)$|_grpc_/;

/** When a filter may change a request's headers late: never, in callbacks of the response alone, or also while it holds the request. */
export type LateWrites = "none" | "in the response" | "while held";

/**
 * Tells when a filter may change a request's headers late. It does if any source names a `request` that is not used at once, in a callback
 * of the request. A function within such a callback runs later, and what is kept in a variable may be used later.
 */
export function findLateWrites(sources: readonly Source[], callbacks: ReadonlySet<string>): LateWrites {
  const waits = [...callbacks].some((name) => ofWait.test(name));
  if (!waits && ![...callbacks].some((name) => ofResponse.test(name))) return "none";
  if (!usesRequestLate(sources)) return "none";
  return waits ? "while held" : "in the response";
}

function usesRequestLate(sources: readonly Source[]): boolean {
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
