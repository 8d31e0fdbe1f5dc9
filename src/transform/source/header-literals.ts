/**
 * What the texts of a filter say of the headers that it writes, so that the module need not look while it runs. Methods are
 * told by their names and number of arguments: those of other classes only make the module look, which does no harm.
 *
 * @module
 */
import type { CallExpression, Expression, Node, PropertyAccessExpression, Source } from "assemblyscript";
import { NodeKind } from "../compiler/compiler.js";
import { identifierName, stringConstants, stringValue, walk } from "./syntax.js";

/** What holds for all headers that are written or removed. */
export interface HeaderLiterals {
  /** Names of `set` and `add` are known, and may be written. */
  names: boolean;
  /** Their values are, too. */
  values: boolean;
  /** Names of `remove` are known, may be removed, and none lets a body change its length. */
  removals: boolean;
}

/** Token characters (RFC 9110, section 5.6.2). */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** What says where the message ends; see `memory/field.ts`. */
const FRAMING = /^(content-length|transfer-encoding)$/i;

/** Headers that stay; see `http/header-rules.ts`. */
const REQUIRED = /^x-forwarded-proto$/i;

/** No control character but tab; the others may stand in a text in any form. */
const VALUE = /^[^\0-\x08\x0a-\x1f\x7f]*$/;

/** Looks at each `set`, `add` and `remove` in `sources`. */
export function findHeaderLiterals(sources: readonly Source[]): HeaderLiterals {
  const found: HeaderLiterals = { names: true, values: true, removals: true };
  for (const source of sources) {
    const constants = stringConstants(source);
    const known: Known = (node) => stringValue(node) ?? constants.get(identifierName(node) ?? "");
    walk(source.statements as Node[], (node, parent) => {
      if (node.kind !== NodeKind["PropertyAccess"]) return;
      const method = (node as PropertyAccessExpression).property.text;
      if (method !== "set" && method !== "add" && method !== "remove") return;
      const called = isCallOf(parent, node) ? parent.args : undefined;
      if (method === "remove") found.removals &&= called !== undefined && canRemove(called, known);
      else {
        found.names &&= called !== undefined && canWrite(called, method, known);
        found.values &&= called !== undefined && hasPlainValue(called, known);
      }
    });
  }
  return found;
}

/** The text that an expression always has; undefined when that is not known. */
type Known = (node: Node) => string | undefined;

function isCallOf(parent: Node | undefined, callee: Node): parent is CallExpression {
  return parent?.kind === NodeKind["Call"] && (parent as CallExpression).expression === callee;
}

/** Whether the call writes no header, or one whose name may be written. */
function canWrite(args: readonly Expression[], method: "set" | "add", known: Known): boolean {
  if (args.length !== 2) return true;
  const name = known(args[0]!);
  if (name === undefined) return false;
  return isPlain(method === "set" && name.startsWith(":") ? name.slice(1) : name);
}

function hasPlainValue(args: readonly Expression[], known: Known): boolean {
  if (args.length !== 2) return true;
  const value = known(args[1]!);
  return value !== undefined && VALUE.test(value);
}

function canRemove(args: readonly Expression[], known: Known): boolean {
  if (args.length !== 1) return true;
  const name = known(args[0]!);
  return name !== undefined && isPlain(name) && !REQUIRED.test(name);
}

function isPlain(name: string): boolean {
  return TOKEN.test(name) && !FRAMING.test(name);
}
