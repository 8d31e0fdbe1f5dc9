/// <reference path="build.d.ts" />
/**
 * The callback that is running: its kind, and the context that the host acts upon.
 *
 * @module
 */
import { Status } from "../abi/enums";
import { proxy_set_effective_context } from "../abi/imports";
import { emptyMark, mark, release } from "../memory/scratch";
import { beginSnapshots, forgetSnapshots } from "../memory/snapshots";
import { MANY_READS, NESTING, SHARED_STREAMS } from "./build";
import { collectGarbage } from "./collector";
import { Standing, Target, expectStream, wholeOf } from "./target";
import { noteCallback } from "./thrown";

/** The kinds of callbacks that the guards tell apart. */
export const enum Phase {
  /** `_initialize`: only logging is possible. */
  Start,
  /** Lifecycle of a plugin, timers, queues and answers to calls of the plugin: its context is in effect. */
  Plugin,
  /** A stream begins; it has no headers yet. */
  Create,
  RequestHeaders,
  RequestBody,
  RequestTrailers,
  ResponseHeaders,
  ResponseBody,
  ResponseTrailers,
  Metadata,
  /** The answer to a call of an HTTP stream, or a timer of one. */
  Answer,
  /** A callback of a TCP connection that has no data. */
  Connection,
  DownstreamData,
  UpstreamData,
  /** Envoy 1.40 crashes on a local response or reset in it: the stream that is being read goes. */
  ResponseMetadata,
  /** `onLog`: a local response, reset or body access would crash Envoy 1.40. */
  Log,
  /** `onDone` and `onDelete`: likewise. */
  End,
}

/** The kind of the running callback. */
export let phase: Phase = Phase.Start;

/** The context that the running callback was called for. */
export let callbackContext: u32 = 0;

/** The context that host calls act upon: `callbackContext` unless `actOn` moved it. */
export let effectiveContext: u32 = 0;

/** The same as an object; null for a plugin, and where one object serves all streams. */
let target: Target | null = null;

/** The flag of `progress` that is forgotten when the next callback begins. */
export const TRANSIENT: u32 = 1 << 16;

/** The flag of `progress` that says that the request's headers have gone on. */
export const REQUEST_SENT: u32 = 1 << 4;

/** How far the target has come; 0 without one. */
export let progress: u32 = 0;

/** Counts the callbacks that have ended: Envoy does what streams were told in one only after it, one by one. */
export let turn: u32 = 1;

/** How many callbacks are under way: the host may call one from within a host call. */
let depth: i32 = 0;

/**
 * The stream or connection whose own callback is running, whoever it goes on as; 0 when it is none. Envoy may be in the middle of any other
 * one then: of a stream whose callback has resumed another, or let the data of a connection go on.
 */
export let turnOf: u32 = 0;

/** The state of a callback that is interrupted, because the host makes another one from within a host call. */
class Interrupted {
  constructor(
    readonly phase: Phase,
    readonly callbackContext: u32,
    readonly effectiveContext: u32,
    readonly target: Target | null,
    readonly turnOf: u32,
    readonly mark: usize,
    readonly outer: Interrupted | null,
  ) {}
}

// @ts-ignore: decorator
@lazy
let interrupted: Interrupted | null = null;

/** Saves the state of the running callback: the host has called another one from within a host call. */
function interrupt(): void {
  const last = target;
  if (last !== null) last.$progress = progress;
  interrupted = new Interrupted(phase, callbackContext, effectiveContext, last, turnOf, mark(), interrupted);
}

/** The mark of scratch memory with which the running callback has begun. */
export function callbackMark(): usize {
  if (NESTING) {
    const outer = interrupted;
    if (outer !== null) return outer.mark;
  }
  return emptyMark();
}

/** Restores the state of the callback that was interrupted. */
function goBack(): void {
  const outer = interrupted!;
  if (MANY_READS) forgetSnapshots();
  interrupted = outer.outer;
  phase = outer.phase;
  callbackContext = outer.callbackContext;
  effectiveContext = outer.effectiveContext;
  turnOf = outer.turnOf;
  const last = outer.target;
  target = last;
  progress = last !== null ? last.$progress : 0;
}

/**
 * Begins a callback. Every exported callback calls it first.
 *
 * @param context the number of the context that the host calls for.
 */
export function enter(context: u32, kind: Phase): void {
  if (isDefined(PROXY_WASM_TRY)) noteCallback();
  if (NESTING && depth > 0) interrupt();
  if (MANY_READS) {
    if (depth > 0) forgetSnapshots();
    else beginSnapshots();
  }
  depth++;
  phase = kind;
  callbackContext = context;
  effectiveContext = context;
  if (!SHARED_STREAMS) {
    target = null;
    progress = 0;
    if (isDefined(PROXY_WASM_TCP) && kind >= Phase.Connection && kind <= Phase.UpstreamData) turnOf = context;
    else turnOf = kind >= Phase.RequestHeaders && kind <= Phase.Metadata ? context : 0;
  }
}

/** Makes `stream` the one that host calls act upon. A callback of an HTTP stream calls it after `enter`. */
// @ts-ignore: decorator
@inline
export function begin(stream: Target): void {
  if (!SHARED_STREAMS) {
    target = stream;
    progress = stream.$progress & ~TRANSIENT;
  }
}

/**
 * Makes `stream` the one that host calls act upon again. A callback calls it before it decides what becomes of its stream, because
 * the filter may have acted upon other streams meanwhile.
 */
// @ts-ignore: decorator
@inline
export function returnTo(stream: Target): void {
  if (!SHARED_STREAMS && target !== stream) changeTarget(stream);
}

function changeTarget(to: Target): void {
  const last = target;
  if (last !== null) last.$progress = progress;
  target = to;
  progress = to.$progress;
}

/**
 * Ends a callback. Every exported callback calls it last. When no other callback is under way, no managed value is on the stack, so
 * that garbage can be collected.
 */
export function leave(): void {
  if (!SHARED_STREAMS) {
    const last = target;
    if (last !== null) last.$progress = progress;
    target = null;
    turn++;
  }
  if (--depth == 0) {
    // Functions that an exception has left have not released their scratch memory.
    if (isDefined(PROXY_WASM_TRY)) release(emptyMark());
    if (NESTING) isFreshTick = false;
    collectGarbage();
  } else if (NESTING) goBack();
}

/** A timer's callback is under way, and has asked for nothing yet that Envoy does only after the callback. */
let isFreshTick: bool = false;

/** Notes that the running callback is a tick: Envoy makes it when it has nothing put off. */
// @ts-ignore: decorator
@inline
export function noteTick(): void {
  if (NESTING) isFreshTick = true;
}

/** Notes that something is asked for that Envoy does, or may have to tell, only after the callback. */
// @ts-ignore: decorator
@inline
export function noteDeferred(): void {
  if (NESTING) isFreshTick = false;
}

/**
 * Tells whether a gRPC stream may be opened: first thing in a timer only, when the module has the callbacks for its metadata. A
 * stream that fails at once delivers its metadata in the middle of the running callback, and Envoy 1.40 then does what it
 * has put off, be it for other streams; if that is the end of another call, or leads to one, it loops for ever.
 */
export function mayOpenStream(): bool {
  return !NESTING || isFreshTick;
}

/** Tells whether a callback is under way, that is, whether the host can be called for more than logging. */
export function inCallback(): bool {
  return depth != 0;
}

/** Makes host calls act upon `part`, or the context that it is a part of; false when that is gone. */
export function actOn(part: Target): bool {
  const context = wholeOf(part);
  expectStream(context);
  const id = context.contextId;
  if (context.$standing != <u8>Standing.Own) return false;
  if (effectiveContext == id) return true;
  if (proxy_set_effective_context(id) != Status.Ok) return false;
  effectiveContext = id;
  if (MANY_READS) forgetSnapshots();
  changeTarget(context);
  return true;
}

/** Tells whether host calls act upon the context that the running callback was called for. */
// @ts-ignore: decorator
@inline
export function actsOnOwn(): bool {
  return effectiveContext == callbackContext;
}

/** Tells whether host calls act upon another stream or connection than the one whose own callback is running. */
// @ts-ignore: decorator
@inline
export function actsOnAnother(): bool {
  return turnOf != 0 && effectiveContext != turnOf;
}

// @ts-ignore: decorator
@inline
export function setProgress(flags: u32): void {
  progress = flags;
}

/**
 * Goes on as a callback of `context`, in the middle of one that the host made for its plugin: an answer or a timer of a
 * stream. False when the context is gone.
 */
export function continueAs(context: Target, kind: Phase): bool {
  if (!actOn(context)) return false;
  phase = kind;
  callbackContext = context.contextId;
  return true;
}
