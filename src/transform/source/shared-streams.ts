/**
 * Tells whether one object can serve all streams, so that the host need not announce each stream to the module: a quarter of
 * what a small filter costs in Envoy.
 *
 * @module
 */
import type { ClassDeclaration, Node, PropertyAccessExpression, Source } from "assemblyscript";
import { NodeKind } from "../compiler/compiler.js";
import { isThis } from "../compiler/nodes.js";
import type { Registrations } from "../program/registrations.js";
import { PACKAGE } from "./syntax.js";
import { usesMember } from "./implied-callbacks.js";

const HTTP_CONTEXT = `${PACKAGE}assembly/context/http-context/HttpContext`;

/** The members that a filter may reach through `this` without keeping state: these ask nothing but the running callback. */
const stateless = new Set(["request", "response", "respond", "respondBytes", "respondJson"]);

/** The callbacks that such a filter may override: the others are about the life of a stream. */
const callbacks = new Set([
  "onRequestHeaders",
  "onRequestBody",
  "onRequestTrailers",
  "onResponseHeaders",
  "onResponseBody",
  "onResponseTrailers",
  "onLog",
]);

/**
 * Tells whether the module's only registration is an HTTP filter for every root id, whose class extends `HttpContext`
 * directly, has no fields, and uses `this` for nothing but the members above and its own methods; and no body or trailers are used.
 */
export function canShareStreams({ calls, mayBeMore }: Registrations, sources: readonly Source[]): boolean {
  // The effect of these members depends on what became of the stream before.
  if (usesMember(sources, "body") || usesMember(sources, "trailers")) return false;
  const [only, ...others] = calls;
  if (only === undefined || others.length > 0 || mayBeMore || only.kind !== "http" || only.rootId !== "")
    return false;
  const { element } = only;
  return element?.basePrototype?.internalName === HTTP_CONTEXT && isStateless(element.declaration);
}

function isStateless(declaration: ClassDeclaration): boolean {
  if ((declaration.typeParameters?.length ?? 0) > 0) return false;
  const methods = declaration.members.filter((member) => member.kind === NodeKind["MethodDeclaration"]);
  if (methods.length !== declaration.members.length) return false;
  const own = new Set(methods.map((method) => method.name.text));
  for (const name of own) {
    if (name === "constructor" || (/^on[A-Z]/.test(name) && !callbacks.has(name))) return false;
  }
  return onlyReaches(declaration.members, own);
}

/** Tells whether each `this` and `super` below `nodes` is the left side of an access to an allowed member. */
function onlyReaches(nodes: Node[], own: ReadonlySet<string>): boolean {
  let allowed = 0;
  let all = 0;
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== "object" || value === null || !("kind" in value)) return;
    const node = value as Node;
    if (isThis(node) || node.kind === NodeKind["Super"]) all++;
    if (node.kind === NodeKind["PropertyAccess"]) {
      const { expression, property } = node as PropertyAccessExpression;
      const name = property.text;
      // A function that keeps `this` may be called in a callback of another stream.
      if (expression.kind === NodeKind["This"] && (stateless.has(name) || own.has(name))) allowed++;
    }
    for (const [key, child] of Object.entries(node)) if (key !== "range") visit(child);
  };
  visit(nodes);
  return allowed === all;
}
