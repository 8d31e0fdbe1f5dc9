/** As much of protobuf's wire format (https://protobuf.dev/programming-guides/encoding/) as messages of texts need. */

import { utf8 } from "proxy-wasm-as/assembly/std/encoding";

/** Writes a message. */
export class MessageWriter {
  private data: Uint8Array = new Uint8Array(256);
  private size: i32 = 0;

  text(field: u32, value: string): void {
    const bytes = utf8.encode(value);
    this.reserve(10 + bytes.length);
    this.number((field << 3) | 2);
    this.number(bytes.length);
    this.data.set(bytes, this.size);
    this.size += bytes.length;
  }

  bytes(): Uint8Array {
    return this.data.slice(0, this.size);
  }

  private reserve(more: i32): void {
    const needed = this.size + more;
    if (needed <= this.data.length) return;
    const larger = new Uint8Array(needed * 2);
    larger.set(this.data);
    this.data = larger;
  }

  private number(value: u32): void {
    for (; value >= 0x80; value >>= 7) this.data[this.size++] = <u8>(value | 0x80);
    this.data[this.size++] = <u8>value;
  }
}

/** Reads a message that may be anything: it comes from the network. */
export class MessageReader {
  private at: i32 = 0;
  private failed: bool = false;

  constructor(private readonly data: Uint8Array) {}

  /** The text `field`, the last one when there are several; null when there is none or the message is broken. */
  text(field: u32): string | null {
    this.at = 0;
    this.failed = false;
    let found: string | null = null;
    while (!this.failed && this.at < this.data.length) {
      const tag = this.number();
      const type = (<u32>tag) & 7;
      if (type == 0) this.number();
      else if (type == 1) this.skip(8);
      else if (type == 5) this.skip(4);
      else if (type == 2) {
        const size = this.number();
        const start = this.at;
        this.skip(size);
        if (!this.failed && tag >> 3 == field) found = utf8.decode(this.data.subarray(start, this.at));
      } else this.failed = true;
    }
    return this.failed ? null : found;
  }

  private skip(size: u64): void {
    if (size > <u64>(this.data.length - this.at)) this.failed = true;
    else this.at += <i32>size;
  }

  private number(): u64 {
    let value: u64 = 0;
    for (let shift: u64 = 0; shift < 70; shift += 7) {
      if (this.at >= this.data.length) break;
      const byte = this.data[this.at++];
      if (shift < 64) value |= (<u64>(byte & 0x7f)) << shift;
      if (byte < 0x80) return value;
    }
    this.failed = true;
    return 0;
  }
}
