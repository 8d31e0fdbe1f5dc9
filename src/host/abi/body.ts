import { concat, noBytes } from "./text.js";

/** Bytes on their way: a chunk, or what is held back. */
export class Body {
  private parts: Uint8Array[] = [];
  private size = 0;
  private above = false;

  /** Tells `onAbove` when the length passes `limit`, and `onBelow` when it is down to half of it again. */
  constructor(
    private readonly limit = 0,
    private readonly onAbove?: () => void,
    private readonly onBelow?: () => void,
  ) {}

  static of(bytes: Uint8Array): Body {
    const body = new Body();
    body.append(bytes);
    return body;
  }

  get length(): number {
    return this.size;
  }

  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.parts.push(bytes);
    this.size += bytes.length;
    this.checkHigh();
  }

  prepend(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.parts.unshift(bytes);
    this.size += bytes.length;
    this.checkHigh();
  }

  /** Removes `count` bytes from the beginning. */
  drain(count: number): void {
    if (count >= this.size) {
      this.parts = [];
      this.size = 0;
    } else if (count > 0) {
      this.parts = [this.bytes().subarray(count)];
      this.size -= count;
    }
    if (this.above && this.size <= this.limit / 2) {
      this.above = false;
      this.onBelow?.();
    }
  }

  /** Takes all bytes of another. */
  moveFrom(other: Body): void {
    const bytes = other.take();
    this.append(bytes);
  }

  take(): Uint8Array {
    const bytes = this.bytes();
    this.drain(this.size);
    return bytes;
  }

  /** All bytes; not a copy. */
  bytes(): Uint8Array {
    if (this.parts.length === 0) return noBytes;
    if (this.parts.length > 1) this.parts = [concat(this.parts)];
    return this.parts[0]!;
  }

  private checkHigh(): void {
    if (this.limit === 0 || this.above || this.size <= this.limit) return;
    this.above = true;
    this.onAbove?.();
  }
}
