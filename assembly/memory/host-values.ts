/// <reference path="../runtime/build.d.ts" />
/**
 * Values that the host hands to the guest: it asks `hostAllocate` for room in the middle of a host call, writes the value there,
 * and leaves address and size at `OUT` and `OUT + 4`. An empty value comes as size 0 without an allocation.
 *
 * @module
 */
import { newBytes, wrapBytes } from "./byte-array";
import { equalBytes } from "./bytes";
import { find } from "./find";
import { OUT, mark, release, tryAllocate } from "./scratch";
import { allocateSnapshot, awaitsSnapshot } from "./snapshots";
import { decode, equals, put, putSize } from "./text";

/** Set while a value is expected that shall go straight into a managed buffer instead of scratch memory. */
let intoBuffer: bool = false;
let buffer: usize = 0;

/**
 * The allocator of the module (`proxy_on_memory_allocate`). It answers 0 when the memory cannot be had, upon which the
 * host call ends with `InvalidMemoryAccess`. Hosts forbid nearly every call in here, so it makes none.
 */
export function hostAllocate(size: usize): usize {
  if (isDefined(PROXY_WASM_MANY_READS) && awaitsSnapshot) return allocateSnapshot(size);
  if (intoBuffer && fits(size)) {
    buffer = __new(size, idof<ArrayBuffer>());
    return buffer;
  }
  return tryAllocate(size);
}

/** Forgets that a value was expected that `receivedBytes` would be asked for. */
// @ts-ignore: decorator
@inline
export function forgetBuffer(): void {
  intoBuffer = false;
}

/** Tells whether the heap can grow by `size` without running into the host's cap of 1 GiB, where it would trap. */
function fits(size: usize): bool {
  return size < 0x3fff0000 && <usize>memory.size() + (size >> 16) + 2 <= 16384;
}

/** Forgets earlier answers, so that a host which writes none is read as "empty". */
// @ts-ignore: decorator
@inline
export function expectValue(): void {
  store<u64>(OUT, 0);
}

/** Like `expectValue`, for a value that `receivedBytes` will be asked for: large bodies are copied once, not twice. */
export function expectBytes(): void {
  store<u64>(OUT, 0);
  intoBuffer = true;
  buffer = 0;
}

// @ts-ignore: decorator
@inline
export function receivedAddress(): usize {
  return load<usize>(OUT);
}

/** How the value begins: its first 8 bytes, or what there is of it. */
export function receivedStart(): u64 {
  const size = receivedSize();
  const address = receivedAddress();
  if (size >= 8) return receivedWord();
  let start: u64 = 0;
  for (let i: usize = 0; i < size; i++) start |= (<u64>load<u8>(address + i)) << (i << 3);
  return start;
}

/** The size of the value in bytes; 0 also when the host gave a size but no address. */
// @ts-ignore: decorator
@inline
export function receivedSize(): usize {
  return load<usize>(OUT) != 0 ? load<usize>(OUT, 4) : 0;
}

/** The value as text; see `text.ts` for bytes that are not UTF-8. */
export function receivedText(): string {
  return decode(receivedAddress(), receivedSize());
}

/** The text behind the first such byte; null when there is none. */
export function receivedTextBehind(byte: u32): string | null {
  let at = receivedAddress();
  for (const end = at + receivedSize(); at < end;)
    if (<u32>load<u8>(at++) == byte) return decode(at, end - at);
  return null;
}

/** Tells whether the value's bytes are those of `text`. */
export function receivedEquals(text: string): bool {
  return equals(receivedAddress(), receivedSize(), text);
}

/** Tells whether the value's bytes begin with those of `text`. */
export function receivedStartsWith(text: string): bool {
  const before = mark();
  const start = put(text);
  const begins = putSize <= receivedSize() && equalBytes(receivedAddress(), start, putSize);
  release(before);
  return begins;
}

/** Tells whether the bytes of `text` stand somewhere in the value. */
export function receivedIncludes(text: string): bool {
  const before = mark();
  const part = put(text);
  const start = receivedAddress();
  const found = putSize == 0 || find<u8>(start, start + receivedSize(), part, putSize) != 0;
  release(before);
  return found;
}

/** How often `replaceReceived` has replaced something; -1 without memory for the result. */
export let replacements: i32 = 0;

/** The size in bytes of what it made. */
export let replacedSize: usize = 0;

/** Makes, in scratch memory, the value with `replacement` for each `search`, which is not empty; answers the address. */
export function replaceReceived(search: string, replacement: string): usize {
  const from = put(search);
  const fromSize = putSize;
  const to = put(replacement);
  const toSize = putSize;
  let at = receivedAddress();
  const end = at + receivedSize();
  replacements = 0;
  for (let next = find<u8>(at, end, from, fromSize); next != 0; replacements++)
    next = find<u8>(next + fromSize, end, from, fromSize);
  if (replacements == 0) return 0;
  const size = <u64>(end - at) + <u64>replacements * <u64>toSize - <u64>replacements * <u64>fromSize;
  const result: usize = size > <u64>usize.MAX_VALUE ? <usize>0 : tryAllocate(<usize>size);
  if (result == 0) {
    replacements = -1;
    return 0;
  }
  replacedSize = <usize>size;
  let target: usize = result;
  for (let left = replacements; left > 0; left--) {
    const next = find<u8>(at, end, from, fromSize);
    memory.copy(target, at, next - at);
    target += next - at;
    memory.copy(target, to, toSize);
    target += toSize;
    at = next + fromSize;
  }
  memory.copy(target, at, end - at);
  return result;
}

/** The value as bytes that belong to the caller. */
export function receivedBytes(): Uint8Array {
  const size = receivedSize();
  const address = receivedAddress();
  const whole = buffer;
  intoBuffer = false;
  buffer = 0;
  if (size > 0 && whole == address) return wrapBytes(changetype<ArrayBuffer>(whole), <i32>size);
  const copy = newBytes(<i32>size);
  memory.copy(copy.dataStart, address, size);
  return copy;
}

/** The 32-bit number that the host wrote `offset` bytes after `OUT`. */
// @ts-ignore: decorator
@inline
export function receivedU32(offset: usize = 0): u32 {
  return load<u32>(OUT + offset);
}

/** The 64-bit number that the host wrote at `OUT`. */
// @ts-ignore: decorator
@inline
export function receivedU64(): u64 {
  return load<u64>(OUT);
}

/** The first eight bytes of the value, lowest first; only when its size is at least that. */
// @ts-ignore: decorator
@inline
export function receivedWord(): u64 {
  return load<u64>(receivedAddress());
}

/** The pointer number `index` of those that the host wrote from `address` on. */
// @ts-ignore: decorator
@inline
export function pointerAt(address: usize, index: u32): usize {
  return load<usize>(address + ((<usize>index) << 2));
}
