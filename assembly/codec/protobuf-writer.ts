/// <reference path="../runtime/build.d.ts" />
import { copyBytes } from "../memory/byte-array";
import { mark, release } from "../memory/scratch";
import { put, putSize } from "../memory/text";
import { varintSize, writeVarint } from "./varint";
import { WireType } from "./protobuf-reader";

/** The largest field number. */
const MOST_FIELD: u32 = 0x1fffffff;

/**
 * Writes a protobuf message, field by field, in the order in which they are given. A field number that is none (0, or above
 * 536,870,911) writes nothing. May be used everywhere.
 *
 * @example
 * const address = new ProtobufWriter().text(1, "Main Street");
 * const bytes = new ProtobufWriter().text(1, "Ann").number(2, 7).message(3, address).toBytes();
 */
@final
export class ProtobufWriter {
  private buffer: ArrayBuffer = changetype<ArrayBuffer>(__new(64, idof<ArrayBuffer>()));
  private size: usize = 0;

  /** `uint32`, `uint64`, an enum; `int32` and `int64` when cast: `<u64><i64>value`. */
  number(field: u32, value: u64): ProtobufWriter {
    if (this.begin(field, WireType.Varint, 10)) this.add(value);
    return this;
  }

  /** `int32`, `int64`. */
  signed(field: u32, value: i64): ProtobufWriter {
    return this.number(field, <u64>value);
  }

  /** `sint32`, `sint64`. */
  zigzag(field: u32, value: i64): ProtobufWriter {
    return this.number(field, ((<u64>value) << 1) ^ (<u64>(value >> 63)));
  }

  /** `bool`. */
  bool(field: u32, value: bool): ProtobufWriter {
    return this.number(field, value ? 1 : 0);
  }

  /** `fixed64`, `sfixed64`. */
  fixed64(field: u32, value: u64): ProtobufWriter {
    if (this.begin(field, WireType.Fixed64, 8)) this.addFixed64(value);
    return this;
  }

  /** `fixed32`, `sfixed32`. */
  fixed32(field: u32, value: u32): ProtobufWriter {
    if (this.begin(field, WireType.Fixed32, 4)) {
      store<u32>(changetype<usize>(this.buffer) + this.size, value);
      this.size += 4;
    }
    return this;
  }

  /** `double`. */
  double(field: u32, value: f64): ProtobufWriter {
    return this.fixed64(field, reinterpret<u64>(value));
  }

  /** `float`. */
  float(field: u32, value: f32): ProtobufWriter {
    return this.fixed32(field, reinterpret<u32>(value));
  }

  /** `bytes`, or a message that is there already. */
  bytes(field: u32, value: Uint8Array): ProtobufWriter {
    this.addBytes(field, value.dataStart, value.length);
    return this;
  }

  /** `string`. A surrogate that stands for a byte becomes that byte again. */
  text(field: u32, value: string): ProtobufWriter {
    const before = mark();
    const address = put(value);
    this.addBytes(field, address, putSize);
    release(before);
    return this;
  }

  /** A message. */
  message(field: u32, value: ProtobufWriter): ProtobufWriter {
    const size = value.size;
    this.reserve(size + 20); // it may be this writer itself
    this.addBytes(field, changetype<usize>(value.buffer), size);
    return this;
  }

  /** Repeated numbers, packed as proto3 does. */
  packed(field: u32, values: u64[]): ProtobufWriter {
    let size: usize = 0;
    for (let i = 0; i < values.length; i++) size += varintSize(unchecked(values[i]));
    if (this.begin(field, WireType.Bytes, 10 + size)) {
      this.add(size);
      for (let i = 0; i < values.length; i++) this.add(unchecked(values[i]));
    }
    return this;
  }

  /** The message so far. */
  toBytes(): Uint8Array {
    return copyBytes(changetype<usize>(this.buffer), <i32>this.size);
  }

  /** Writes the tag of a field that takes up to `size` bytes more; false when its number is none. */
  private begin(field: u32, type: WireType, size: usize): bool {
    if (field - 1 >= MOST_FIELD) return false;
    this.reserve(size + 10);
    this.add((field << 3) | type);
    return true;
  }

  private addBytes(field: u32, address: usize, size: usize): void {
    if (!this.begin(field, WireType.Bytes, 10 + size)) return;
    this.add(size);
    memory.copy(changetype<usize>(this.buffer) + this.size, address, size);
    this.size += size;
  }

  private addFixed64(value: u64): void {
    store<u64>(changetype<usize>(this.buffer) + this.size, value);
    this.size += 8;
  }

  private add(value: u64): void {
    const start = changetype<usize>(this.buffer);
    this.size = writeVarint(start + this.size, value) - start;
  }

  private reserve(more: usize): void {
    const needed = this.size + more;
    const room = <usize>this.buffer.byteLength;
    if (needed > room)
      this.buffer = changetype<ArrayBuffer>(__renew(changetype<usize>(this.buffer), max(needed, room << 1)));
  }
}
