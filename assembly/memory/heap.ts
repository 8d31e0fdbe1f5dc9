/// <reference path="../runtime/build.d.ts" />
/// <reference path="../flow/build.d.ts" />
/**
 * The memory of objects, in place of the compiler's under the runtime `minimal`: the transform takes that out and names this
 * one. It is made for filters, which allocate little, and of which nothing managed is on the stack between callbacks.
 *
 * The heap is a row of blocks without gaps. A block whose mark is not of this epoch is free, so that a collection only marks
 * what is reachable; the free blocks are found later, as memory is needed: objects are put one behind the other into a run of
 * free blocks, and when it is full a cursor goes on to the next.
 *
 * @module
 */
// @ts-ignore: the compiler finds its own library, into which editors need not look
import { BLOCK_OVERHEAD, OBJECT, OBJECT_MAXSIZE, OBJECT_OVERHEAD } from "~lib/rt/common";

/**
 * The header before an object, as the compiler lays it out; a block begins with it. The two words that are the collector's
 * hold the next block of a list and the mark.
 */
const LINK: usize = offsetof<OBJECT>("gcInfo") - BLOCK_OVERHEAD;
const MARK: usize = offsetof<OBJECT>("gcInfo2") - BLOCK_OVERHEAD;
const RTID: usize = offsetof<OBJECT>("rtId") - BLOCK_OVERHEAD;
const RTSIZE: usize = offsetof<OBJECT>("rtSize") - BLOCK_OVERHEAD;
const HEADER: usize = OBJECT_OVERHEAD;

/** The mark of a block that stays until it is freed by name. */
const KEPT: u32 = -1;

/** The most bytes of an object: as in the compiler's library, which computes sizes with that in mind. */
const MAX_SIZE: usize = (1 << 30) - 32;

if (HEADER != 16 || MAX_SIZE > OBJECT_MAXSIZE)
  ERROR("proxy-wasm-as does not know this compiler's objects; use AssemblyScript 0.28.20");

/** The most bytes that one callback may allocate, so that a runaway loop ends before the proxy is in danger. */
const LIMIT: usize = isDefined(PROXY_WASM_MEMORY_LIMIT) ? (<usize>PROXY_WASM_MEMORY_LIMIT) << 20 : 128 << 20;

/** In the place of a class's number: the block is the room into which the object before it grows; or it is held. */
const ROOM: u32 = -1;
const NO_CLASS: u32 = -1;

/** A block as large as this does not end a run that it does not fit in. */
const LARGE: usize = 256;

/** A run need not be longer than this. */
const RUN: usize = 1024;

/** The mark of blocks that are in use. */
let epoch: u32 = 1;

/** The address of the first block. The transform sets it, and all that follow, to the memory behind the module's data. */
let start: usize = 0;

/** The address behind the last block that stays until it is freed by name, but for those that `allocateHeld` makes. */
let fixed: usize = 0;

/** The run, [run, runEnd), where the next object goes; the next one is looked for behind it. */
let run: usize = 0;
let runEnd: usize = 0;

/** The address from which the next large block is looked for, if that is further. */
let ahead: usize = 0;

/** The address behind the last block; there is room for a header. */
let end: usize = 0;

/** The bytes of memory that the heap has; there may be gaps that belong to others. */
let total: usize = 0;

/** How many bytes the running callback has used, with all of the run: nothing is freed before it ends. */
let used: usize = 0;

/** `used` when that is more than it may. */
const ALL: usize = usize.MAX_VALUE;

/** With flows, a collection comes once half of this has been allocated, or twice of what was kept. */
const FLOW_MOST: usize = 24576;

/** As soon as fewer bytes are left in the run, a collection is worth it. */
let due: i32 = 0;

/** The latest block whose members are still to be marked. */
let unvisited: usize = 0;

/** The latest pinned block. */
let pinned: usize = 0;

/** The size of the block for an object of `size` bytes. */
// @ts-ignore: decorator
@inline
function blockSize(size: usize): usize {
  return (size + (HEADER + 15)) & ~15;
}

// @ts-ignore: decorator
@inline
function blockEnd(block: usize): usize {
  return block + blockSize(load<u32>(block, RTSIZE));
}

/** Makes [block, blockEnd) one block. */
function setBlock(block: usize, blockEnd: usize, mark: u32): void {
  store<u32>(block, mark, MARK);
  store<u32>(block, <u32>(blockEnd - block - HEADER), RTSIZE);
}

/** Makes [block, blockEnd), if there is anything, one free block. */
function setFree(block: usize, blockEnd: usize): void {
  if (block < blockEnd) setBlock(block, blockEnd, 0);
}

/** Makes what is left of the run a block. */
// @ts-ignore: decorator
@inline
function endRun(): void {
  setFree(run, runEnd);
}

/** Allocates a block where there is no room in the run. */
function allocateElsewhere(needed: usize): usize {
  if (used - (runEnd - run) + needed > LIMIT) {
    used = ALL;
    fail();
  }
  if (needed >= LARGE) {
    const block = findSpace(max(ahead, runEnd), needed, needed);
    ahead = block + needed;
    setFree(ahead, spaceEnd);
    use(needed);
    return block;
  }
  endRun();
  const block = findSpace(run, needed, RUN);
  run = block + needed;
  runEnd = spaceEnd;
  use(spaceEnd - block);
  return block;
}

/** Counts what is allocated, by the run. */
function use(bytes: usize): void {
  due += <i32>bytes;
  used += bytes;
}

/** The end of the space that `findSpace` has found. */
let spaceEnd: usize = 0;

/**
 * The first free space of `needed` bytes from `block` on, at the latest in new memory. Looks no further once it has found
 * `enough`: what one request pays for must not depend on how much is free.
 */
function findSpace(block: usize, needed: usize, enough: usize): usize {
  let next = block;
  while (next != end && next - block < enough) {
    if (load<u32>(next, MARK) < epoch) next = blockEnd(next);
    else if (next - block >= needed) break;
    else block = next = blockEnd(next);
  }
  if (next - block < needed) {
    block = grow(block, needed);
    next = end;
  }
  spaceEnd = next;
  return block;
}

/** Grows the memory until `needed` bytes are free at its end, of which those from `space` on are already. */
function grow(space: usize, needed: usize): usize {
  const limit = (<usize>memory.size()) << 16;
  if (end + HEADER != limit) {
    // Others have grown the memory since.
    setBlock(end, limit, KEPT);
    space = fixed = limit;
  }
  const pages = (space + needed + HEADER - limit + 0xffff) >> 16;
  if (memory.grow(<i32>pages) < 0) fail();
  total += pages << 16;
  end = limit + (pages << 16) - HEADER;
  return space;
}

/** Ends the callback: memory cannot be had, or the callback has allocated as much as one may. */
function fail(): void {
  if (used != ALL) abort("out of memory");
  if (isDefined(PROXY_WASM_MEMORY_LIMIT)) abort("more than PROXY_WASM_MEMORY_LIMIT in a callback");
  abort("more than 128 MiB in a callback");
}

/** Allocates an object. Its data is not cleared. */
function create(size: usize, id: u32): usize {
  if (size > MAX_SIZE) fail();
  const needed = blockSize(size);
  let block = run;
  if (needed > runEnd - block) block = allocateElsewhere(needed);
  else run = block + needed;
  store<u32>(block, epoch, MARK);
  store<u32>(block, id, RTID);
  store<u32>(block, <u32>size, RTSIZE);
  return block + HEADER;
}

// @ts-ignore: decorator
@global @unsafe
export function __new(size: usize, id: u32): usize {
  const object = create(size, id);
  // A flow can be suspended within a constructor, and the collector then looks at an object that is half made. Without flows each
  // object is complete before anything else looks at it.
  if (isDefined(PROXY_WASM_FLOW)) memory.fill(object, 0, size);
  return object;
}

// @ts-ignore: decorator
@global @unsafe
export function __renew(object: usize, size: usize): usize {
  const block = object - HEADER;
  const id = load<u32>(block, RTID);
  const before = <usize>load<u32>(block, RTSIZE);
  // Objects in the module's data stay as they are.
  if (block >= __heap_base) {
    const end = block + blockSize(before);
    if (size <= end - object && end != run) return __shrink(object, size);
    // If nothing follows, it may stay. Otherwise its data stays there until it is copied, because the next allocation is either
    // here or further on.
    if (end == run || end == ahead) __free(object);
  }
  const moved = create(size, id);
  if (moved != object) memory.copy(moved, object, min(before, size));
  return moved;
}

/** Gives an object a size that is no larger than its block has room for; what is left of the block is free. */
// @ts-ignore: decorator
@global @unsafe
export function __shrink(object: usize, size: usize): usize {
  const block = object - HEADER;
  const end = blockEnd(block);
  const newEnd = block + blockSize(size);
  store<u32>(block, <u32>size, RTSIZE);
  if (end == run) run = newEnd;
  else {
    setFree(newEnd, end);
    if (end == ahead) ahead = newEnd;
  }
  return object;
}

/** Makes [block, blockEnd) the room of the object before it. */
function setRoom(block: usize, blockEnd: usize): void {
  setBlock(block, blockEnd, epoch);
  store<u32>(block, ROOM, RTID);
}

/** Allocates an object that can grow where it is until it has `capacity` bytes. */
export function createWithRoom(size: usize, capacity: usize, id: u32): usize {
  const object = create(capacity, id);
  const block = object - HEADER;
  const end = blockEnd(block);
  const newEnd = block + blockSize(size);
  store<u32>(block, <u32>size, RTSIZE);
  if (newEnd != end) setRoom(newEnd, end);
  return object;
}

/** Makes an object larger where it is: in its room, or in the run when it is the latest. False when there is none. */
export function extend(object: usize, size: usize): bool {
  const block = object - HEADER;
  const before = blockEnd(block);
  const after = block + blockSize(size);
  if (after != before) {
    if (before == run) {
      if (after - before > runEnd - run) return false;
      run = after;
    } else {
      if (before == end || load<u32>(before, RTID) != ROOM || load<u32>(before, MARK) != epoch) return false;
      const roomEnd = blockEnd(before);
      if (after > roomEnd) return false;
      if (after != roomEnd) setRoom(after, roomEnd);
    }
  }
  store<u32>(block, <u32>size, RTSIZE);
  return true;
}

// @ts-ignore: decorator
@global @unsafe
export function __link(parent: usize, child: usize, expectMultiple: bool): void {}

// @ts-ignore: decorator
@global @unsafe
export function __visit(object: usize, cookie: u32): void {
  const block = object - HEADER;
  if (object == 0 || load<u32>(block, MARK) >= epoch) return;
  store<u32>(block, epoch, MARK);
  store<usize>(block, unvisited, LINK);
  unvisited = block;
}

/** In a collection: what `allocateHeld` has made stays. */
export function hold(object: usize): void {
  const block = object - HEADER;
  store<usize>(block, unvisited, LINK);
  unvisited = block;
}

/** Memory that stays until it is freed, and is held (`hold`) in each collection until then. */
export function allocateHeld(size: usize): usize {
  const address = __new(size, NO_CLASS);
  store<u32>(address - HEADER, KEPT, MARK);
  return address;
}

/** Marks all objects that are reachable, and may not allocate. All others are free from then on. */
// @ts-ignore: decorator
@global @unsafe
export function __collect(): void {
  endRun();
  epoch++;
  __visit_globals(0);
  for (let block = pinned; block != 0; block = load<usize>(block, LINK)) __visit_members(block + HEADER, 0);
  // Objects that stay for long are at the beginning, those of open streams where memory was allocated last. All that lies free between
  // them is joined, so that nobody goes from one dead object to the next; where flows wait, the rest behind them as well.
  const middle = (fixed + run) >> 1;
  let low = fixed;
  let high = end;
  let reach = fixed;
  let kept: usize = 0;
  for (let block = unvisited; block != 0; block = unvisited) {
    unvisited = load<usize>(block, LINK);
    if (block >= __heap_base) {
      const next = blockEnd(block);
      if (!isDefined(PROXY_WASM_FLOW) || load<u32>(block, MARK) != KEPT) kept += next - block;
      if (block >= middle) high = min(high, block);
      else low = max(low, next);
      if (isDefined(PROXY_WASM_FLOW)) reach = max(reach, next);
    }
    // A text that waits while it grows has no class.
    if (!isDefined(PROXY_WASM_FLOW) || load<i32>(block, RTID) >= 0) __visit_members(block + HEADER, 0);
  }
  setFree(low, high);
  if (isDefined(PROXY_WASM_FLOW)) setFree(reach, end);
  // While flows wait, a collection follows the row of blocks, and so must come before it is long.
  const free = isDefined(PROXY_WASM_FLOW) ? min(total - kept, FLOW_MOST) : total - kept;
  due = -max((<i32>kept) << 1, (<i32>free) >> 1);
  // If that is more than enough until the next collection, nobody looks for room between objects that stay.
  run = isDefined(PROXY_WASM_FLOW) && (<i32>(high - low + end - reach)) >> 1 > -due ? low : start;
  runEnd = ahead = run;
}

/**
 * Collects when twice as much has been allocated as was kept the last time, or half of what was free then (see `FLOW_MOST`): the cost per
 * allocated byte stays the same however much a filter keeps, and the memory about three times of that.
 */
// @ts-ignore: decorator
@global @unsafe
export function __collectWhenDue(): void {
  used = runEnd - run;
  if (<i32>used < due) {
    __collect();
    used = 0;
  }
}

// @ts-ignore: decorator
@global @unsafe
export function __pin(object: usize): usize {
  if (object != 0) {
    const block = object - HEADER;
    if (load<u32>(block, MARK) == KEPT) throw new Error("Object already pinned");
    store<u32>(block, KEPT, MARK);
    store<usize>(block, pinned, LINK);
    pinned = block;
    if (block >= start) fixed = max(fixed, blockEnd(block));
  }
  return object;
}

// @ts-ignore: decorator
@global @unsafe
export function __unpin(object: usize): void {
  if (object == 0) return;
  const block = object - HEADER;
  if (load<u32>(block, MARK) != KEPT) throw new Error("Object is not pinned");
  store<u32>(block, epoch, MARK);
  const next = load<usize>(block, LINK);
  if (pinned == block) pinned = next;
  else {
    let other = pinned;
    while (load<usize>(other, LINK) != block) other = load<usize>(other, LINK);
    store<usize>(other, next, LINK);
  }
}

/** `heap.alloc`: memory that stays until it is freed. */
// @ts-ignore: decorator
@global @unsafe
export function __alloc(size: usize): usize {
  const address = __new(size, 0);
  store<u32>(address - HEADER, KEPT, MARK);
  fixed = max(fixed, blockEnd(address - HEADER));
  return address;
}

// @ts-ignore: decorator
@global @unsafe
export function __realloc(address: usize, size: usize): usize {
  const moved = __alloc(size);
  memory.copy(moved, address, min(size, <usize>load<u32>(address - HEADER, RTSIZE)));
  __free(address);
  return moved;
}

// @ts-ignore: decorator
@global @unsafe
export function __free(address: usize): void {
  const block = address - HEADER;
  const end = blockEnd(block);
  if (end == run) run = block;
  else {
    store<u32>(block, 0, MARK);
    if (end == ahead) ahead = block;
  }
}

/** The addresses of all blocks are in [heapStart, heapEnd). */
export function heapStart(): usize {
  return start;
}

export function heapEnd(): usize {
  return end;
}

export { blockEnd };

/** The block of an object. */
// @ts-ignore: decorator
@inline
export function blockOf(object: usize): usize {
  return object - HEADER;
}

/** While a collection is under way: the object in a block that was in use, and has not been found reachable yet; or 0. */
export function unmarkedObject(block: usize): usize {
  return load<u32>(block, MARK) == epoch - 1 ? block + HEADER : 0;
}

/** Right after a collection: where the data of a free block is; 0 when the block is in use. */
export function freeObject(block: usize): usize {
  return load<u32>(block, MARK) < epoch ? block + HEADER : 0;
}
