/**
 * The contexts that are alive, by number: lists, as many as contexts. Multiplying by the golden ratio spreads numbers that
 * come in sequence evenly over them, beside any that stay: finding one takes the same few steps however many streams are
 * open. (With the lowest bits alone, 1,000 streams that stay open would share their lists with each new one.)
 *
 * @module
 */
import { forgetKept } from "../http/held-part";
import { forgetLatePart } from "../http/late-part";
import { newSlots, slotAt } from "../memory/slots";
import { HOLDS_PARTS, LETS_PARTS_GO } from "../runtime/build";
import { Standing, Target } from "../runtime/target";

/** The first of each list. Static at first, so that a module which keeps no contexts carries no allocator. */
let lists: StaticArray<Target | null> = [null, null, null, null, null, null, null, null];
/** 32 minus the number of bits of a list's number. */
let shift: u32 = 29;
let used: i32 = 0;

/** The list that a context belongs to: those of ids that follow each other differ. */
// @ts-ignore: decorator
@inline
function listOf(id: u32): u32 {
  return (id * 0x9e3779b1) >> shift;
}

/** How many contexts, plugins among them, are alive. */
export function contextCount(): i32 {
  return used;
}

/** The context with this number; null when it never was or is gone. */
export function findTarget(id: u32): Target | null {
  let context = slotAt<Target>(lists, listOf(id));
  while (context !== null && context.contextId != id) context = context.$next;
  return context;
}

/** Adds a context; its number must be new. */
export function addContext(context: Target): void {
  if (used++ >> (32 - shift)) grow();
  place(context);
}

function place(context: Target): void {
  const list = listOf(context.contextId);
  context.$next = slotAt<Target>(lists, list);
  unchecked((lists[list] = context));
}

function grow(): void {
  const old = lists;
  shift--;
  lists = newSlots<Target>(1 << (32 - shift));
  for (let i = 0; i < old.length; i++) {
    for (let context = slotAt<Target>(old, i); context !== null;) {
      const next = context.$next;
      place(context);
      context = next;
    }
  }
}

/** Forgets the context with this number, if there is one. */
export function removeContext(id: u32): void {
  let previous: Target | null = null;
  let context = slotAt<Target>(lists, listOf(id));
  while (context !== null && context.contextId != id) {
    previous = context;
    context = context.$next;
  }
  if (context === null) return;
  if (HOLDS_PARTS) forgetKept(id);
  if (LETS_PARTS_GO) forgetLatePart(id);
  const next = context.$next;
  if (previous === null) unchecked((lists[listOf(id)] = next));
  else previous.$next = next;
  // A caller may still hold this context: it must not keep the others of the list alive.
  context.$next = null;
  context.$standing = <u8>Standing.Gone;
  used--;
}
