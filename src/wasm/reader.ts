/**
 * Reads a module's binary format. A part that is longer than the bytes that are there is a `RangeError`.
 *
 * @module
 */

const utf8 = new TextDecoder();

/** A position in a module's bytes, and where the part that it reads ends. */
export class Reader {
  constructor(
    readonly bytes: Uint8Array,
    public at = 0,
    readonly end = bytes.length,
  ) {
    if (end > bytes.length) throw new RangeError("the module ends within a section");
  }

  byte(): number {
    if (this.at >= this.end) throw new RangeError("a section ends too early");
    return this.bytes[this.at++]!;
  }

  /** An unsigned LEB128 number. */
  uint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      if (factor > 2 ** 56) throw new RangeError("a number is too long");
    }
  }

  /** Skips a number of any length, signed or not. */
  skipNumber(): void {
    while (this.byte() >= 128);
  }

  /** A reader for the next `length` bytes, which this one skips. */
  part(length: number): Reader {
    const start = this.at;
    this.at += length;
    if (this.at > this.end) throw new RangeError("a part ends too late");
    return new Reader(this.bytes, start, this.at);
  }

  /** The bytes of a vector of bytes: of a name, or of types. */
  vector(): Uint8Array {
    return this.part(this.uint()).rest();
  }

  text(): string {
    return utf8.decode(this.vector());
  }

  list<T>(item: () => T): T[] {
    const count = this.uint();
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(item());
    return items;
  }

  /** The bytes that have not been read. */
  rest(): Uint8Array {
    return this.bytes.subarray(this.at, this.end);
  }
}

/** The sections' ids, by their names in the specification. */
export enum SectionId {
  Custom = 0,
  Type = 1,
  Import = 2,
  Function = 3,
  Memory = 5,
  Global = 6,
  Export = 7,
  Start = 8,
  Element = 9,
  Code = 10,
}

export interface Section {
  readonly id: number;
  /** All of it, header included. */
  readonly bytes: Uint8Array;
  readonly content: Reader;
}

/** The length of what stands before the first section. */
export const PREAMBLE = 8;

/** The sections of a module, in their order. */
export function* sectionsOf(module: Uint8Array): Generator<Section, void> {
  const reader = new Reader(module, PREAMBLE);
  while (reader.at < reader.end) {
    const start = reader.at;
    const id = reader.byte();
    const content = reader.part(reader.uint());
    yield { id, bytes: module.subarray(start, reader.at), content };
  }
}
