/**
 * Copies of whole header maps, as the host sends them: a callback that reads several headers asks once. They are valid in
 * one callback and for one stream. A change of the map leaves its copy for the names that it cannot have touched.
 *
 * @module
 */
import { lowerHalf } from "./field";
import { isAuthorityName } from "./pseudo";
import { OUT, chunkEnd, chunkStart, takeChunk } from "./scratch";

/** Host numbers of maps are below this. */
export const MAPS: u32 = 8;

/** The copy of one map, and what is known of how the map is used. */
@unmanaged
export class Snapshot {
  /** The lengths of the names that were written since, as bits: such names are asked for. */
  written: u64 = 0;
  /** When it was taken; see `now`. */
  period: u64 = 0;
  /** The block of pairs; 0 for none. */
  block: usize = 0;
  size: usize = 0;
  /** What the reads of this period would cost one by one; see `FOUND`. */
  cost: u32 = 0;
  /** How many periods in a row it would have been cheaper to read one by one. */
  cheap: u32 = 0;
}

/** One for each map. */
const TABLE: usize = memory.data(256, 8);
const STRIDE: usize = 32;

/** Prices in Envoy 1.40, in about 1,700 instructions: a header that is there, one that is not, and (6.4) all at once. */
export const FOUND: u32 = 6;
export const MISSING: u32 = 1;
const CHEAP: u32 = FOUND + MISSING;

/** The period that is running: each callback begins one, and so does all that may change what maps are there. */
let now: u64 = 1;

/** How many copies the running callback has taken: a loop must not fill the memory. */
let taken: u32 = 0;
const MOST_TAKEN: u32 = 16;

/** Where copies lie: [base, end), the first free byte is `top`. A callback that needs more gets a larger one, kept for good. */
const STATIC_SIZE: usize = 4096;
const STATIC: usize = memory.data(4096, 8);
let base: usize = STATIC;
let end: usize = STATIC + STATIC_SIZE;
let top: usize = STATIC;

/** Set while the host is asked for a copy. */
export let awaitsSnapshot: bool = false;

/** A callback begins, with no other under way: no copy is needed any more. */
export function beginSnapshots(): void {
  now++;
  taken = 0;
  top = base;
}

/** All maps may be others, or none, from now on. */
export function forgetSnapshots(): void {
  now++;
}

/** What is known of a map, which is one of `MAPS`. */
export function snapshotOf(map: u32): Snapshot {
  const snapshot = changetype<Snapshot>(TABLE + <usize>map * STRIDE);
  if (snapshot.period != now) {
    snapshot.period = now;
    snapshot.cheap = snapshot.cost <= CHEAP ? snapshot.cheap + u32(snapshot.cost != 0) : 0;
    snapshot.cost = 0;
    snapshot.written = 0;
    snapshot.block = 0;
  }
  return snapshot;
}

/** Whether a copy of the map should be taken: not where, as in the last callbacks, few headers are asked for or there. */
export function isWorthTaking(snapshot: Snapshot): bool {
  return (snapshot.cheap < 2 || snapshot.cost >= CHEAP) && taken < MOST_TAKEN;
}

/** The host's next allocation is for a copy. */
export function awaitSnapshot(): void {
  store<u64>(OUT, 0);
  awaitsSnapshot = true;
  taken++;
}

/** Room for a copy of `size` bytes; 0 without memory. */
export function allocateSnapshot(size: usize): usize {
  awaitsSnapshot = false;
  if (size > end - top) {
    const chunk = takeChunk(max(size, (end - base) << 1) + chunkStart());
    if (chunk == 0) return 0;
    base = chunk + chunkStart();
    end = chunkEnd(chunk);
    top = base;
  }
  const address = top;
  top += (size + 7) & ~7;
  return address;
}

/** Keeps what the host has answered; false when that is no block with pairs: then each header is asked for. */
export function keepSnapshot(snapshot: Snapshot, answered: bool): bool {
  awaitsSnapshot = false;
  snapshot.written = 0;
  snapshot.block = 0;
  const block = load<usize>(OUT);
  const size = load<usize>(OUT, 4);
  if (answered && block != 0 && isWhole(block, size)) {
    snapshot.block = block;
    snapshot.size = size;
    return true;
  }
  snapshot.written = -1;
  return false;
}

/** Whether a block has pairs, all of them within it. */
function isWhole(block: usize, size: usize): bool {
  if (size < 4) return false;
  const count = <usize>load<u32>(block);
  if (count == 0 || count > (size - 4) >> 3) return false;
  let left = <u64>size - 4 - ((<u64>count) << 3);
  const sizesEnd = block + 4 + (count << 3);
  for (let sizes = block + 4; sizes < sizesEnd; sizes += 8) {
    const needed = <u64>load<u32>(sizes) + <u64>load<u32>(sizes, 4) + 2;
    if (needed > left) return false;
    left -= needed;
  }
  return true;
}

/** The length of a name as a bit. In a request, and in some hosts elsewhere, "host" is another name of ":authority". */
function lengthBit(size: usize): u64 {
  if (size == 4 || size == 10) return (1 << 4) | (1 << 10);
  return (<u64>1) << ((<u64>size) & 63);
}

/** A name of `size` bytes was written, or may have been. */
export function noteWritten(map: u32, size: usize): void {
  if (map >= MAPS) return;
  const snapshot = snapshotOf(map);
  if (snapshot.block != 0) snapshot.written |= lengthBit(size);
}

/** The whole map was written. */
export function dropSnapshot(map: u32): void {
  if (map < MAPS) snapshotOf(map).block = 0;
}

/** Whether the copy tells of this name. What "host" is where there is no request is the host's to say. */
export function tellsOf(snapshot: Snapshot, map: u32, name: usize, size: usize): bool {
  if ((snapshot.written & lengthBit(size)) != 0) return false;
  return map == 0 || !(isHostName(name, size) || isAuthorityName(name, size));
}

// @ts-ignore: decorator
@inline
function isHostName(name: usize, size: usize): bool {
  return size == 4 && lowerHalf(name) == 0x74736f68;
}

/** Looks for the first header with this name, in any case; its value is then what has been received. */
export function findInSnapshot(snapshot: Snapshot, map: u32, name: usize, size: usize): bool {
  const block = snapshot.block;
  const sizesEnd = block + 4 + ((<usize>load<u32>(block)) << 3);
  let pair = sizesEnd;
  const isHost = map == 0 && isHostName(name, size);
  for (let sizes = block + 4; sizes < sizesEnd; sizes += 8) {
    const nameSize = <usize>load<u32>(sizes);
    const valueSize = <usize>load<u32>(sizes, 4);
    if (
      (nameSize == size && isSame(pair, name, size)) ||
      (isHost && nameSize == 10 && isAuthorityName(pair, 10))
    ) {
      store<usize>(OUT, pair + nameSize + 1);
      store<usize>(OUT, valueSize, 4);
      return true;
    }
    pair += nameSize + valueSize + 2;
  }
  return false;
}

/** Whether a header's name is the one that is looked for, letters A to Z and a to z taken as equal. */
function isSame(name: usize, wanted: usize, size: usize): bool {
  // Most names differ in their last eight bytes; of a shorter one the bytes in front of it are left out.
  const differences = load<u64>(name + size - 8) ^ load<u64>(wanted + size - 8);
  const shift = size < 8 ? (8 - <u64>size) << 3 : 0;
  if (size != 0 && (differences & 0xdfdfdfdfdfdfdfdf) >> shift != 0) return false;
  for (let i: usize = 0; i < size; i++) {
    const a = <u32>load<u8>(name + i);
    const b = <u32>load<u8>(wanted + i);
    if (a != b && ((a ^ b) != 0x20 || (a | 0x20) - 0x61 > 25)) return false;
  }
  return true;
}
