/// <reference path="./build.d.ts" />
/**
 * When to collect garbage under the `minimal` runtime, which never does so by itself: between callbacks, once enough
 * has been allocated. No managed value is on the stack then, so no shadow stack is needed.
 *
 * @module
 */

/** The number of the `minimal` runtime in `ASC_RUNTIME`. */
const MINIMAL: i32 = 1;

/** Bytes allocated since the last collection; the transform adds to it in the runtime's `__new`. */
export let debt: usize = 0;

/**
 * Collects when a quarter of the memory has been allocated since the last time: the cost per allocated byte stays the
 * same however much a filter keeps, and the memory stays below three times of what it keeps.
 */
export function collectGarbage(): void {
  if (ASC_RUNTIME == MINIMAL) {
    if (debt > (<usize>memory.size()) << 14) {
      debt = 0;
      __collect();
    }
  }
}
