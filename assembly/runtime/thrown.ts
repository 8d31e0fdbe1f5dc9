/// <reference path="build.d.ts" />
/**
 * The state of a `throw`, for filters that catch something themselves (`language/exceptions.ts`): without that, a throw keeps a
 * line for the log and nothing else.
 *
 * @module
 */

/** The class of what the compiler's library and the build throw. */
export const enum Kind {
  Error,
  RangeError,
  TypeError,
  SyntaxError,
  URIError,
}

/** The thrown value: an object, or a message and its class, or a message that the build has written. */
export let error: Error | null = null;
export let text: string | null = null;
export let kind: Kind = Kind.Error;
export let entry: u32 = 0;

/** Tells whether it ends the callback in any case. */
export let isFinal: bool = false;

/** The same of what is about to be thrown. */
let nextError: Error | null = null;
let nextKind: Kind = Kind.Error;
let nextIsFinal: bool = false;

/** Counts the callbacks that have begun. */
export let callbacks: u32 = 0;

export function noteCallback(): void {
  callbacks++;
}

export function noteError(thrown: Error): void {
  nextError = thrown;
}

export function noteKind(thrown: Kind): void {
  nextKind = thrown;
}

export function noteFinal(): void {
  nextIsFinal = true;
}

/** The bug happens, with a message. */
export function noteText(message: string | null): void {
  text = message;
  entry = 0;
  error = nextError;
  kind = nextKind;
  isFinal = nextIsFinal;
  nextError = null;
  nextKind = Kind.Error;
  nextIsFinal = false;
}

/** The bug happens, with the message at an address. */
export function noteEntry(message: u32): void {
  noteText(null);
  entry = message;
}

/** Nothing needs it any more. */
export function forgetThrown(): void {
  error = null;
  text = null;
}
