/**
 * The contexts that are alive, by number: a hash table with open addressing. Numbers come in sequence, so the lowest
 * bits spread them well, and finding one takes the same few steps however many streams are open.
 *
 * @module
 */
import { Context } from "./context";

/** Static at first, so that a module which keeps no contexts carries no allocator. */
let slots: StaticArray<Context | null> = [null, null, null, null, null, null, null, null];
let mask: u32 = 7;
let used: i32 = 0;

/** How many contexts, plugins among them, are alive. */
export function contextCount(): i32 {
  return used;
}

/** The context with this number; null when it never was or is gone. */
export function findContext(id: u32): Context | null {
  let slot = id & mask;
  let context = unchecked(slots[slot]);
  while (context !== null && context.id != id) {
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
  let slot = context.id & mask;
  while (unchecked(slots[slot]) !== null) slot = (slot + 1) & mask;
  unchecked((slots[slot] = context));
}

function grow(): void {
  const old = slots;
  mask = mask * 2 + 1;
  slots = new StaticArray<Context | null>(<i32>mask + 1);
  for (let i = 0; i < old.length; i++) {
    const context = unchecked(old[i]);
    if (context !== null) place(context);
  }
}

/** Forgets the context with this number, if there is one. */
export function removeContext(id: u32): void {
  let slot = id & mask;
  for (;;) {
    const context = unchecked(slots[slot]);
    if (context === null) return;
    if (context.id == id) {
      context.isGone = true;
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
    const home = follower.id & mask;
    if (((slot - home) & mask) >= ((slot - gap) & mask)) {
      unchecked((slots[gap] = follower));
      gap = slot;
    }
  }
  unchecked((slots[gap] = null));
}
