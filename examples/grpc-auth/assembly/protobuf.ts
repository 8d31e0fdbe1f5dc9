/** As much of protobuf's wire format (https://protobuf.dev/programming-guides/encoding/) as messages of texts need. */

/** Writes a message. */
export class MessageWriter {
  private readonly data: u8[] = [];

  text(field: u32, value: string): void {
    const bytes = Uint8Array.wrap(String.UTF8.encode(value));
    this.number((field << 3) | 2);
    this.number(bytes.length);
    for (let i = 0; i < bytes.length; i++) this.data.push(bytes[i]);
  }

  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.data.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = this.data[i];
    return bytes;
  }

  private number(value: u32): void {
    while (value >= 0x80) {
      this.data.push(<u8>(value | 0x80));
      value >>= 7;
    }
    this.data.push(<u8>value);
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
        if (!this.failed && tag >> 3 == field)
          found = String.UTF8.decode(this.data.slice(start, this.at).buffer);
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
