/**
 * Types that were found stand in the place of those that a source leaves out.
 *
 * @module
 */
import type {
  Element,
  Flow,
  Function as CompiledFunction,
  Node,
  Program,
  Signature,
  Type,
  TypeNode,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";

const { Type: Types } = assemblyscript;

/** Nodes that stand for types that were found. */
const found = new WeakMap<TypeNode, Type>();

/** A node in a source that stands for a type. */
export function standFor(type: Type, { range }: Node): TypeNode {
  const make = assemblyscript.Node;
  const node = make.createNamedType(make.createSimpleTypeName("~found", range), null, false, range);
  found.set(node, type);
  return node;
}

/** The type that a node stands for; undefined for a node that is written. */
export function foundType(node: TypeNode): Type | undefined {
  return found.get(node);
}

interface Insides {
  makeNativeFunction(name: string, signature: Signature, parent: Element): CompiledFunction;
}
interface Signatures {
  create(program: Program, parameters: Type[], returned: Type, thisType: Type | null): Signature;
}
const { create } = (assemblyscript as unknown as { Signature: Signatures }).Signature;
let scopes = 0;

/** A place in which types are looked for that is compiled by nobody. */
export function scopeIn(
  program: Program,
  parent: Element,
  thisType: Type | null,
  types: Map<string, Type>,
): Flow {
  const signature = create(program, [], Types.void, thisType);
  const insides = program as unknown as Insides;
  const scope = insides.makeNativeFunction(`~types${scopes++}`, signature, parent);
  (scope as { contextualTypeArguments: Map<string, Type> | null }).contextualTypeArguments = types;
  return scope.flow;
}
