/**
 * Whether a plugin may hand out a context that it has made before: the host's number of the stream is read by constructors.
 *
 * @module
 */
import type { BlockStatement, FunctionDeclaration, Node, Program, ReturnStatement } from "assemblyscript";
import { NodeKind } from "../compiler/compiler.js";
import { classElements } from "../compiler/resolved.js";
import { isUserSource } from "../source/syntax.js";
import { contextBase } from "./contexts.js";

/** Whether `createHttpContext` or `createTcpContext` of any class is more than `return new …`. */
export function mayReuseContexts(program: Program): boolean {
  return classElements(program)
    .filter((element) => isUserSource(element.declaration.range.source) && contextBase(element) !== undefined)
    .flatMap(({ instanceMembers }) =>
      ["createHttpContext", "createTcpContext"].map((name) => instanceMembers?.get(name)),
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
