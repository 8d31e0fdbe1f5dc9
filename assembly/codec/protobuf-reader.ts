import { copyBytes } from "../memory/byte-array";
import { decode } from "../memory/text";
import { readVarint, varint } from "./varint";

/** How a field is written. */
export enum WireType {
  /** A number of any size: `int32` to `uint64`, `sint32`, `sint64`, `bool`, an enum. */
  Varint = 0,
  /** Eight bytes: `double`, `fixed64`, `sfixed64`. */
  Fixed64 = 1,
  /** With a length in front: `string`, `bytes`, a message, packed numbers. */
  Bytes = 2,
  /** Four bytes: `float`, `fixed32`, `sfixed32`. */
  Fixed32 = 5,
}

/**
 * Reads a protobuf message, field by field, without a description of it: a field that is of no interest is passed over. It
 * never reads beyond the message's end, and never goes into a message by itself, so that depth costs nothing. May be used
 * everywhere.
 *
 * @example
 * const reader = new ProtobufReader(this.request.body.bytes());
 * let user = "";
 * let age: u32 = 0;
 * let city = "";
 * while (reader.next()) {
 *   if (reader.field == 1) user = reader.text;
 *   else if (reader.field == 2) age = <u32>reader.number;
 *   else if (reader.field == 3) {
 *     const address = reader.message();
 *     while (address.next()) if (address.field == 1) city = address.text;
 *   }
 * }
 * if (reader.failed) return this.respond(400);
 */
@final
export class ProtobufReader {
  /** The number of the field at hand; 0 in front of the first, and behind the last. */
  field: u32 = 0;
  /** How it is written. */
  type: WireType = WireType.Varint;
  /** Tells whether the message is broken: what has been read of it so far is right, and nothing else will be read. */
  failed: bool = false;
  /** Its number, when it is a `Varint`, or its four or eight bytes as one; a negative `int32` fills all 64 bits. */
  number: u64 = 0;
  private source: Uint8Array;
  private at: i32;
  private end: i32;
  /** The address of the field's bytes. */
  private start: i32 = 0;
  private size: i32 = 0;

  constructor(bytes: Uint8Array) {
    this.source = bytes;
    this.at = 0;
    this.end = bytes.length;
  }

  /** Moves to the next field; false at the end, and where the message is broken. */
  next(): bool {
    this.field = 0;
    if (this.failed || this.at == this.end || !this.readNumber()) return false;
    const tag = this.number;
    if (tag < 8 || tag > u32.MAX_VALUE) return this.fail();
    const type = <i32>(tag & 7);
    this.start = this.at;
    this.size = 0;
    if (type == WireType.Varint) {
      if (!this.readNumber()) return false;
    } else if (type == WireType.Bytes) {
      if (!this.readNumber()) return false;
      if (this.number > <u64>(this.end - this.at)) return this.fail();
      this.start = this.at;
      this.size = <i32>this.number;
      this.at += this.size;
      this.number = 0;
    } else if (type == WireType.Fixed64 || type == WireType.Fixed32) {
      if (!this.readFixed(type == WireType.Fixed64 ? 8 : 4)) return false;
    } else return this.fail(); // a group, which nobody writes any more
    this.type = type;
    this.field = (<u32>tag) >> 3;
    return true;
  }

  /** The field as a signed number: `int32`, `int64`, `sfixed64`. */
  get signed(): i64 {
    return this.type == WireType.Fixed32 ? <i64>(<i32>this.number) : <i64>this.number;
  }

  /** The field as `sint32` or `sint64`, which are written zigzag. */
  get zigzag(): i64 {
    return (<i64>(this.number >> 1)) ^ -(<i64>(this.number & 1));
  }

  /** The field as `float` or `double`. */
  get float(): f64 {
    return this.type == WireType.Fixed32
      ? <f64>reinterpret<f32>(<u32>this.number)
      : reinterpret<f64>(this.number);
  }

  /** The field's bytes, a copy; none when it is a number. */
  get bytes(): Uint8Array {
    return copyBytes(this.source.dataStart + this.start, this.size);
  }

  /** The field as text, in which every byte survives. */
  get text(): string {
    return decode(this.source.dataStart + this.start, this.size);
  }

  /** A reader of the field, which is a message or packed numbers. The bytes are not copied. */
  message(): ProtobufReader {
    const reader = new ProtobufReader(this.source);
    reader.at = this.start;
    reader.end = this.start + this.size;
    return reader;
  }

  /** Moves to the next of packed numbers, in a reader that `message` answered; it is in `number`. False at the end. */
  nextPacked(type: WireType = WireType.Varint): bool {
    if (this.failed || this.at == this.end) return false;
    this.type = type;
    if (type == WireType.Varint) return this.readNumber();
    return type == WireType.Bytes ? this.fail() : this.readFixed(type == WireType.Fixed64 ? 8 : 4);
  }

  /** @internal Tells whether the field at hand is this one, written like this. */
  $is(field: u32, type: WireType): bool {
    return this.field == field && this.type == type;
  }

  /** @internal Tells whether no field is left. */
  get $isAtEnd(): bool {
    return this.at == this.end;
  }

  /** @internal The position of the next field. */
  get $at(): i32 {
    return this.at;
  }

  private readNumber(): bool {
    const start = this.source.dataStart;
    const next = readVarint(start + this.at, start + this.end);
    if (next == 0) return this.fail();
    this.at = <i32>(next - start);
    this.number = varint;
    return true;
  }

  private readFixed(size: i32): bool {
    if (this.end - this.at < size) return this.fail();
    const address = this.source.dataStart + this.at;
    this.number = size == 8 ? load<u64>(address) : <u64>load<u32>(address);
    this.at += size;
    return true;
  }

  private fail(): bool {
    this.failed = true;
    return false;
  }
}
