/**
 * The callback that is running: its kind, and the context that the host acts upon.
 *
 * @module
 */
import { Status } from "../abi/enums";
import { proxy_set_effective_context } from "../abi/imports";
import { collectGarbage } from "./collector";

/** The kinds of callbacks that the guards tell apart. */
export const enum Phase {
  /** `_initialize`: only logging is possible. */
  Start,
  /** Lifecycle of a plugin, timers, queues and answers to calls: the plugin's context is in effect. */
  Plugin,
  /** A stream begins; it has no headers yet. */
  Create,
  RequestHeaders,
  RequestBody,
  RequestTrailers,
  ResponseHeaders,
  ResponseBody,
  ResponseTrailers,
  /** `onDone`, `onLog` and `onDelete`: a local response, reset or body access would crash Envoy 1.40. */
  End,
}

/** The kind of the running callback. */
export let phase: Phase = Phase.Start;

/** The context that the running callback was called for. */
export let callbackContext: u32 = 0;

/** The context that host calls act upon: `callbackContext` unless `actOn` moved it. */
let effectiveContext: u32 = 0;

/** How many callbacks are under way: the host may call one from within a host call. */
let depth: i32 = 0;

/** Every exported callback begins here … */
export function enter(context: u32, kind: Phase): void {
  depth++;
  phase = kind;
  callbackContext = context;
  effectiveContext = context;
}

/** … and ends here. With no callback left under way nothing managed is on the stack, and garbage may go. */
export function leave(): void {
  if (--depth == 0) collectGarbage();
}

/** Whether a callback is under way, that is, whether the host can be called for more than logging. */
export function inCallback(): bool {
  return depth != 0;
}

/** Makes host calls act upon `context`; false when it is gone. */
export function actOn(context: u32): bool {
  if (effectiveContext == context) return true;
  if (proxy_set_effective_context(context) != Status.Ok) return false;
  effectiveContext = context;
  return true;
}

/** Whether `kind` belongs to the request or the response of a stream that is still open. */
// @ts-ignore: decorator
@inline
export function isStreaming(kind: Phase): bool {
  return kind >= Phase.RequestHeaders && kind <= Phase.ResponseTrailers;
}
