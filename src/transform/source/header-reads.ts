/**
 * Tells whether one callback of a filter may read several headers of a message, so that asking for all of them at once pays.
 *
 * The answer changes what reads cost, and not what they answer: a method of another class that has the same name as a read only
 * costs bytes. If a filter calls the host past the SDK, nothing is kept that such a call could change.
 *
 * @module
 */
import type {
  CallExpression,
  FunctionDeclaration,
  Node,
  PropertyAccessExpression,
  Source,
} from "assemblyscript";
import { NodeKind } from "../compiler/compiler.js";
import { declaredName, importsOf, walk } from "./syntax.js";

/** The methods of `Headers` that read one header. */
const single = new Set(["get", "getBytes", "has", "equals", "startsWith", "includes"]);

/** Those that read all of them, and so what others read later in the same callback. */
const whole = new Set(["entries", "getAll"]);

const maps = new Set(["headers", "trailers"]);

/** Headers that a request has under names of their own; the status is not among them, as answers to calls have one, too. */
const named = new Set(["path", "query", "method", "host", "scheme"]);

/** The loops of the language, and the functions that the library calls for each element. */
const loops = ["For", "ForOf", "While", "Do"];
const perElement = new Set(["forEach", "map", "filter", "every", "some", "find", "findIndex", "reduce"]);

/** A filter that calls the host by itself. */
const CALLS_HOST = /\bproxy_\w+|@external\b/;

/** The parts of the SDK that filters import. All its other parts act upon the host past the copies of headers. */
const offered = /^assembly\/(std|flow|envoy)(\/|$)/;

/** Tells whether a source imports another part of the SDK. */
function importsInside(source: Source): boolean {
  return importsOf(source).some((path) => path.startsWith("assembly/") && !offered.test(path));
}

/** One read, and the function that it stands in. */
interface Read {
  /** The map, as far as its text tells; empty when it does not. */
  readonly map: string;
  readonly owner: string | undefined;
  readonly isSingle: boolean;
}

/** How many headers of the same map one callback may read, so far as it matters. */
export type Amount = "one" | "few" | "many";

/** With more reads than these, an index of all names costs less than looking through them for each. */
const FEW = 8;

/** How many headers of the same map one callback may read. */
export function amountOfReads(sources: readonly Source[]): Amount {
  if (sources.some((source) => CALLS_HOST.test(source.text) || importsInside(source))) return "one";
  const anyReceiver = sources.some(passesMaps);
  const reads: Read[] = [];
  let isMany = false;
  for (const source of sources)
    visitReads(source.statements, anyReceiver, (read, inLoop) => {
      isMany ||= inLoop && read.isSingle;
      reads.push(read);
    });
  if (isMany || reads.filter(({ isSingle }) => isSingle).length > FEW) return "many";
  return reads.some((read, index) => meetsAnother(read, reads, index, sources)) ? "few" : "one";
}

/** Tells whether `read` can happen twice in a callback, or another one of the same map besides. */
function meetsAnother(
  read: Read,
  reads: readonly Read[],
  index: number,
  sources: readonly Source[],
): boolean {
  const isShared = !isCallback(read.owner);
  if (read.isSingle && isShared && isUsedTwice(read.owner, sources)) return true;
  return reads.some(
    (other, at) =>
      at !== index &&
      (read.isSingle || other.isSingle) &&
      (read.map === other.map || read.map === "" || other.map === "") &&
      (isShared || !isCallback(other.owner) || read.owner === other.owner),
  );
}

/** Tells whether a function is a method that the host's callbacks lead to, so that nothing else calls it. */
function isCallback(name: string | undefined): boolean {
  return name !== undefined && /^on[A-Z]/.test(name);
}

/** Tells whether a function's name stands in more than one place beside its declaration. */
function isUsedTwice(name: string | undefined, sources: readonly Source[]): boolean {
  // A function without a name is called at its own place, or by the function that receives it.
  if (name === undefined || name === "") return false;
  const pattern = new RegExp(`(?<![\\w$])${name.replaceAll("$", "\\$")}(?![\\w$])`, "g");
  return sources.reduce((count, { text }) => count + (text.match(pattern)?.length ?? 0), 0) > 2;
}

/** Tells whether a map is ever held in a variable, passed on or destructured: then any name may stand for one. */
function passesMaps(source: Source): boolean {
  let direct = 0;
  let all = 0;
  walk(source.statements, (node) => {
    if (node.kind !== NodeKind["PropertyAccess"]) return;
    const { expression, property } = node as PropertyAccessExpression;
    if (maps.has(property.text)) all++;
    if (mapName(expression) !== undefined) direct++;
  });
  return all !== direct || /\bHeaders\b/.test(source.text);
}

/** `request.headers` of `this.request.headers`; undefined for what is no map by its name. */
function mapName(node: Node): string | undefined {
  if (node.kind !== NodeKind["PropertyAccess"]) return undefined;
  const { expression, property } = node as PropertyAccessExpression;
  if (!maps.has(property.text)) return undefined;
  const message = messageName(expression);
  return message === "request" || message === "response" ? `${message}.${property.text}` : "";
}

function visitReads(
  statements: Node[],
  anyReceiver: boolean,
  found: (read: Read, inLoop: boolean) => void,
): void {
  const visit = (value: unknown, owner: string | undefined, inLoop: boolean): void => {
    if (Array.isArray(value)) return value.forEach((each) => visit(each, owner, inLoop));
    if (typeof value !== "object" || value === null || !("kind" in value)) return;
    const node = value as Node;
    if (isFunction(node)) owner = declaredName(node) ?? owner;
    inLoop ||= loops.some((kind) => node.kind === NodeKind[kind]) || callsPerElement(node);
    if (node.kind === NodeKind["Call"]) {
      const read = readOf(node as CallExpression, anyReceiver, owner);
      if (read !== undefined) found(read, inLoop);
      // The array may have many names.
      if (calledName(node as CallExpression) === "pick") found({ map: "", owner, isSingle: true }, true);
    }
    if (node.kind === NodeKind["PropertyAccess"] && isNamedRead(node as PropertyAccessExpression))
      found({ map: "request.headers", owner, isSingle: true }, inLoop);
    for (const [key, child] of Object.entries(node))
      if (key !== "range" && key !== "source" && key !== "parent") visit(child, owner, inLoop);
  };
  visit(statements, undefined, false);
}

/** Tells whether it is `request.path` or the like. */
function isNamedRead({ expression, property }: PropertyAccessExpression): boolean {
  return named.has(property.text) && messageName(expression) === "request";
}

/** `request` of `this.request`, or of a variable of that name. */
function messageName(node: Node): string {
  return node.kind === NodeKind["PropertyAccess"]
    ? (node as PropertyAccessExpression).property.text
    : ((node as { text?: string }).text ?? "");
}

function isFunction(node: Node): node is FunctionDeclaration {
  return node.kind === NodeKind["FunctionDeclaration"] || node.kind === NodeKind["MethodDeclaration"];
}

function calledName({ expression }: CallExpression): string | undefined {
  if (expression.kind !== NodeKind["PropertyAccess"]) return undefined;
  return (expression as PropertyAccessExpression).property.text;
}

function callsPerElement(node: Node): boolean {
  return node.kind === NodeKind["Call"] && perElement.has(calledName(node as CallExpression) ?? "");
}

function readOf(call: CallExpression, anyReceiver: boolean, owner: string | undefined): Read | undefined {
  const name = calledName(call);
  if (name === undefined || !(single.has(name) || whole.has(name))) return undefined;
  const map = mapName((call.expression as PropertyAccessExpression).expression);
  if (map === undefined && !(anyReceiver && couldBeMap(call))) return undefined;
  return { map: map ?? "", owner, isSingle: single.has(name) };
}

/** Tells whether what the method is called of has a name, or comes from a call: texts and array literals are no maps. */
function couldBeMap({ expression }: CallExpression): boolean {
  const { kind } = (expression as PropertyAccessExpression).expression;
  return [
    "Identifier",
    "PropertyAccess",
    "Call",
    "ElementAccess",
    "Parenthesized",
    "Unary",
    "Assertion",
  ].some((name) => kind === NodeKind[name]);
}
