/**
 * Tells whether a method has the signature of the one that it overrides. The compiler makes no virtual call to one that has not.
 *
 * @module
 */
import type { FunctionDeclaration, NamedTypeNode, TypeNode } from "assemblyscript";
import { NodeKind } from "../compiler/compiler.js";
import type { Element } from "../compiler/resolved.js";
import { aliasedType, typeMeaning } from "../compiler/resolved.js";

/** The names of the same type. */
const synonyms: Readonly<Record<string, string>> = {
  boolean: "bool",
  usize: "u32",
  isize: "i32",
  number: "f64",
};

/** Results that may stand for a status of a filter. */
const STATUS = /\/Filter\w*Status$/;

/** Tells whether two methods take and answer the same; where a status is answered, its number does as well. */
export function sameSignature(method: Element, original: Element): boolean {
  const [found, expected] = [method, original].map(
    ({ declaration }) => (declaration as FunctionDeclaration).signature,
  );
  if (found!.parameters.length !== expected!.parameters.length) return false;
  const parameters = found!.parameters.every(
    ({ type }, index) => typeKey(type, method) === typeKey(expected!.parameters[index]!.type, original),
  );
  const result = typeKey(found!.returnType, method);
  const wanted = typeKey(expected!.returnType, original);
  return parameters && (result === wanted || (STATUS.test(wanted) && result === "i32"));
}

/** A key of a type: the same for all names that the type has in `scope`. */
function typeKey(type: TypeNode, scope: Element): string {
  const nullable = type.isNullable ? " | null" : "";
  if (type.kind !== NodeKind["NamedType"]) return `(function)${nullable}`;
  const { name, typeArguments } = type as NamedTypeNode;
  const path: string[] = [];
  for (let part: typeof name | null = name; part !== null; part = part.next) path.push(part.identifier.text);
  const element = typeMeaning(scope, path);
  const alias = element === undefined ? undefined : aliasedType(element);
  if (alias !== undefined) return `${typeKey(alias, element!.parent)}${nullable}`;
  // The compiler's own types are the same everywhere, whatever file it says that they are in.
  const key = element?.internalName.replace(/^~lib\/(builtins|native)\//, "") ?? path.join(".");
  const args = (typeArguments ?? []).map((argument) => typeKey(argument, scope)).join(", ");
  return `${synonyms[key] ?? key}${args === "" ? "" : `<${args}>`}${nullable}`;
}
