import { textOf } from "../abi/text.js";

/** A module's memory. It may grow in any call into the module, so nothing here outlives a call. */
export class GuestMemory {
  private buffer: ArrayBuffer | undefined;
  private bytes = new Uint8Array(0);
  private view = new DataView(new ArrayBuffer(0));

  constructor(private readonly memory: WebAssembly.Memory) {}

  /** The bytes of the memory now. */
  get size(): number {
    this.refresh();
    return this.bytes.length;
  }

  /** A copy of these bytes; undefined when they are not in the memory. */
  read(ptr: number, length: number): Uint8Array | undefined {
    return this.has(ptr, length) ? this.bytes.slice(ptr >>> 0, (ptr >>> 0) + (length >>> 0)) : undefined;
  }

  /** These bytes as binary text; undefined when they are not in the memory. */
  readText(ptr: number, length: number): string | undefined {
    if (!this.has(ptr, length)) return undefined;
    return textOf(this.bytes.subarray(ptr >>> 0, (ptr >>> 0) + (length >>> 0)));
  }

  readU32(ptr: number): number | undefined {
    return this.has(ptr, 4) ? this.view.getUint32(ptr >>> 0, true) : undefined;
  }

  /** Tells whether the bytes could be written. */
  write(ptr: number, bytes: Uint8Array): boolean {
    if (!this.has(ptr, bytes.length)) return false;
    this.bytes.set(bytes, ptr >>> 0);
    return true;
  }

  writeU32(ptr: number, value: number): boolean {
    if (!this.has(ptr, 4)) return false;
    this.view.setUint32(ptr >>> 0, value, true);
    return true;
  }

  writeU64(ptr: number, value: bigint): boolean {
    if (!this.has(ptr, 8)) return false;
    this.view.setBigUint64(ptr >>> 0, BigInt.asUintN(64, value), true);
    return true;
  }

  private has(ptr: number, length: number): boolean {
    this.refresh();
    return (ptr >>> 0) + (length >>> 0) <= this.bytes.length;
  }

  private refresh(): void {
    const { buffer } = this.memory;
    if (buffer === this.buffer) return;
    this.buffer = buffer;
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
  }
}
