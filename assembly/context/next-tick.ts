/**
 * The requests that go on in the next tick of the host's timer, in modules that have no timers of their own.
 *
 * @module
 */
import { proxy_set_tick_period_milliseconds } from "../abi/imports";
import { Target } from "../runtime/target";

/** One of them, by its stream. */
@final
export class PutOff {
  next: PutOff | null = null;

  constructor(readonly stream: Target) {}
}

// @ts-ignore: decorator
@lazy
let first: PutOff | null = null;
// @ts-ignore: decorator
@lazy
let last: PutOff | null = null;

/** Puts the request of `stream`, which is in effect, off to the next tick. */
export function putOff(stream: Target): void {
  const one = new PutOff(stream);
  const before = last;
  last = one;
  if (before === null) first = one;
  else before.next = one;
  proxy_set_tick_period_milliseconds(1);
}

/** Answers the first of what was put off, and forgets all; stops the timer of the plugin in effect. */
export function takePutOff(): PutOff | null {
  proxy_set_tick_period_milliseconds(0);
  const all = first;
  first = null;
  last = null;
  return all;
}
