/** Protobuf messages as foreign functions take and give them. */
import { fieldsOf } from "../abi/protobuf.js";

/** The fields of a message that are bytes or text, by number; the last of each counts. */
export type ByteFields = ReadonlyMap<number, Uint8Array>;

/** Reads a message; undefined when the bytes are none. */
export function readFields(bytes: Uint8Array): ByteFields | undefined {
  const fields = fieldsOf(bytes);
  if (fields === undefined) return undefined;
  const found = new Map<number, Uint8Array>();
  for (const { number, value } of fields) if (value instanceof Uint8Array) found.set(number, value);
  return found;
}

/** Writes a message; empty bytes and false are left out, as protobuf does. */
export function writeFields(fields: readonly (readonly [number, Uint8Array | boolean])[]): Uint8Array {
  const parts: number[] = [];
  for (const [number, value] of fields) {
    if (typeof value === "boolean") {
      if (value) parts.push(number * 8, 1);
    } else if (value.length > 0) {
      parts.push(number * 8 + 2);
      let length = value.length;
      for (; length > 127; length = Math.floor(length / 128)) parts.push((length % 128) + 128);
      parts.push(length, ...value);
    }
  }
  return Uint8Array.from(parts);
}
