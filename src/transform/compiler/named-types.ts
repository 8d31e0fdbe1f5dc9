/**
 * Types by name, in users' sources, where they mean something else than to the compiler. Tried with AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type { Flow, Resolver, Type, TypeNode } from "assemblyscript";
import { around } from "./patches.js";
import { type Builds, resolverMethods } from "./tables.js";

/** The fields of a type by name, as the compiler parsed it. */
interface NamedType {
  readonly isNullable: boolean;
  readonly name: { readonly identifier: { readonly text: string }; readonly next: unknown };
}

/**
 * Asks `find` about each plain name: `own` is the type that it stands for as a type parameter. With undefined, the compiler goes on.
 */
export function resolveNames(
  builds: Builds,
  find: (name: string, own: Type | undefined, isNullable: boolean) => Type | undefined,
): void {
  around<
    (
      this: Resolver,
      node: TypeNode,
      flow: Flow | null,
      context: never,
      types: Map<string, Type> | null,
      mode: number,
    ) => Type | null
  >(
    resolverMethods,
    "resolveNamedType",
    (original) =>
      function (node, flow, context, types, mode) {
        const { name, isNullable } = node as unknown as NamedType;
        const { text } = name.identifier;
        const found =
          name.next === null && builds.has(this, node) ? find(text, types?.get(text), isNullable) : undefined;
        return found ?? original.call(this, node, flow, context, types, mode);
      },
  );
}
