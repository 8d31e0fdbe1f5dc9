/**
 * Checks the headers that a filter writes by the literals in its sources, so that the module need not check them while it runs.
 * Methods are told by their names and number of arguments: those of other classes only make the module look, which does no harm.
 *
 * @module
 */
import type { CallExpression, Expression, Node, PropertyAccessExpression, Source } from "assemblyscript";
import { failAt } from "../build-error.js";
import { NodeKind } from "../compiler/compiler.js";
import type { MessageMap } from "./header-maps.js";
import { declaresMembers, mapOf } from "./header-maps.js";
import {
  isOwn,
  isRemovable,
  isToken,
  isValue,
  pseudoHeaders,
  whyNeverRemoved,
  whyNeverWritten,
} from "./header-rules.js";
import { identifierName, importsBelow, stringConstants, stringValue, walk } from "./syntax.js";

/** Facts that hold for all headers that a filter writes or removes. */
export interface HeaderLiterals {
  /** Names of `set` and `add` are known, and a filter may write them. */
  names: boolean;
  /** Their values are known, too, and allowed. */
  values: boolean;
  /** Names of `remove` are known, may be removed, and none lets a body change its length. */
  removals: boolean;
  /** The pseudo-headers that are, or may be, written with values that are not known to be right. */
  readonly checks: Set<string>;
  /** All statuses are known, and responses with them have a body. */
  statuses: boolean;
  /** `:status` is written by its name, with a value that may be one without a body. */
  drops: boolean;
}

/** Looks at each `set`, `add`, `remove` and `replaceAll` in `sources`; fails the build at a call that is never right. */
export function findHeaderLiterals(sources: readonly Source[]): HeaderLiterals {
  const found: HeaderLiterals = {
    names: true,
    values: true,
    removals: true,
    checks: new Set(),
    statuses: true,
    drops: false,
  };
  // Headers that are written past `Headers`, or through members that only look like a message's, are not known.
  const certain = !declaresMembers(sources, ["request", "response"]);
  for (const source of sources) {
    if (importsBelow(source, "assembly/http/")) forgetNames(found);
    const constants = stringConstants(source);
    const known: Known = (node) => stringValue(node) ?? constants.get(identifierName(node) ?? "");
    walk(source.statements, (node, parent) => {
      if (node.kind !== NodeKind["PropertyAccess"]) return;
      const { property, expression } = node as PropertyAccessExpression;
      const method = property.text;
      if (!isWriter(method)) return;
      const call = isCallOf(parent, node) ? parent : undefined;
      // Of texts and bodies, the method has two arguments.
      if (method === "replaceAll") return call?.args.length === 2 ? undefined : forgetStatuses(found);
      const map = certain ? mapOf(expression) : undefined;
      if (method === "remove") found.removals &&= call !== undefined && canRemove(call, known, map);
      else if (call === undefined) forgetNames(found);
      else noteWrite(found, call, method, known, map);
    });
  }
  return found;
}

function isWriter(method: string): method is "set" | "add" | "remove" | "replaceAll" {
  return method === "set" || method === "add" || method === "remove" || method === "replaceAll";
}

/** The text that an expression always has; undefined when that is not known. */
type Known = (node: Node) => string | undefined;

function isCallOf(parent: Node | undefined, callee: Node): parent is CallExpression {
  return parent?.kind === NodeKind["Call"] && (parent as CallExpression).expression === callee;
}

/** Any header may be written. */
function forgetNames(found: HeaderLiterals): void {
  found.names = false;
  forgetStatuses(found);
}

/** Any pseudo-header may be written. */
function forgetStatuses(found: HeaderLiterals): void {
  found.statuses = false;
  for (const { check } of pseudoHeaders.values()) found.checks.add(check);
}

function noteWrite(
  found: HeaderLiterals,
  { args }: CallExpression,
  method: "set" | "add",
  known: Known,
  map: MessageMap | undefined,
): void {
  if (args.length !== 2) return; // not a method of headers
  const [first, second] = args as [Expression, Expression];
  const name = known(first)?.toLowerCase();
  const value = known(second);
  if (map !== undefined && name !== undefined) {
    const reason = whyNeverWritten(map, method, name, value);
    if (reason !== undefined) failAt(first, reason);
  }
  found.values &&= value !== undefined && isValue(value);
  if (name === undefined) return forgetNames(found);
  const rule = pseudoHeaders.get(name);
  if (rule !== undefined && method === "set") {
    if (map === rule.map && value !== undefined && rule.isGood(value)) return;
    // "host" is a header of its own in all other messages, and is told from others by its whole name.
    if (name === "host") return forgetNames(found);
    found.checks.add(rule.check);
    if (name !== ":status") return;
    const hasBody = value !== undefined && rule.hasBody(value);
    found.statuses &&= hasBody;
    found.drops ||= !hasBody;
  } else if (!isToken(name) || isOwn(name) || name === "host") forgetNames(found);
}

function canRemove({ args }: CallExpression, known: Known, map: MessageMap | undefined): boolean {
  if (args.length !== 1) return true;
  const name = known(args[0]!)?.toLowerCase();
  if (name === undefined) return false;
  const reason = map === undefined ? undefined : whyNeverRemoved(map, name);
  if (reason !== undefined) failAt(args[0]!, reason);
  return isRemovable(name);
}
