/**
 * Straight-line code that waits: each exchange's handler is a fiber, a function under way, and one of them runs at a time.
 *
 * @module
 */
import { HttpContext } from "../context/http-context";
import { Status } from "../abi/enums";
import { log } from "../services/log";
import { CANCELS } from "./build";
import { Cleanup } from "./cleanup";
import { FlowPluginBase } from "./plugin-base";
import { heldBytes, release, rewind, unwound } from "./stack";

/** The state of a fiber. */
export const enum FiberState {
  /** Not begun, or running. */
  Running,
  Suspended,
  /** Its function has returned, or it was dropped. */
  Ended,
}

/** The event that a suspended fiber waits for. */
export const enum Wait {
  /** A call, a timer or another flow. */
  Future,
  /** The response's headers. */
  Next,
  /** The end of the body of the message that it is at. */
  Body,
  /** More of that body. */
  Chunk,
}

/** The fiber that runs; null outside of flows. */
export let current: Fiber | null = null;

/** Those that became ready while another ran, the earliest first. */
let firstReady: Fiber | null = null;
let lastReady: Fiber | null = null;

/** An entry in somebody's list of waiting fibers. When the fiber is gone, the entry has to leave that list. */
export abstract class Held {
  /** @internal The next entry of the same fiber. */
  nextHeld: Held | null = null;

  /** @internal The fiber is gone: leaves the list. */
  leave(): void {}
}

/** A run of a stream's handler, which can be suspended. `Exchange` is its only subclass, and the handler's argument. */
export abstract class Fiber {
  /** @internal */
  state: FiberState = FiberState.Running;
  /** @internal */
  wait: Wait = Wait.Future;
  private suspension: usize = 0;
  /** @internal The first of its entries in lists. */
  held: Held | null = null;
  /** @internal The fiber that became ready after this one. */
  nextReady: Fiber | null = null;
  /** @internal The stream has been answered or reset. */
  answered: bool = false;
  /** @internal The latest of the functions to run when the stream ends while the fiber waits. */
  cleanups: Cleanup | null = null;

  constructor(
    /** @internal */
    readonly stream: HttpContext,
    /** @internal The plugin, without its handler. */
    readonly flows: FlowPluginBase,
    private readonly handler: (fiber: Fiber) => void,
  ) {}

  /** @internal Goes on, if it still waits: the awaited event has happened. */
  abstract resume(): void;

  /** @internal Tells whether it may wait for something. When it may not, the log says why. */
  abstract mayWaitFor(what: Wait): bool;

  /** @internal A future that ends a wait after `milliseconds`. */
  abstract limit(milliseconds: u32): Held;

  /** Resets the stream: the client sees a broken connection. Return after it. */
  reset(): void {
    if (!this.answered) this.answered = this.stream.reset() == Status.Ok;
  }

  /** @internal Never goes on; answers whether it was suspended. */
  end(): bool {
    const suspended = this.state == FiberState.Suspended;
    this.state = FiberState.Ended;
    release(this.suspension);
    this.suspension = 0;
    return suspended;
  }

  /** @internal Runs it until it ends or waits. */
  step(): void {
    current = this;
    const from = this.suspension;
    this.suspension = 0;
    this.state = FiberState.Running;
    this.wait = Wait.Future;
    const suspension = enter(this, from);
    current = null;
    // It may have been refused, or its stream may have ended, while it ran.
    if (suspension != 0 && !this.hasEnded) {
      this.state = FiberState.Suspended;
      this.suspension = suspension;
      return;
    }
    release(suspension);
    this.state = FiberState.Ended;
    this.leaveAll();
  }

  /** @internal Calls the function, or goes on in it. */
  run(): void {
    this.handler(this);
  }

  private get hasEnded(): bool {
    return this.state == FiberState.Ended;
  }

  /** @internal Its function has returned, or it was dropped: leaves every list that it waits in. */
  leaveAll(): void {
    let held = this.held;
    this.held = null;
    while (held !== null) {
      const next = held.nextHeld;
      held.nextHeld = null;
      held.leave();
      held = next;
    }
  }

  /** @internal Runs what was registered for its end. */
  cancel(): void {
    for (let cleanup = this.cleanups; cleanup !== null; cleanup = this.cleanups) {
      // Once, also when it fails.
      this.cleanups = cleanup.next;
      cleanup.run();
    }
  }

  /** The bytes that it holds while it waits. */
  get heldBytes(): usize {
    return heldBytes(this.suspension);
  }
}

/** Runs a fiber until it ends or suspends. Answers its next suspension, or 0 when it has ended. May not be called by a fiber. */
function enter(fiber: Fiber, suspension: usize): usize {
  rewind(suspension);
  fiber.run();
  return unwound<Fiber>(suspension, fiber);
}

/** Notes what stands in a list, so that the running flow leaves that list when it ends. */
export function hold(held: Held): void {
  const fiber = current;
  if (fiber === null) return;
  held.nextHeld = fiber.held;
  fiber.held = held;
}

/** Forgets something of `hold`: the running flow has left its list. */
export function letGo(held: Held): void {
  const fiber = current;
  if (fiber === null) return;
  let before: Held | null = null;
  let at = fiber.held;
  while (at !== null && at !== held) {
    before = at;
    at = at.nextHeld;
  }
  if (at === null) return;
  if (before === null) fiber.held = at.nextHeld;
  else before.nextHeld = at.nextHeld;
  at.nextHeld = null;
}

/** Cancels a fiber outside of the one that may be under way: nothing in that can wait. */
export function cancelOutside(fiber: Fiber): void {
  const before = current;
  current = null;
  fiber.cancel();
  current = before;
}

/**
 * Tells whether the running fiber may wait; when it may not, the reason is in the log. The caller then calls `suspend` at once, which
 * returns after `wake` has been called for the fiber. The check is a function of its own so that none of its locals are saved by
 * the suspension.
 */
export function mayWait(): bool {
  const fiber = current;
  if (fiber !== null) return fiber.mayWaitFor(Wait.Future);
  refuseWait();
  return false;
}

/** Says that something cannot be waited for here. */
export function refuseWait(): void {
  log.error("flow: only a handler can wait, and for its own exchange");
}

/** Lets a suspended fiber go on: now, or when the one that runs waits. */
export function wake(fiber: Fiber): void {
  if (current !== null) return wakeLater(fiber);
  fiber.resume();
  runReady();
}

/**
 * Lets a suspended fiber go on at the next `runWoken`, or when the one that runs waits. Use it to wake several fibers: when a bug
 * in one of them ends the callback, those in the list go on nevertheless.
 */
export function wakeLater(fiber: Fiber): void {
  const last = lastReady;
  if (last === fiber || fiber.nextReady !== null) return;
  if (last === null) firstReady = fiber;
  else last.nextReady = fiber;
  lastReady = fiber;
}

/** Runs those that `wakeLater` was called for, unless a fiber is running, after which they go on. */
export function runWoken(): void {
  if (current === null) runReady();
}

/** Runs what became ready meanwhile, in the order in which it did. */
export function runReady(): void {
  let fiber = firstReady;
  while (fiber !== null) {
    firstReady = fiber.nextReady;
    if (firstReady === null) lastReady = null;
    fiber.nextReady = null;
    fiber.resume();
    fiber = firstReady;
  }
}

/** The fiber that a bug has ended, while what was registered for its end is still to be run. */
// @ts-ignore: decorator
@lazy
let failed: Fiber | null = null;

/** Notes that a bug has ended a fiber. */
export function noteFailed(fiber: Fiber): void {
  failed = fiber;
}

/** A bug has ended the callback: no fiber runs any more. Tells whether other fibers have something left to do. */
export function hasMore(): bool {
  current = null;
  return firstReady !== null || (CANCELS && failed !== null);
}

/** Does what is left to do in a callback that a bug has ended. */
export function doMore(): void {
  if (CANCELS) {
    const fiber = failed;
    if (fiber !== null) {
      fiber.cancel();
      failed = null;
    }
  }
  runReady();
}
