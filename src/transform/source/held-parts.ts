/**
 * Tells whether a filter may hold a request when a part of its body has gone on, which Envoy may then send twice (see
 * assembly/http/held-part.ts), and whether it may let go of a part of a response in the callback of the next, which kills Envoy where that
 * one comes with the trailers.
 *
 * @module
 */
import type {
  Expression,
  IdentifierExpression,
  MethodDeclaration,
  Program,
  PropertyAccessExpression,
  ReturnStatement,
  Source,
} from "assemblyscript";
import { NodeKind, namesOption } from "../compiler/compiler.js";
import { walk } from "./syntax.js";
import { namesMember } from "./implied-callbacks.js";

/** The option (`--use PROXY_WASM_PLAIN_ROUTES=1`) for routes that neither retry nor follow redirects themselves. */
const PLAIN_ROUTES = "PROXY_WASM_PLAIN_ROUTES";

const callbacks = new Set(["onRequestBody", "onRequestTrailers"]);

/** The callback that creates an editor, which may keep a part of the body back. */
const EDITOR = "createRequestEditor";

/** Something else by the name of what such a callback answers. */
const renamed =
  /\b(enum|class|const|let|var|type|function|namespace|as|import)\s+(FilterDataStatus|FilterTrailersStatus)\b/;

/** Tells whether a class or a flow of the filter's may. */
export function mayHoldParts(program: Program, sources: readonly Source[], flow: boolean): boolean {
  if (namesOption(program, PLAIN_ROUTES)) return false;
  if (flow && (namesMember(sources, "chunk") || namesMember(sources, "edit"))) return true;
  let holds = false;
  for (const source of sources)
    walk(source.statements, (node) => {
      if (node.kind !== NodeKind["MethodDeclaration"]) return;
      const method = node as MethodDeclaration;
      if (method.name.text === EDITOR) holds = true;
      if (callbacks.has(method.name.text)) holds ||= renamed.test(source.text) || answersMore(method);
    });
  return holds;
}

/** The callbacks in which a response's body may be held, and members that say that some of one is. */
const holders = new Set(["createResponseEditor", "passesLargeResponses"]);

/** Tells whether a class or a flow of the filter's may let go of what it holds of a response before the end of its body. */
export function mayLetPartsGo(sources: readonly Source[], flow: boolean): boolean {
  // A flow holds what it is given of a body only where it may add to it.
  const names = (name: string): boolean => namesMember(sources, name);
  if (flow && (names("edit") || (names("chunk") && names("append")))) return true;
  let holds = false;
  let seesBodies = false;
  for (const source of sources)
    walk(source.statements, (node) => {
      if (node.kind !== NodeKind["MethodDeclaration"]) return;
      const method = node as MethodDeclaration;
      const { text } = method.name;
      if (holders.has(text)) holds = true;
      if (text !== "onResponseBody") return;
      seesBodies = true;
      holds ||= renamed.test(source.text) || answersMore(method);
    });
  // Held headers go on with the first of the body that does.
  return holds || (seesBodies && names("StopIteration"));
}

/** Tells whether a method answers anything but `FilterDataStatus.Continue`, `FilterTrailersStatus.Continue` and its like. */
function answersMore(method: MethodDeclaration): boolean {
  let more = false;
  if (method.body !== null)
    walk(method.body, (node) => {
      if (node.kind === NodeKind["Return"]) more ||= !goesOn((node as ReturnStatement).value);
    });
  return more;
}

function goesOn(value: Expression | null): boolean {
  if (value === null || value.kind !== NodeKind["PropertyAccess"]) return false;
  const { expression, property } = value as PropertyAccessExpression;
  const owner =
    expression.kind === NodeKind["Identifier"] ? (expression as IdentifierExpression).text : undefined;
  return property.text === "Continue" && (owner === "FilterDataStatus" || owner === "FilterTrailersStatus");
}
