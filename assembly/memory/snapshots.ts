/// <reference path="../runtime/build.d.ts" />
/**
 * Copies of whole header maps, as the host sends them: a callback that reads several headers asks once. They are valid in
 * one callback and for one stream. A change of the map leaves its copy for the names that it cannot have touched.
 *
 * @module
 */
import { buildIndex, findByIndex, indexSize } from "./name-index";
import { Found, findByOrder, hasPairs } from "./name-order";
import { OUT } from "./scratch";

/** Host numbers of maps are below this. */
export const MAPS: u32 = 8;

/** A callback may read so many headers that looking through all of them for each costs more than an index. */
const INDEXED: bool = isDefined(PROXY_WASM_INDEXED_READS);

/** The copy of one map, and what is known of how the map is used. */
@unmanaged
export class Snapshot {
  /** The lengths of the names that were written since, as bits: such names are asked for. */
  written: u64 = 0;
  /** When it was taken; see `now`. */
  period: u64 = 0;
  /** The block of pairs; 0 for none, `FAILED` when the host has none. */
  block: usize = 0;
  size: usize = 0;
  /** The address of its index, if it has one. */
  index: usize = 0;
  /** One more than the cost of this period's reads, were they made one by one; see `FOUND`. */
  cost: u32 = 0;
  /** The same cost in earlier periods, on average; the latest counts most. */
  habit: u32 = 0;
}

/** In place of a block. */
const FAILED: usize = 1;

/** One for each map. */
const STRIDE: usize = 40;
const TABLE: usize = memory.data(320, 8);

/**
 * Prices in Envoy 1.40, in about 1,700 instructions: a header that is there, one that is not, and (6.4) all at once. Costs begin with
 * one, so that they reach the price of all when one of the bits from 8 on is set.
 */
export const FOUND: u32 = 6;
export const MISSING: u32 = 1;
const ALL: u32 = 7;
const ENOUGH: u32 = ALL + 1;

/** The period that is running: each callback begins one, and so does all that may change what maps are there. */
let now: u64 = 1;

/** The memory for copies, used up to `top`. A map that is larger than the rest of it is read header by header. */
const ROOM: usize = 16384;
const START: usize = memory.data(16384, 8);
const END: usize = START + ROOM;
let top: usize = START;

/** With less room than this, no copy is asked for: a loop from stream to stream would ask for each in vain. */
const USUAL: usize = 4096;

/** Set while the host is asked for a copy. */
export let awaitsSnapshot: bool = false;

/** A callback begins, with no other under way: no copy is needed any more. */
export function beginSnapshots(): void {
  now++;
  top = START;
}

/** All maps may be others, or none, from now on. */
export function forgetSnapshots(): void {
  now++;
}

// @ts-ignore: decorator
@inline
function entryOf(map: u32): Snapshot {
  return changetype<Snapshot>(TABLE + <usize>(map & (MAPS - 1)) * STRIDE);
}

/** The state of a map, which is one of `MAPS`, in the running period. */
export function snapshotOf(map: u32): Snapshot {
  const snapshot = entryOf(map);
  if (snapshot.period != now) {
    // A map without a history counts as read often.
    snapshot.habit = snapshot.period == 0 ? ENOUGH << 1 : (snapshot.habit + snapshot.cost) >> 1;
    snapshot.period = now;
    snapshot.cost = 1;
    snapshot.block = 0;
  }
  return snapshot;
}

/** Adds to the cost of a map whose state in the running period has been asked for. */
// @ts-ignore: decorator
@inline
export function addCost(map: u32, cost: u32): void {
  entryOf(map).cost += cost;
}

/** Tells whether it is known already that there is no copy of the map, and that none is worth it: the host is asked at once. */
// @ts-ignore: decorator
@inline
export function isAskedFor(map: u32): bool {
  const snapshot = entryOf(map);
  return (
    !INDEXED && snapshot.block == 0 && snapshot.period == now && (snapshot.habit | snapshot.cost) < ENOUGH
  );
}

/** Tells whether a copy of the map should be taken: not where, as in the last callbacks, few headers are asked for or there. */
// @ts-ignore: decorator
@inline
function isWorthTaking(snapshot: Snapshot): bool {
  return (snapshot.habit | snapshot.cost) >= ENOUGH && top <= END - USUAL;
}

/** Begins to take a copy, if that is worth it: the host's next allocation is for one, and what it answers is to be kept. */
export function beginTaking(snapshot: Snapshot): bool {
  if (!isWorthTaking(snapshot)) return false;
  store<u64>(OUT, 0);
  awaitsSnapshot = true;
  return true;
}

/** Room for a copy of `size` bytes; 0 when there is not so much. */
export function allocateSnapshot(size: usize): usize {
  awaitsSnapshot = false;
  if (size > END - top) return 0;
  const address = top;
  top += (size + 7) & ~7;
  return address;
}

/** Keeps what the host has answered; false when that is no block with pairs: then each header is asked for. */
export function keepSnapshot(snapshot: Snapshot, answered: bool): bool {
  awaitsSnapshot = false;
  const block = load<usize>(OUT);
  const size = load<usize>(OUT, 4);
  snapshot.written = 0;
  snapshot.size = size;
  snapshot.block = FAILED;
  if (!answered || block == 0 || !hasPairs(block, size)) return false;
  if (INDEXED) {
    const index = allocateSnapshot(indexSize(block));
    if (index == 0 || !buildIndex(index, block, size)) return false;
    snapshot.index = index;
  }
  snapshot.block = block;
  return true;
}

/** Tells whether there is a copy. */
// @ts-ignore: decorator
@inline
export function isTaken(snapshot: Snapshot): bool {
  return snapshot.block > FAILED;
}

/** A name of `size` bytes was written, or may have been. */
// @ts-ignore: decorator
@inline
export function noteWritten(map: u32, size: usize): void {
  entryOf(map).written |= lengthBit(size);
}

/** The whole map was written. */
// @ts-ignore: decorator
@inline
export function dropSnapshot(map: u32): void {
  entryOf(map).block = 0;
}

/** The length of a name as a bit. */
// @ts-ignore: decorator
@inline
export function lengthBit(size: usize): u64 {
  return (<u64>1) << (<u64>size);
}

/** Looks for the first header with this name, in any case; its value is then what has been received. */
// @ts-ignore: decorator
@inline
export function findInSnapshot(snapshot: Snapshot, name: usize, size: usize): Found {
  return INDEXED
    ? findByIndex(snapshot.block, snapshot.index, name, size)
    : findByOrder(snapshot.block, snapshot.size, name, size);
}

/** Tells whether the host has none in this callback. */
// @ts-ignore: decorator
@inline
export function hasFailed(snapshot: Snapshot): bool {
  return snapshot.block == FAILED;
}
