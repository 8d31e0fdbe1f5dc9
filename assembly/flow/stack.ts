/// <reference path="./build.d.ts" />
/**
 * Leaving a function in its middle and going on there later. Binaryen's asyncify, which the transform runs over a module
 * that uses flow, writes the locals of all functions under way to a buffer, and reads them back when they go on.
 *
 * The collector runs between callbacks only (`runtime/collector.ts`), when all that a flow still needs is in what asyncify
 * has written. So that is searched for objects: every word that points into one keeps it. See docs/flow.md, "How it works".
 *
 * @module
 */
import { allocateHeld, blockEnd, blockOf, heapEnd, heapStart, hold, unmarkedObject } from "../memory/heap";
import { allocate, mark, release as releaseScratch } from "../memory/scratch";
import { depth, setDepth } from "../runtime/depth";

// @ts-ignore: decorator
@external("asyncify", "start_unwind")
declare function startUnwind(data: usize): void;
// @ts-ignore: decorator
@external("asyncify", "stop_unwind")
declare function stopUnwind(): void;
// @ts-ignore: decorator
@external("asyncify", "start_rewind")
declare function startRewind(data: usize): void;
// @ts-ignore: decorator
@external("asyncify", "stop_rewind")
declare function stopRewind(): void;

const enum Mode {
  Normal,
  Unwinding,
  Rewinding,
}

let mode: Mode = Mode.Normal;

/** Asyncify's data: the address for the next local, and the end of the buffer. */
const DATA: usize = memory.data(8, 8);

let buffer: usize = 0;
let bufferSize: usize = 0;

/** The most bytes that all other functions under way can need, and each of those calls; the transform sets them. */
let fixedBytes: usize = 0;
let bytesPerCall: usize = 0;

/** Tells whether a function that waits can call itself; the transform makes it answer no where none can. */
export function hasRecursion(): bool {
  return true;
}

/** The most bytes that the running fiber needs to be suspended now. */
export function neededBytes(): usize {
  return fixedBytes + <usize>depth * bytesPerCall;
}

/** The header of a suspended fiber's saved locals, which follow it in memory. */
@unmanaged
class Suspension {
  /** The suspensions before and after this one; 0 at the ends. */
  previous: usize = 0;
  next: usize = 0;
  /** The bytes of locals, and those that there is room for. */
  size: usize = 0;
  capacity: usize = 0;
  depth: i32 = 0;
  /** The fiber's object: the locals of `Fiber#run` keep it. */
  fiber: usize = 0;
}

/** The first suspension. */
let first: usize = 0;

/** Makes the collector ask for what suspended fibers hold. */
let roots: Roots | null = null;

/** The address of the locals. */
// @ts-ignore: decorator
@inline
function localsOf(suspension: usize): usize {
  return suspension + offsetof<Suspension>();
}

/** The bytes that a suspended fiber holds. */
export function heldBytes(suspension: usize): usize {
  return suspension == 0 ? 0 : offsetof<Suspension>() + changetype<Suspension>(suspension).capacity;
}

/** Makes the function that is called next go on where it suspended as `suspension`; 0 lets it begin. Not in a fiber. */
export function rewind(suspension: usize): void {
  setDepth(0);
  if (suspension == 0) return;
  setDepth(changetype<Suspension>(suspension).depth);
  const end = localsOf(suspension) + changetype<Suspension>(suspension).size;
  store<usize>(DATA, end);
  store<usize>(DATA, end, sizeof<usize>());
  mode = Mode.Rewinding;
  startRewind(DATA);
}

/** The next suspension of that function of `fiber`, which has come back; 0 when it has ended. `suspension` is used up. */
export function unwound<T>(suspension: usize, fiber: T): usize {
  if (mode == Mode.Unwinding) {
    mode = Mode.Normal;
    stopUnwind();
    return keep(suspension, changetype<usize>(fiber));
  }
  release(suspension);
  return 0;
}

/** Suspends the running fiber; returns when it goes on after `rewind`. */
export function suspend(): void {
  if (mode == Mode.Rewinding) {
    mode = Mode.Normal;
    stopRewind();
  } else {
    const needed = neededBytes();
    if (needed > bufferSize) {
      if (buffer != 0) heap.free(buffer);
      buffer = allocateHeld(needed);
      bufferSize = needed;
    }
    store<usize>(DATA, buffer);
    store<usize>(DATA, buffer + bufferSize, sizeof<usize>());
    mode = Mode.Unwinding;
    startUnwind(DATA);
  }
}

/** Copies what asyncify has written, in the place of the fiber's suspension before when it fits there well. */
function keep(before: usize, fiber: usize): usize {
  const size = load<usize>(DATA) - buffer;
  if (size > bufferSize) unreachable(); // the bounds are wrong, and what follows the buffer is overwritten
  let suspension = before;
  // Too small, which wraps around, or more than twice the need: a deep wait does not decide what all others hold.
  if (before == 0 || changetype<Suspension>(before).capacity - size > size + 64) {
    release(before);
    const capacity = (size + 15) & ~15;
    suspension = allocateHeld(offsetof<Suspension>() + capacity);
    const fresh = changetype<Suspension>(suspension);
    fresh.capacity = capacity;
    fresh.previous = 0;
    fresh.next = first;
    if (first != 0) changetype<Suspension>(first).previous = suspension;
    first = suspension;
    if (roots === null) roots = new Roots();
  }
  memory.copy(localsOf(suspension), buffer, size);
  changetype<Suspension>(suspension).size = size;
  changetype<Suspension>(suspension).depth = depth;
  changetype<Suspension>(suspension).fiber = fiber;
  return suspension;
}

/** Forgets a suspension that nothing will go on with. */
export function release(suspension: usize): void {
  if (suspension == 0) return;
  const previous = changetype<Suspension>(suspension).previous;
  const next = changetype<Suspension>(suspension).next;
  if (previous == 0) first = next;
  else changetype<Suspension>(previous).next = next;
  if (next != 0) changetype<Suspension>(next).previous = previous;
  heap.free(suspension);
}

/** The collector visits this object once in each collection. */
@final
class Roots {

  @unsafe
  private __visit(cookie: u32): void {
    hold(buffer);
    if (first != 0) markHeld(cookie);
  }
}

/**
 * Keeps every object that a suspended local points to, or into: a local may also hold the address of an element. A number may look
 * like an address, so that only the row of blocks tells where objects begin. First the places that locals name are noted as bits,
 * one for each 16 bytes, and then the row is followed once, from place to place and no further than to the last. Most of what a flow
 * has is made after its fiber: of those, the first one's block is where the row goes on.
 */
function markHeld(cookie: u32): void {
  const low = heapStart();
  const places = (heapEnd() - low) >> 4;
  const before = mark();
  const mapSize = ((places >> 6) + 1) << 3;
  const map = allocate(mapSize);
  memory.fill(map, 0, mapSize);
  let fibers: usize = usize.MAX_VALUE;
  for (let at = first; at != 0; at = changetype<Suspension>(at).next) {
    hold(at);
    fibers = min(fibers, blockOf(changetype<Suspension>(at).fiber));
    const end = localsOf(at) + changetype<Suspension>(at).size;
    for (let local = localsOf(at); local < end; local += 4) {
      // The address behind an object belongs to it, as the address of what follows its last element.
      const place = (load<usize>(local) - low - 1) >> 4;
      if (place >= places) continue;
      const word = map + ((place >> 6) << 3);
      store<u64>(word, load<u64>(word) | ((<u64>1) << (<u64>place)));
    }
  }
  let block = low;
  for (let word = map; word < map + mapSize; word += 8) {
    for (let bits = load<u64>(word); bits != 0; bits &= bits - 1) {
      const address = low + ((((word - map) << 3) + <usize>ctz(bits)) << 4);
      if (block < fibers && fibers <= address) block = fibers;
      for (let next = blockEnd(block); next <= address; next = blockEnd(block)) block = next;
      const object = unmarkedObject(block);
      if (object != 0) __visit(object, cookie);
    }
  }
  releaseScratch(before);
}
