/** Encodes the result of an expression, as Envoy hands it to the module. */
import { Duration, UnsignedInt } from "@marcbachmann/cel-js/evaluator";
import { encodePairs } from "../abi/pairs.js";
import { encode, noBytes, textOf } from "../abi/text.js";
import { serialize } from "../services/properties.js";

const MILLION = 1_000_000n;

/** A value's bytes; undefined for what has none, such as null and types. */
export function serializeValue(value: unknown): Uint8Array | undefined {
  switch (typeof value) {
    case "string":
      return encode(value);
    case "boolean":
    case "bigint":
      return serialize(value);
    case "number":
      return serialize({ double: value });
  }
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (value instanceof Date) return serialize(BigInt(value.getTime()) * MILLION);
  if (value instanceof UnsignedInt) return serialize(value.valueOf());
  if (value instanceof Duration) return serialize(value.seconds * 1000n * MILLION + BigInt(value.nanos));
  if (Array.isArray(value)) return pairsOf(value.map((item: unknown) => [item, undefined]));
  if (value instanceof Map) return pairsOf([...(value as Map<unknown, unknown>)]);
  const isPlain = typeof value === "object" && value !== null && value.constructor === Object;
  return isPlain ? pairsOf(Object.entries(value)) : undefined;
}

function pairsOf(entries: readonly (readonly [unknown, unknown])[]): Uint8Array | undefined {
  const pairs: [string, string][] = [];
  for (const [key, value] of entries) {
    const keyBytes = serializeValue(key);
    const valueBytes = value === undefined ? noBytes : serializeValue(value);
    if (keyBytes === undefined || valueBytes === undefined) return undefined;
    pairs.push([textOf(keyBytes), textOf(valueBytes)]);
  }
  return encodePairs(pairs);
}
