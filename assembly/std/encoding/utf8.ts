/**
 * Text as UTF-8 bytes.
 *
 * @module
 */
import { copyBytes } from "../../memory/byte-array";
import { mark, release } from "../../memory/scratch";
import { decode as decodeBytes, put, putSize, sequenceLength } from "../../memory/text";

/** UTF-8, as bodies have it (headers come as text already). May be used everywhere. */
export namespace utf8 {
  /**
   * The bytes of `text`. A surrogate that stands for a byte (see "Bytes" in docs/concepts.md) becomes that byte again; any
   * other lone surrogate becomes U+FFFD.
   */
  export function encode(text: string): Uint8Array {
    const before = mark();
    const address = put(text);
    const bytes = copyBytes(address, <i32>putSize);
    release(before);
    return bytes;
  }

  /**
   * The text of `bytes`; null when they are not UTF-8 (see `errorAt`).
   *
   * @example
   * const text = utf8.decode(this.request.body.bytes());
   */
  export function decode(bytes: Uint8Array): string | null {
    return errorAt(bytes) < 0 ? decodeLenient(bytes) : null;
  }

  /** The text of `bytes`; each byte that is not part of UTF-8 becomes U+DC00 + byte, which `encode` turns back. */
  export function decodeLenient(bytes: Uint8Array): string {
    return decodeBytes(bytes.dataStart, bytes.length);
  }

  /** The index of the first byte that is not part of UTF-8, or -1. */
  export function errorAt(bytes: Uint8Array): i32 {
    const size = bytes.length;
    let i = 0;
    while (i < size) {
      if (unchecked(bytes[i]) < 0x80) i++;
      else {
        const length = <i32>sequenceLength(bytes.dataStart + i, size - i);
        if (length == 0) return i;
        i += length;
      }
    }
    return -1;
  }
}
