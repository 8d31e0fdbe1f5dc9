/**
 * `google.protobuf.Struct` on the wire.
 *
 * @module
 */
import protobuf from "protobufjs/minimal.js";

/** A `Struct`, its fields in the order in which they stand, as Envoy makes it of YAML. */
export function structBytes(fields: object): Uint8Array {
  return fieldsInto(protobuf.Writer.create(), fields).finish();
}

function fieldsInto(out: protobuf.Writer, fields: object): protobuf.Writer {
  for (const [name, value] of Object.entries(fields)) {
    out.uint32(bytesField(1)).fork();
    out.uint32(bytesField(1)).string(name);
    valueInto(out.uint32(bytesField(2)).fork(), value)
      .ldelim()
      .ldelim();
  }
  return out;
}

/** A `Value`. */
function valueInto(out: protobuf.Writer, value: unknown): protobuf.Writer {
  if (value === null) return out.uint32(1 << 3).int32(0);
  if (typeof value === "boolean") return out.uint32(4 << 3).bool(value);
  if (typeof value === "string") return out.uint32(bytesField(3)).string(value);
  if (typeof value !== "object") return out.uint32((2 << 3) | 1).double(Number(value));
  if (!Array.isArray(value)) return fieldsInto(out.uint32(bytesField(5)).fork(), value).ldelim();
  out.uint32(bytesField(6)).fork();
  for (const each of value as unknown[]) valueInto(out.uint32(bytesField(1)).fork(), each).ldelim();
  return out.ldelim();
}

/** The tag of a field with a length. */
function bytesField(number: number): number {
  return (number << 3) | 2;
}
