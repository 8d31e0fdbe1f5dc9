/**
 * `google.protobuf.Struct` as JSON. Its messages, and their fields on the wire:
 * `Struct` has entries (1), an entry a key (1) and a `Value` (2); a `Value` is null (1), a number (2), a string (3), a
 * bool (4), a `Struct` (5) or a list (6); a list has `Value`s (1).
 *
 * @module
 */
import { wrapBytes } from "../../memory/byte-array";
import { ProtobufReader, WireType } from "../../codec/protobuf-reader";
import { readVarint, varint } from "../../codec/varint";
import { JsonCursor } from "../json/cursor";
import { JsonDocument, json } from "../json/document";
import { Fault } from "../json/fault";
import { JsonWriter } from "../json/writer";

/** The deepest nesting that is read, as in `json.parse`; Envoy itself takes no more than 100. */
const MAX_DEPTH: i32 = 128;

/**
 * Tells whether bytes begin like a Struct that is not empty: an entry with its key and the tag of its value. That tag is a
 * control character, so that no JSON text looks like this.
 */
export function isStruct(bytes: ArrayBuffer): bool {
  const start = changetype<usize>(bytes);
  const end = start + bytes.byteLength;
  const key = lengthAt(lengthAt(start, end), end);
  return key != 0 && varint < <u64>(end - key) && load<u8>(key + <usize>varint) == 0x12;
}

/** The address behind the length of the field 1 at `address`, which is in `varint`; 0 when there is none. */
function lengthAt(address: usize, end: usize): usize {
  return address != 0 && address < end && load<u8>(address) == 0x0a ? readVarint(address + 1, end) : 0;
}

/** Reads a Struct; a document with an error when it is not one. */
export function structToJson(bytes: ArrayBuffer): JsonDocument {
  const writer = new JsonWriter().object();
  const readers: ProtobufReader[] = [new ProtobufReader(wrapBytes(bytes, bytes.byteLength))];
  const isObject: bool[] = [true];
  while (readers.length > 0) {
    const last = readers.length - 1;
    const reader = readers[last];
    if (!reader.next()) {
      if (reader.failed) return notStruct(bytes, reader);
      readers.pop();
      isObject.pop();
      writer.end();
      continue;
    }
    // An entry of a Struct, or a Value in a list: both are field 1.
    if (!reader.$is(1, WireType.Bytes)) return notStruct(bytes, reader);
    let value = reader.message();
    if (isObject[last]) {
      const entry = value;
      if (!entry.next() || !entry.$is(1, WireType.Bytes)) return notStruct(bytes, entry);
      writer.name(entry.text);
      if (!entry.next() || !entry.$is(2, WireType.Bytes)) return notStruct(bytes, entry);
      value = entry.message();
      if (!entry.$isAtEnd) return notStruct(bytes, entry);
    }
    if (value.next()) {
      const field = value.field;
      if (!value.$isAtEnd) return notStruct(bytes, value);
      if (value.$is(2, WireType.Fixed64)) writer.number(value.float);
      else if (value.$is(1, WireType.Varint)) writer.null();
      else if (value.$is(4, WireType.Varint)) writer.bool(value.number != 0);
      else if (value.$is(3, WireType.Bytes)) writer.string(value.text);
      else if ((field == 5 || field == 6) && value.$is(field, WireType.Bytes) && readers.length < MAX_DEPTH) {
        if (field == 5) writer.object();
        else writer.array();
        readers.push(value.message());
        isObject.push(field == 5);
      } else return notStruct(bytes, value);
    } else if (value.failed) return notStruct(bytes, value);
    else writer.null();
  }
  return json.parseBytes(writer.toBytes());
}

function notStruct(bytes: ArrayBuffer, reader: ProtobufReader): JsonDocument {
  return new JsonDocument(Fault.NotStruct, reader.$at, new JsonCursor(bytes, -1, -1));
}
