/**
 * Calls of generic functions with arrow functions whose types are not written: `groupBy(xs, (x) => x.name)`. The compiler takes the
 * types of such a call from its values only, but what the function returns tells one, too. For users' sources only. Tried with
 * AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type {
  CallExpression,
  Expression,
  Flow,
  Function as CompiledFunction,
  FunctionExpression,
  FunctionPrototype,
  FunctionTypeNode,
  Program,
  Resolver,
  Type,
  TypeNode,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { NodeKind } from "./compiler.js";
import { returnTypeOf } from "./inference.js";
import { around } from "./patches.js";
import { Builds, SWALLOW, resolverMethods } from "./tables.js";

const { Type: Types } = assemblyscript;

type Known = Map<string, Type>;

/** The resolver's own method that its types hide. */
interface Learning {
  propagateInferredGenericTypes(
    node: TypeNode,
    type: Type,
    prototype: FunctionPrototype,
    known: Known,
    names: Set<string>,
  ): void;
}

const builds = new Builds(install);

/** Has a program's user sources compiled so. */
export function compileGenericCalls(program: Program): void {
  builds.add(program);
}

function install(): void {
  around<
    (
      this: Resolver,
      call: CallExpression,
      prototype: FunctionPrototype,
      flow: Flow,
      mode: number,
    ) => CompiledFunction | null
  >(
    resolverMethods,
    "maybeInferCall",
    (original) =>
      function (call, prototype, flow, mode) {
        const isOpen = call.typeArguments === null && builds.has(this, call) && call.args.some(isArrow);
        const types = isOpen ? typeArguments(this, call, prototype, flow) : undefined;
        if (types === undefined) return original.call(this, call, prototype, flow, mode);
        return this.resolveFunction(prototype, types, new Map(flow.contextualTypeArguments ?? []), mode);
      },
  );
}

function isArrow(value: Expression): value is FunctionExpression {
  return value.kind === NodeKind["Function"];
}

/** The types that values and the functions' results tell; undefined when one of them is not told. */
function typeArguments(
  resolver: Resolver,
  { args }: CallExpression,
  prototype: FunctionPrototype,
  flow: Flow,
): Type[] | undefined {
  const nodes = prototype.typeParameterNodes;
  if (nodes === null || nodes.length === 0) return undefined;
  const names = new Set(nodes.map(({ name }) => name.text));
  const { contextualTypeArguments: ofClass } = prototype.parent as { contextualTypeArguments?: Known | null };
  const known: Known = new Map([...(flow.contextualTypeArguments ?? []), ...(ofClass ?? [])]);
  for (const name of names) known.set(name, Types.auto);
  const learn = (node: TypeNode, type: Type | null): void => {
    if (type !== null && type !== Types.auto && type !== Types.void)
      (resolver as unknown as Learning).propagateInferredGenericTypes(node, type, prototype, known, names);
  };
  const { parameters } = prototype.functionTypeNode;
  const given = parameters.flatMap(({ type }, index) => (args[index] ? [{ type, arg: args[index] }] : []));
  for (const { type, arg } of given)
    if (!isArrow(arg) && type.hasGenericComponent(nodes))
      learn(type, resolver.resolveExpression(arg, flow, Types.auto, SWALLOW));
  for (const { type, arg } of given) {
    if (!isArrow(arg) || type.kind !== NodeKind["FunctionType"]) continue;
    const wanted = type as FunctionTypeNode;
    const types = wanted.parameters.map((parameter) =>
      resolver.resolveType(parameter.type, null, prototype, known as never, SWALLOW),
    );
    if (types.some((known) => known === null || known === Types.auto)) continue;
    learn(wanted.returnType, returnTypeOf(resolver, flow, arg.declaration, types as Type[]));
  }
  const found = nodes.map(({ name }) => known.get(name.text)!);
  return found.includes(Types.auto) ? undefined : found;
}
