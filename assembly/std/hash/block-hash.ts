/**
 * The base of MD5, SHA-1 and SHA-512: blocks are mixed into a state one after the other, and the last one ends with the length.
 *
 * @module
 */
import { newBytes } from "../../memory/byte-array";
import { mark, release } from "../../memory/scratch";
import { put, putSize } from "../../memory/text";

/** A hash of bytes that come in parts. */
export abstract class BlockHash {
  /** How many bytes there were so far. */
  private length: u64 = 0;
  /** The bytes of a block that is not full yet, behind them the state. */
  private memory: StaticArray<u8>;

  constructor(
    private readonly blockSize: i32,
    stateSize: i32,
    private readonly digestSize: i32,
  ) {
    this.memory = new StaticArray<u8>(blockSize + stateSize);
    this.begin(changetype<usize>(this.memory) + blockSize);
  }

  /** Hashes more bytes; answers this hash. */
  update(bytes: Uint8Array): this {
    this.add(bytes.dataStart, bytes.length);
    return this;
  }

  /** Hashes the UTF-8 of `text`; answers this hash. */
  updateText(text: string): this {
    const before = mark();
    const address = put(text);
    this.add(address, putSize);
    release(before);
    return this;
  }

  /** The bytes of the hash. The next `update` begins a new one. */
  digest(): Uint8Array {
    const blockSize = this.blockSize;
    const block = changetype<usize>(this.memory);
    const state = block + blockSize;
    const isLong = blockSize == 128;
    const lengthSize = isLong ? 16 : 8;
    let filled = (<i32>this.length) & (blockSize - 1);
    store<u8>(block + filled++, 0x80);
    memory.fill(block + filled, 0, blockSize - filled);
    if (filled > blockSize - lengthSize) {
      this.mix(state, block);
      memory.fill(block, 0, blockSize);
    }
    const bits = this.length << 3;
    const end = block + blockSize - 8;
    store<u64>(end, this.isBigEndian ? bswap<u64>(bits) : bits);
    if (isLong) store<u64>(end - 8, bswap<u64>(this.length >> 61));
    this.mix(state, block);
    const bytes = newBytes(this.digestSize);
    this.finish(state, bytes.dataStart);
    this.length = 0;
    memory.fill(block, 0, blockSize);
    this.begin(state);
    return bytes;
  }

  /** @internal The size of a block. */
  get $blockSize(): i32 {
    return this.blockSize;
  }

  /** @internal Writes the state at the beginning. */
  protected abstract begin(state: usize): void;

  /** @internal Mixes a block into the state. */
  protected abstract mix(state: usize, block: usize): void;

  /** @internal Writes the hash. */
  protected abstract finish(state: usize, target: usize): void;

  /** @internal Tells whether the length is written with its highest byte first. */
  protected get isBigEndian(): bool {
    return true;
  }

  private add(address: usize, size: usize): void {
    const blockSize = <usize>this.blockSize;
    const block = changetype<usize>(this.memory);
    const state = block + blockSize;
    const filled = (<usize>this.length) & (blockSize - 1);
    this.length += size;
    if (filled > 0) {
      const taken = min(blockSize - filled, size);
      memory.copy(block + filled, address, taken);
      if (filled + taken < blockSize) return;
      this.mix(state, block);
      address += taken;
      size -= taken;
    }
    for (; size >= blockSize; size -= blockSize, address += blockSize) this.mix(state, address);
    memory.copy(block, address, size);
  }
}

/** Writes `count` words of a state, the highest byte of each first. */
export function putWords(state: usize, target: usize, count: usize): void {
  for (let i: usize = 0; i < count << 2; i += 4) store<u32>(target + i, bswap<u32>(load<u32>(state + i)));
}
