/**
 * Finds the registrations of a module by the functions that it calls, whatever a file calls them.
 *
 * @module
 */
import type {
  CallExpression,
  ExpressionStatement,
  IdentifierExpression,
  NamedTypeNode,
  Node,
  Program,
  Source,
  VariableDeclaration,
} from "assemblyscript";
import { BuildError, failAt, formatRange } from "../build-error.js";
import { CommonFlags, NodeKind } from "../compiler/compiler.js";
import type { ClassElement, Element } from "../compiler/resolved.js";
import { fileOf, isClass, isGlobal, meaningOf, typeMeaning } from "../compiler/resolved.js";
import { PACKAGE, stringValue, walk } from "../source/syntax.js";

/** A call of `registerHttpFilter` or one of its kind. */
export interface Registration {
  readonly call: CallExpression;
  readonly kind: "http" | "tcp" | "plugin";
  readonly isFlow: boolean;
  /** The class that is registered; undefined for a flow, and where a function is generic in it. */
  readonly element: ClassElement | undefined;
  /** The root id: `""` when it is left out, undefined when it is known only at run time. */
  readonly rootId: string | undefined;
  /** It stands at the top of a file, so that it runs exactly once. */
  readonly isDirect: boolean;
}

/** All registrations of a program. */
export interface Registrations {
  readonly calls: readonly Registration[];
  /** The functions that register are used in other ways too, so that there may be more. */
  readonly mayBeMore: boolean;
}

const REGISTER = `${PACKAGE}assembly/context/register/`;

/** By the function's name in the program. */
const kinds: ReadonlyMap<string, Registration["kind"]> = new Map([
  [`${REGISTER}registerHttpFilter`, "http"],
  [`${REGISTER}registerTcpFilter`, "tcp"],
  [`${REGISTER}registerPlugin`, "plugin"],
  [`${PACKAGE}assembly/flow/register/registerFlow`, "http"],
]);

/** The names of the functions that register, as the compiled module has them; those of generic ones go on with `<`. */
export const registering: readonly string[] = [...kinds.keys()];

/** Finds all registrations; fails the build when there is none, or two of them want the same root id. */
export function findRegistrations(program: Program, sources: readonly Source[]): Registrations {
  const calls: Registration[] = [];
  let mayBeMore = false;
  let unknown: CallExpression | undefined;
  for (const source of sources) {
    const file = fileOf(program, source);
    if (file === undefined) continue;
    const top = new Set(
      source.statements
        .filter(({ kind }) => kind === NodeKind["Expression"])
        .map((statement) => (statement as ExpressionStatement).expression),
    );
    walk(source.statements, (node, parent) => {
      if (node.kind === NodeKind["Call"]) {
        const registration = registrationOf(node as CallExpression, file, top.has(node));
        if (registration === undefined) {
          unknown ??= isUnknown(node as CallExpression, file) ? (node as CallExpression) : undefined;
          return;
        }
        calls.push(registration);
        if (!registration.isDirect) mayBeMore = true;
      } else if (isReference(node, parent)) {
        const element = meaningOf(file, node);
        if (element !== undefined && kinds.has(element.internalName)) mayBeMore = true;
      }
    });
  }
  if (calls.length === 0 && !mayBeMore) {
    if (unknown !== undefined) {
      const { text } = unknown.expression as IdentifierExpression;
      const path = text === "registerFlow" ? "proxy-wasm-as/assembly/flow" : "proxy-wasm-as";
      failAt(unknown.expression, `${text} is not imported: import { ${text} } from "${path}";`);
    }
    throw new BuildError(
      "nothing is registered, so the module would do nothing: call registerHttpFilter<MyFilter>(), registerTcpFilter<MyFilter>() or registerPlugin<MyPlugin>() at the end of the entry file.",
    );
  }
  refuseDoubles(calls);
  return { calls, mayBeMore };
}

/** Tells whether a call's name is that of a registering function, but is not declared in its file. */
function isUnknown({ expression }: CallExpression, file: Element): boolean {
  if (expression.kind !== NodeKind["Identifier"]) return false;
  const { text } = expression as IdentifierExpression;
  return registering.some((name) => name.endsWith(`/${text}`)) && meaningOf(file, expression) === undefined;
}

/**
 * Tells whether a node refers to something by a name. The name of a called function, an import's name and the right side of an
 * access do not count.
 */
function isReference(node: Node, parent: Node | undefined): boolean {
  const { kind } = node;
  if (kind !== NodeKind["Identifier"] && kind !== NodeKind["PropertyAccess"]) return false;
  if (parent === undefined) return true;
  if (parent.kind === NodeKind["Call"]) return (parent as CallExpression).expression !== node;
  return ![NodeKind["ImportDeclaration"], NodeKind["ExportMember"], NodeKind["PropertyAccess"]].includes(
    parent.kind,
  );
}

function registrationOf(call: CallExpression, file: Element, isDirect: boolean): Registration | undefined {
  const called = meaningOf(file, call.expression);
  const kind = called === undefined ? undefined : kinds.get(called.internalName);
  if (kind === undefined) return undefined;
  const isFlow = called!.name === "registerFlow";
  const type = call.typeArguments?.[0];
  let element: Element | undefined;
  if (type !== undefined && type.kind === NodeKind["NamedType"]) {
    const path: string[] = [];
    for (
      let part: NamedTypeNode["name"] | null = (type as NamedTypeNode).name;
      part !== null;
      part = part.next
    )
      path.push(part.identifier.text);
    element = typeMeaning(file, path);
  }
  const rootId = call.args.length === 0 ? "" : textOf(call.args[0]!, file);
  return {
    call,
    kind,
    isFlow,
    element: isClass(element ?? null) ? (element as ClassElement) : undefined,
    rootId,
    isDirect,
  };
}

/** The text that an expression always has: a literal, or a constant that is one. */
function textOf(expression: Node, file: Element): string | undefined {
  const literal = stringValue(expression);
  if (literal !== undefined) return literal;
  const element = meaningOf(file, expression);
  if (element === undefined || !isGlobal(element)) return undefined;
  const { initializer, flags } = element.declaration as VariableDeclaration;
  const isConstant = (flags & CommonFlags["Const"]!) !== 0;
  return isConstant && initializer !== null ? textOf(initializer, element.parent) : undefined;
}

function refuseDoubles(calls: readonly Registration[]): void {
  const seen = new Map<string, Registration>();
  for (const registration of calls) {
    if (registration.rootId === undefined) continue;
    const first = seen.get(registration.rootId);
    if (first !== undefined) {
      const what =
        registration.rootId === ""
          ? "a second plugin is registered without a root id"
          : `the root id "${registration.rootId}" is registered twice`;
      failAt(
        registration.call,
        `${what}, the first is at ${formatRange(first.call.range)}; give each plugin a root id of its own.`,
      );
    }
    seen.set(registration.rootId, registration);
  }
}
