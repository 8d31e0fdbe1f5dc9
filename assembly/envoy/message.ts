/**
 * Protobuf messages as Envoy's foreign functions take and give them.
 *
 * @module
 */

/** A message that is being written, field by field. */
export class MessageWriter {
  private readonly bytes: Array<u8> = [];

  /** A field with text or bytes; nothing when empty, which is what protobuf takes an absent one for. */
  addBytes(field: u32, value: Uint8Array): MessageWriter {
    if (value.length == 0) return this;
    this.addVarint((field << 3) | 2);
    this.addVarint(<u64>value.length);
    for (let i = 0; i < value.length; i++) this.bytes.push(value[i]);
    return this;
  }

  addText(field: u32, value: string): MessageWriter {
    return this.addBytes(field, Uint8Array.wrap(String.UTF8.encode(value)));
  }

  addNumber(field: u32, value: u64): MessageWriter {
    if (value == 0) return this;
    this.addVarint(field << 3);
    this.addVarint(value);
    return this;
  }

  finish(): Uint8Array {
    const all = new Uint8Array(this.bytes.length);
    for (let i = 0; i < this.bytes.length; i++) all[i] = this.bytes[i];
    return all;
  }

  private addVarint(value: u64): void {
    for (; value > 0x7f; value >>= 7) this.bytes.push((<u8>(value & 0x7f)) | 0x80);
    this.bytes.push(<u8>value);
  }
}

/** Reads the fields of a message that have small numbers; stops at what it does not know. */
export class MessageReader {
  private at: i32 = 0;
  field: u32 = 0;
  number: u64 = 0;
  bytes: Uint8Array = new Uint8Array(0);

  constructor(private readonly message: Uint8Array) {}

  /** Moves to the next field; false at the end, and where the message is broken. */
  next(): bool {
    if (this.at >= this.message.length) return false;
    const tag = this.varint();
    this.field = <u32>(tag >> 3);
    const type = <u32>(tag & 7);
    if (type == 0) {
      this.number = this.varint();
      return this.at <= this.message.length;
    }
    if (type != 2) return false;
    const length = this.varint();
    if (length > <u64>max(this.message.length - this.at, 0)) return false;
    this.bytes = this.message.subarray(this.at, this.at + <i32>length);
    this.at += <i32>length;
    return true;
  }

  private varint(): u64 {
    let value: u64 = 0;
    for (let shift: u64 = 0; shift < 64; shift += 7) {
      if (this.at >= this.message.length) break;
      const byte = <u64>this.message[this.at++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    this.at = this.message.length + 1;
    return 0;
  }
}
