/**
 * The kinds of types, as TypeScript sees them: arrays, Maps and others.
 *
 * @module
 */
import type { Class, Type } from "assemblyscript";

/** The class of a reference type, and its name inside the compiler. */
export interface Kind {
  readonly name: string;
  readonly classOf: Class;
  /** The types behind its name: `K` and `V` of a Map. */
  readonly types: Type[];
}

const known =
  /^~lib\/(array\/Array|staticarray\/StaticArray|typedarray\/\w+|string\/String|map\/Map|set\/Set)$/;
const OWN = "~lib/proxy-wasm-as/assembly/language/";

/** The kind of thing that a type is: a class of the library or of the front end, or its base. */
export function kindOf(type: Type): Kind | undefined {
  const first = type.getClass();
  for (let at: Class | null = first; at !== null; at = at.base) {
    const { internalName } = at.prototype;
    if (known.test(internalName)) return kind(internalName.slice("~lib/".length), at);
    // A match is an array.
    if (internalName === `${OWN}regexp/RegExpMatch`) continue;
    if (internalName.startsWith(OWN)) return kind(internalName.slice(OWN.length), at);
  }
  return first === null ? undefined : kind("", first);
}

function kind(name: string, classOf: Class): Kind {
  return {
    name: name.startsWith("typedarray/") ? "typedarray" : name,
    classOf,
    types: classOf.typeArguments ?? [],
  };
}

/** The type of the elements that are taken by index; undefined where there are none. */
export function indexedType({ classOf }: Kind): Type | undefined {
  return classOf.lookupOverload(INDEXED_GET)?.signature.returnType;
}

/** Tells whether things of the kind are taken by index up to their length. */
export function isIndexed({ name, classOf }: Kind): boolean {
  if (name === "string/String" || name === "map/Map") return false;
  return classOf.lookupOverload(INDEXED_GET) !== null && classOf.getMember("length") !== null;
}

/** The operator of `x[i]`. */
const INDEXED_GET = 1;
