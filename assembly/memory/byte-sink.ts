/**
 * Bytes that are put together from pieces.
 *
 * @module
 */
import { newBytes } from "./byte-array";
import { mark, release } from "./scratch";
import { put, putSize } from "./text";

/** Grows as pieces are added. */
@final
export class ByteSink {
  private bytes: Uint8Array = newBytes(0);
  /** How many bytes there are. */
  size: i32 = 0;

  /** Adds the bytes of `piece` from `start` to `end`. */
  add(piece: Uint8Array, start: i32 = 0, end: i32 = piece.length): void {
    if (end > start) this.addFrom(piece.dataStart + <usize>start, end - start);
  }

  /** Adds `size` bytes from an address on. */
  addFrom(address: usize, size: i32): void {
    const at = this.size;
    this.reserve(size);
    memory.copy(this.bytes.dataStart + <usize>at, address, size);
    this.size = at + size;
  }

  /** Adds a text as the bytes that stand for it. */
  addText(text: string): void {
    const before = mark();
    const address = put(text);
    this.addFrom(address, <i32>putSize);
    release(before);
  }

  /** Adds one byte. */
  addByte(byte: u32): void {
    const at = this.size;
    this.reserve(1);
    unchecked((this.bytes[at] = <u8>byte));
    this.size = at + 1;
  }

  private reserve(more: i32): void {
    const size = this.size;
    if (this.bytes.length - size >= more) return;
    const larger = newBytes(max(size + more, max(size << 1, 64)));
    memory.copy(larger.dataStart, this.bytes.dataStart, size);
    this.bytes = larger;
  }

  /** The address of the first byte, until something is added. */
  get start(): usize {
    return this.bytes.dataStart;
  }

  /** Forgets all but the first `size` bytes. */
  cut(size: i32): void {
    this.size = size;
  }

  /** All bytes, which are the caller's: nothing is left. */
  take(): Uint8Array {
    const all = this.bytes.subarray(0, this.size);
    this.bytes = newBytes(0);
    this.size = 0;
    return all;
  }
}
