/// <reference path="../runtime/build.d.ts" />
/**
 * `throw`, and the beginning and end of a `try`: the build makes the exceptions themselves (src/transform/contain/try.ts). A
 * `catch` also ends calls of the SDK that were under way, and restores the state that the SDK had when the `try` began.
 *
 * @module
 */
import { forgetBuffer } from "../memory/host-values";
import { mark, release } from "../memory/scratch";
import { abortFrom } from "../runtime/abort";
import { depth as stack, restoreDepth } from "../runtime/budget";
import { depth as waits, setDepth } from "../runtime/depth";
import { Kind, callbacks, forgetThrown, isFinal, noteError, noteKind } from "../runtime/thrown";
import { takeThrown } from "../runtime/thrown-error";

/** The error that was caught last. */
let latest: Error | null = null;

/** `throw thrown`. */
export function throwError(thrown: Error): void {
  if (isDefined(PROXY_WASM_TRY)) {
    noteError(thrown);
    // An error that is thrown again keeps the place at which it was thrown first.
    const from = <string>thrown.stack;
    if (from.length > 0) abortFrom(thrown.message, from);
  }
  abort(thrown.message);
}

/** A `try` begins. Answers the state to restore when something is caught. */
export function beginTry(): i64 {
  return ((<i64>callbacks) << 32) | (<i64>mark());
}

/** … and how many calls are counted. */
export function beginDepth(): i64 {
  return isDefined(PROXY_WASM_FLOW) ? ((<i64>waits) << 32) | (<i64>stack) : <i64>stack;
}

/** Tells whether the error that was thrown is caught; errors that end the callback are not. */
export function isCaught(begun: i64, depths: i64): bool {
  if (isFinal) return false;
  const thrown = takeThrown();
  if (thrown === null) return false;
  // After a wait, scratch memory is another callback's.
  if (<u32>(begun >> 32) == callbacks) release(<usize>begun);
  forgetBuffer();
  restoreDepth(<i32>depths);
  if (isDefined(PROXY_WASM_FLOW)) setDepth(<i32>(depths >> 32));
  latest = thrown;
  forgetThrown();
  return true;
}

/** The compiler's library, or what the compiler checks, throws something of this class. */
export function throwsKind(number: i32): void {
  noteKind(<Kind>number);
}

/** The error that was caught. */
export function caught(): Error {
  return latest!;
}
