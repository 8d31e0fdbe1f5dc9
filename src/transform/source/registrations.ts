/**
 * What a module registers: read from the source, because the exports depend on it.
 *
 * @module
 */
import type { CallExpression, ClassDeclaration, Node, Source, TypeNode } from "assemblyscript";
import { BuildError, failAt, formatRange } from "../build-error.js";
import { NodeKind } from "../compiler/compiler.js";
import { classesOf, identifierName, stringValue, typeText, walk } from "./syntax.js";

/** A call of `registerHttpFilter` or one of its kind. */
export interface Registration {
  readonly call: CallExpression;
  readonly source: Source;
  readonly kind: "http" | "tcp" | "plugin";
  /** The class given as type argument, when it is declared in the same file. */
  readonly declaration: ClassDeclaration | undefined;
  /** The root id: `""` when it is left out, undefined when it is not a literal. */
  readonly rootId: string | undefined;
}

const kinds: Readonly<Record<string, Registration["kind"]>> = {
  registerHttpFilter: "http",
  registerTcpFilter: "tcp",
  registerPlugin: "plugin",
  registerFlow: "http",
};

/** Finds all registrations; fails the build when there is none, or two of them want the same root id. */
export function findRegistrations(sources: readonly Source[]): Registration[] {
  const found: Registration[] = [];
  for (const source of sources) {
    walk(source.statements as Node[], (node) => {
      if (node.kind !== NodeKind["Call"]) return;
      const call = node as CallExpression;
      const kind = kinds[identifierName(call.expression) ?? ""];
      if (kind === undefined) return;
      const type: TypeNode | undefined = call.typeArguments?.[0];
      const className = type === undefined ? undefined : typeText(type);
      const declaration = classesOf(source).find((c) => c.name.text === className);
      const rootId = call.args.length === 0 ? "" : stringValue(call.args[0]!);
      found.push({ call, source, kind, declaration, rootId });
    });
  }
  if (found.length === 0) {
    throw new BuildError(
      "nothing is registered, so the module would do nothing: call registerHttpFilter<MyFilter>(), registerTcpFilter<MyFilter>() or registerPlugin<MyPlugin>() at the end of the entry file.",
    );
  }
  const seen = new Map<string, Registration>();
  for (const registration of found) {
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
  return found;
}
