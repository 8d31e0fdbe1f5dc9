/**
 * Tells whether a module uses flow, and which callbacks its flows need.
 *
 * @module
 */
import type {
  CallExpression,
  IdentifierExpression,
  ImportDeclaration,
  ImportStatement,
  Node,
  ParameterNode,
  Parser,
  PropertyAccessExpression,
  Source,
} from "assemblyscript";
import { NodeKind } from "../compiler/compiler.js";
import type { Callback } from "../program/callbacks.js";
import { PACKAGE, identifierName, walk } from "../source/syntax.js";
import { tick } from "../source/implied-callbacks.js";

/** Tells whether any source imports flow. */
export function usesFlow(parser: Parser): boolean {
  return parser.sources.some(({ normalizedPath }) => normalizedPath.startsWith(`${PACKAGE}assembly/flow/`));
}

const http = (callback: string): Callback => ({ file: "http", callback: `proxy_on_${callback}` });
const calls = (callback: string): Callback => ({ file: "calls", callback: `proxy_on_${callback}` });

/** By the name of a function or class of flow. */
const functions: ReadonlyMap<string, readonly Callback[]> = new Map([
  ["fetch", [calls("http_call_response")]],
  ["startFetch", [calls("http_call_response")]],
  ["grpcCall", [calls("grpc_receive"), calls("grpc_close")]],
  ["startGrpcCall", [calls("grpc_receive"), calls("grpc_close")]],
  ["receive", [{ file: "services", callback: "proxy_on_queue_ready" }]],
  ["sleep", [tick]],
  ["Alarm", [tick]],
  ["Signal", [tick]],
  ["use", [http("response_headers")]],
]);

/** Functions and methods that take a time limit, and with how many arguments they have one. */
const limited = new Map([
  ["all", 2],
  ["race", 2],
  ["receive", 2],
  ["wait", 1],
]);
/**
 * Methods that wait for bodies, which the answer to a call has as properties; and what both requests and the answers to calls
 * have.
 */
const bodies = new Set(["text", "bytes", "chunk", "edit"]);
const answers = new Set(["headers", "text", "body"]);

/**
 * Members that change the SDK wherever a source names them. A member of another class with such a name costs some bytes and does
 * no harm.
 */
const definitions = new Map([
  ["metrics", "METRICS"],
  ["holdHeaders", "HOLDS_HEADERS"],
  ["onCancel", "CANCELS"],
  ["setBody", "CHANGES_BODIES"],
  ["setBytes", "CHANGES_BODIES"],
  ["setChunk", "CHANGES_BODIES"],
  ["append", "APPENDS"],
  ["edit", "APPENDS"],
  ["header", "ANSWER_HEADERS"],
  ["headers", "ANSWER_HEADERS"],
  ["text", "ANSWER_BODIES"],
  ["body", "ANSWER_BODIES"],
  ["failed", "ANSWER_FAILURES"],
  ["failure", "ANSWER_FAILURES"],
  ["ok", "ANSWER_FAILURES"],
]);

/** The callbacks for everything that flows in `sources` use. */
export function findFlowUses(sources: readonly Source[], define: (name: string) => void): Callback[] {
  const found = new Set<Callback>([http("request_headers")]);
  const defineFor = (name: string): void => {
    const definition = definitions.get(name);
    if (definition !== undefined) define(`FLOW_${definition}`);
    if (definition === "APPENDS") define("FLOW_CHANGES_BODIES");
  };
  const waitsFor = (message: "request" | "response"): void => {
    for (const what of ["headers", "body", "trailers"]) found.add(http(`${message}_${what}`));
    found.add(tick); // trailers may have to wait for a moment
    define("FLOW_WAITS_FOR_BODIES");
  };
  const members = declaredMembers(sources);
  let limits = false;
  for (const source of sources) {
    const imports = importedNames(source);
    walk(source.statements, (node, parent) => {
      if (node.kind === NodeKind["Identifier"]) {
        const name = (node as IdentifierExpression).text;
        for (const callback of functions.get(name) ?? []) found.add(callback);
        // A field of an object literal is an identifier, too.
        if (name === "metrics" || name === "holdHeaders") defineFor(name);
        limits ||= limited.has(name) && isTakenElsewhere(node, parent);
      } else if (node.kind === NodeKind["Call"]) {
        const call = node as CallExpression;
        const name = calledName(call);
        if (name !== undefined) limits ||= call.args.length >= (limited.get(name) ?? Infinity);
      } else if (node.kind === NodeKind["PropertyAccess"]) {
        const access = node as PropertyAccessExpression;
        const name = access.property.text;
        const owner = ownerOf(access, members);
        if (name === "next") found.add(http("response_headers"));
        if (owner !== "request" || !answers.has(name)) defineFor(name);
        limits ||= limited.has(name) && !isCalled(node, parent);
        if (!bodies.has(name) || !isCalled(node, parent) || isNoMessage(access.expression, imports)) return;
        if (owner !== "response") waitsFor("request");
        if (owner !== "request") waitsFor("response");
      }
    });
  }
  if (limits) {
    found.add(tick);
    define("FLOW_TIME_LIMITS");
  }
  return [...found];
}

/** The names of all members that the sources' own classes have: another `request` than the exchange's may be among them. */
function declaredMembers(sources: readonly Source[]): Set<string> {
  const names = new Set<string>();
  for (const source of sources) {
    walk(source.statements, (node) => {
      const { kind } = node;
      // A parameter of a constructor may be a field.
      if (
        kind === NodeKind["FieldDeclaration"] ||
        kind === NodeKind["MethodDeclaration"] ||
        (kind === NodeKind["Parameter"] && (node as ParameterNode).flags !== 0)
      )
        names.add((node as Node & { name: IdentifierExpression }).name.text);
    });
  }
  return names;
}

/** The names that a source imports from this package and declares nowhere itself: none of them is a message. */
function importedNames(source: Source): Set<string> {
  const names = new Set<string>();
  const declared = new Set<string>();
  walk(source.statements, (node, parent) => {
    if (node.kind === NodeKind["Import"]) {
      const { path, declarations, namespaceName } = node as ImportStatement;
      if (!/^proxy-wasm-as(\/|$)/.test(path.value)) return;
      for (const { name } of declarations ?? []) names.add(name.text);
      if (namespaceName !== null) names.add(namespaceName.text);
    } else if (parent?.kind === NodeKind["VariableDeclaration"] || parent?.kind === NodeKind["Parameter"]) {
      const { name } = parent as Node & { name: IdentifierExpression };
      if (node === name) declared.add(name.text);
    }
  });
  for (const name of declared) names.delete(name);
  return names;
}

/** Tells whether an expression is certainly no request or response: a new object, a class's own `this`, or what this package exports. */
function isNoMessage(expression: Node, imports: ReadonlySet<string>): boolean {
  if (expression.kind === NodeKind["New"] || expression.kind === NodeKind["This"]) return true;
  const name = identifierName(expression);
  return name !== undefined && imports.has(name);
}

/** Tells whether a function is given away, or goes by another name, so that its calls are not seen. */
function isTakenElsewhere(node: Node, parent: Node | undefined): boolean {
  if (parent === undefined || parent.kind === NodeKind["PropertyAccess"]) return false;
  if (parent.kind === NodeKind["ImportDeclaration"]) {
    const { name, foreignName } = parent as ImportDeclaration;
    return name.text !== foreignName.text;
  }
  return !isCalled(node, parent);
}

function isCalled(node: Node, parent: Node | undefined): boolean {
  return parent?.kind === NodeKind["Call"] && (parent as CallExpression).expression === node;
}

/** The name of the function or method that is called. */
function calledName(call: CallExpression): string | undefined {
  if (call.expression.kind === NodeKind["PropertyAccess"])
    return (call.expression as PropertyAccessExpression).property.text;
  return identifierName(call.expression);
}

/**
 * `request` for `….request.text`, `response` for `….response.text`; undefined where the source does not say, or may mean another
 * class's.
 */
function ownerOf({ expression }: PropertyAccessExpression, members: ReadonlySet<string>): string | undefined {
  if (expression.kind !== NodeKind["PropertyAccess"]) return undefined;
  const name = (expression as PropertyAccessExpression).property.text;
  return members.has(name) ? undefined : name;
}
