/// <reference path="build.d.ts" />
/**
 * An end for loops and recursion without one: the build has loops that it cannot see to end, and functions that call
 * themselves, count here. Messages and places are those of `bug.ts`. See docs/bugs.md.
 *
 * @module
 */
import { fail } from "./bug";
import { noteFinal } from "./thrown";

/** How much a callback may spend; the build sets it. */
let limit: i32 = 0;

/** How much of it is left. */
let left: i32 = 0;

/** How many bytes of the stack functions that call themselves may take; a host has about a million. */
const DEEPEST: i32 = 400_000;

/** How many they take. */
export let depth: i32 = 0;

/** A callback begins. */
export function beginBudget(): void {
  left = limit;
  depth = 0;
}

/** A loop begins anew. */
export function spend(amount: i32, message: u32, place: u32): void {
  left -= amount;
  if (left < 0) {
    // The code that handles the bug has a budget of its own; a filter that caught this could go on for ever.
    beginBudget();
    if (isDefined(PROXY_WASM_TRY)) noteFinal();
    fail(message, place);
  }
}

/** Something is caught, where so much of the stack is taken. */
export function restoreDepth(taken: i32): void {
  depth = taken;
}

/** A function that calls itself begins, which takes so much of the stack. */
export function descend(size: i32, message: u32, place: u32): void {
  depth += size;
  if (depth > DEEPEST) {
    beginBudget();
    if (isDefined(PROXY_WASM_TRY)) noteFinal();
    fail(message, place);
  }
  spend(1, message, place);
}

/** It has ended. */
export function ascend(size: i32): void {
  depth -= size;
}
