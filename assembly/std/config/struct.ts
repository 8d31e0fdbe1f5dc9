/**
 * `google.protobuf.Struct` as JSON. Its messages, and their fields on the wire:
 * `Struct` has entries (1), an entry a key (1) and a `Value` (2); a `Value` is null (1), a number (2), a string (3), a
 * bool (4), a `Struct` (5) or a list (6); a list has `Value`s (1).
 *
 * @module
 */
import { decode } from "../../memory/text";
import { JsonCursor } from "../json/cursor";
import { JsonDocument, json } from "../json/document";
import { Fault } from "../json/fault";
import { JsonWriter } from "../json/writer";

/** The deepest nesting that is read, as in `json.parse`; Envoy itself takes no more than 100. */
const MAX_DEPTH: i32 = 128;

/**
 * Whether bytes begin like a Struct that is not empty: an entry with its key and the tag of its value. That tag is a
 * control character, so that no JSON text looks like this.
 */
export function isStruct(bytes: ArrayBuffer): bool {
  const reader = new Reader(bytes);
  if (reader.byte() != 0x0a) return false;
  reader.length();
  if (reader.byte() != 0x0a) return false;
  const keySize = reader.length();
  reader.at += keySize;
  return reader.byte() == 0x12;
}

/** Reads a Struct; a document with an error when it is not one. */
export function structToJson(bytes: ArrayBuffer): JsonDocument {
  const writer = new JsonWriter().object();
  const reader = new Reader(bytes);
  const ends: i32[] = [bytes.byteLength];
  const isObject: bool[] = [true];
  while (ends.length > 0 && !reader.failed) {
    const last = ends.length - 1;
    if (reader.at == ends[last]) {
      ends.pop();
      isObject.pop();
      writer.end();
      continue;
    }
    // An entry of a Struct, or a Value in a list: both are field 1.
    reader.expect(0x0a);
    let end = reader.end(ends[last]);
    if (isObject[last]) {
      reader.expect(0x0a);
      const keyEnd = reader.end(end);
      writer.name(reader.text(keyEnd));
      reader.expect(0x12);
      if (reader.end(end) != end) reader.failed = true;
    }
    if (reader.at == end) writer.null();
    else {
      const tag = reader.byte();
      if (tag == 0x11) writer.number(reader.double());
      else if (tag == 0x08) {
        reader.byte();
        writer.null();
      } else if (tag == 0x20) writer.bool(reader.byte() != 0);
      else if (tag == 0x1a) writer.string(reader.text(reader.end(end)));
      else if ((tag == 0x2a || tag == 0x32) && ends.length < MAX_DEPTH) {
        if (reader.end(end) != end) reader.failed = true;
        if (tag == 0x2a) writer.object();
        else writer.array();
        ends.push(end);
        isObject.push(tag == 0x2a);
        continue;
      } else reader.failed = true;
    }
    if (reader.at != end) reader.failed = true;
  }
  if (!reader.failed) return json.parseBytes(writer.toBytes());
  return new JsonDocument(Fault.NotStruct, reader.at, new JsonCursor(bytes, -1, -1));
}

/** Reads bytes, never beyond their end. */
@final
class Reader {
  at: i32 = 0;
  failed: bool = false;

  constructor(private bytes: ArrayBuffer) {}

  /** The next byte; 0 at the end. */
  byte(): u32 {
    if (<u32>this.at < <u32>this.bytes.byteLength) return load<u8>(changetype<usize>(this.bytes) + this.at++);
    this.failed = true;
    return 0;
  }

  expect(tag: u32): void {
    if (this.byte() != tag) this.failed = true;
  }

  /** A length, of at most four bytes. */
  length(): i32 {
    let length: u32 = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) return <i32>length;
    }
    this.failed = true;
    return 0;
  }

  /** Where what has a length in front of it ends; at most at `most`. */
  end(most: i32): i32 {
    const length = this.length();
    if (this.at + length > most) this.failed = true;
    return this.failed ? this.at : this.at + length;
  }

  text(end: i32): string {
    const start = this.at;
    this.at = end;
    return decode(changetype<usize>(this.bytes) + start, end - start);
  }

  double(): f64 {
    const start = this.at;
    this.at += 8;
    if (this.at <= this.bytes.byteLength) return load<f64>(changetype<usize>(this.bytes) + start);
    this.failed = true;
    return 0;
  }
}
