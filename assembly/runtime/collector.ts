/// <reference path="./build.d.ts" />
/**
 * When to collect garbage under the `minimal` runtime, which never does so by itself: between callbacks, once enough
 * has been allocated. No managed value is on the stack then, so no shadow stack is needed.
 *
 * @module
 */

/** The number of the `minimal` runtime in `ASC_RUNTIME`; its memory manager is `memory/heap.ts`. */
const MINIMAL: i32 = 1;

/** Collects if it is worth it. */
export function collectGarbage(): void {
  if (ASC_RUNTIME == MINIMAL && isDefined(__collectWhenDue)) __collectWhenDue();
}
