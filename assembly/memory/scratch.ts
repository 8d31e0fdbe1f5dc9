/**
 * Short-lived memory outside the collector's reach: what goes to the host is written here, and what comes from the host
 * lands here and is decoded at once. It is a stack: take a `mark`, allocate, `release` to the mark.
 *
 * @module
 */

/** One chunk is enough for nearly every call, and leaves room for a small filter's heap in the first 64 KiB page. */
const STATIC_SIZE: usize = 8192;
const STATIC: usize = memory.data(8192, 16);

/** The current chunk is [base, end); `top` is the first free byte. A chunk beyond the first begins with a `Link`. */
let base: usize = STATIC;
let end: usize = STATIC + STATIC_SIZE;
let top: usize = STATIC;

/** The header of a chunk beyond the first. */
@unmanaged
class Link {
  /** The chunk that this one continues. */
  base: usize = 0;
  end: usize = 0;
  top: usize = 0;
  /** The end of this chunk. */
  limit: usize = 0;
  /** The next chunk that is not in use. */
  next: usize = 0;
}

/**
 * The word with the address of the first chunk that was grown for a large value and given back; kept, because memory never
 * shrinks.
 */
const UNUSED: usize = memory.data(4, 4);

/** Eight words for the host's answers (`…Out` parameters), read right after the call. */
export const OUT: usize = memory.data(32, 8);

// @ts-ignore: decorator
@inline
export function mark(): usize {
  return top;
}

/** `size` bytes of scratch memory, aligned to 8 as chunks' ends are; 0 when the memory cannot grow any further. */
export function tryAllocate(size: usize): usize {
  const address = top;
  if (size > end - address) return allocateChunk(size);
  top = address + ((size + 7) & ~7);
  return address;
}

/** Like `tryAllocate`, for sizes that the filter itself chose; without memory it cannot go on. */
export function allocate(size: usize): usize {
  const address = tryAllocate(size);
  if (address == 0) unreachable();
  return address;
}

function allocateChunk(size: usize): usize {
  if (size > 0x3fff0000) return 0; // the host's cap on memory is 1 GiB
  const needed = offsetof<Link>() + ((size + 7) & ~7);
  const chunk = takeChunk(needed);
  if (chunk == 0) return 0;
  const link = changetype<Link>(chunk);
  link.base = base;
  link.end = end;
  link.top = top;
  base = chunk;
  end = link.limit;
  top = chunk + needed;
  return chunk + offsetof<Link>();
}

/**
 * A chunk of at least `size` bytes: one that was used before, or new pages. They do not come from the heap, so that a
 * filter without objects carries no allocator, and a size that a peer chose cannot make it trap.
 */
function takeChunk(size: usize): usize {
  for (let named = UNUSED, chunk = load<usize>(UNUSED); chunk != 0; chunk = load<usize>(named)) {
    if (changetype<Link>(chunk).limit - chunk >= size) {
      store<usize>(named, changetype<Link>(chunk).next);
      return chunk;
    }
    named = chunk + offsetof<Link>("next");
  }
  // A power of two, so that all chunks that were too small together are no larger than the next.
  const pages = 1 << (32 - clz<i32>(<i32>((size - 1) >> 16)));
  const before = memory.grow(pages);
  if (before < 0) return 0;
  const chunk = (<usize>before) << 16;
  changetype<Link>(chunk).limit = chunk + ((<usize>pages) << 16);
  return chunk;
}

/** Gives back everything allocated since `mark` was taken. */
export function release(mark: usize): void {
  while (mark - base > end - base) dropChunk();
  top = mark;
}

function dropChunk(): void {
  const link = changetype<Link>(base);
  link.next = load<usize>(UNUSED);
  store<usize>(UNUSED, base);
  base = link.base;
  end = link.end;
  top = link.top;
}

/** Shrinks the latest allocation, which began at `address`, to `size` bytes. */
// @ts-ignore: decorator
@inline
export function trim(address: usize, size: usize): void {
  top = address + ((size + 7) & ~7);
}

/**
 * `size` bytes for good, from the far end of the first chunk; 0 when half of it is taken, or another chunk is in use.
 * Other memory is not to be had without an allocator, and so much is enough for a filter's names.
 */
export function keep(size: usize): usize {
  const address = end - ((size + 7) & ~7);
  if (base != STATIC || address < max(top, STATIC + STATIC_SIZE / 2)) return 0;
  end = address;
  return address;
}

/** The mark of a callback that is not made from within another: nothing has been allocated. */
// @ts-ignore: decorator
@inline
export function emptyMark(): usize {
  return STATIC;
}

/** The size of the memory that `emergency` answers. */
export const EMERGENCY_SIZE: usize = STATIC_SIZE;

/** Memory for a last message: everything in scratch memory is given up, nothing is allocated. */
export function emergency(): usize {
  return STATIC;
}
