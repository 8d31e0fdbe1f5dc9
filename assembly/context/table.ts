/**
 * The contexts that are alive, by number: a hash table with open addressing. Multiplying by the golden ratio spreads
 * numbers that come in sequence evenly, beside any that stay: finding one takes the same few steps however many streams
 * are open. (With the lowest bits alone, 1,000 streams that stay open are a run that each new number may land in.)
 *
 * @module
 */
import { Context } from "./context";

/** Static at first, so that a module which keeps no contexts carries no allocator. */
let slots: StaticArray<Context | null> = [null, null, null, null, null, null, null, null];
let mask: u32 = 7;
/** 32 minus the number of bits in `mask`. */
let shift: u32 = 29;
let used: i32 = 0;

/** Where a context belongs; it may sit behind that. */
// @ts-ignore: decorator
@inline
function homeOf(id: u32): u32 {
  return (id * 0x9e3779b1) >> shift;
}

/** How many contexts, plugins among them, are alive. */
export function contextCount(): i32 {
  return used;
}

/** The context with this number; null when it never was or is gone. */
export function findContext(id: u32): Context | null {
  let slot = homeOf(id);
  let context = unchecked(slots[slot]);
  while (context !== null && context.contextId != id) {
    slot = (slot + 1) & mask;
    context = unchecked(slots[slot]);
  }
  return context;
}

/** Adds a context; its number must be new. */
export function addContext(context: Context): void {
  if (++used * 2 > <i32>mask) grow();
  place(context);
}

function place(context: Context): void {
  let slot = homeOf(context.contextId);
  while (unchecked(slots[slot]) !== null) slot = (slot + 1) & mask;
  unchecked((slots[slot] = context));
}

function grow(): void {
  const old = slots;
  mask = mask * 2 + 1;
  shift--;
  slots = new StaticArray<Context | null>(<i32>mask + 1);
  for (let i = 0; i < old.length; i++) {
    const context = unchecked(old[i]);
    if (context !== null) place(context);
  }
}

/** Forgets the context with this number, if there is one. */
export function removeContext(id: u32): void {
  let slot = homeOf(id);
  for (;;) {
    const context = unchecked(slots[slot]);
    if (context === null) return;
    if (context.contextId == id) {
      context.$isGone = true;
      break;
    }
    slot = (slot + 1) & mask;
  }
  used--;
  // Close the gap: move back each follower that would no longer be found behind it.
  let gap = slot;
  for (;;) {
    slot = (slot + 1) & mask;
    const follower = unchecked(slots[slot]);
    if (follower === null) break;
    const home = homeOf(follower.contextId);
    if (((slot - home) & mask) >= ((slot - gap) & mask)) {
      unchecked((slots[gap] = follower));
      gap = slot;
    }
  }
  unchecked((slots[gap] = null));
}
