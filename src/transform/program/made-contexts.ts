/**
 * Whether a plugin may hand out a context that it has made before: the host's number of the stream is read by constructors.
 *
 * @module
 */
import type { BlockStatement, FunctionDeclaration, Node, ReturnStatement } from "assemblyscript";
import { NodeKind } from "../compiler/compiler.js";
import type { ContextClass } from "./contexts.js";

/** Whether `createHttpContext` or `createTcpContext` of any class is more than `return new …`. */
export function mayReuseContexts(contexts: readonly ContextClass[]): boolean {
  return contexts
    .flatMap(({ element }) =>
      ["createHttpContext", "createTcpContext"].map((name) => element.instanceMembers?.get(name)),
    )
    .some((method) => method !== undefined && !isPlain(method.declaration as FunctionDeclaration));
}

function isPlain({ body }: FunctionDeclaration): boolean {
  const [only, ...others] =
    body?.kind === NodeKind["Block"]
      ? (body as BlockStatement).statements
      : body === null
        ? []
        : [body as Node];
  if (only === undefined) return body === null; // abstract
  if (others.length > 0 || only.kind !== NodeKind["Return"]) return false;
  const value = (only as ReturnStatement).value;
  return value === null || value.kind === NodeKind["New"] || value.kind === NodeKind["Null"];
}
