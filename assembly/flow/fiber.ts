/**
 * Straight-line code that waits: each fiber is one function under way, and one of them runs at a time.
 *
 * @module
 */
import { Context } from "../context/context";
import { HttpContext } from "../context/http-context";
import { Phase, continueAs } from "../runtime/call";
import { log } from "../services/log";
import { enter, heldBytes, neededBytes, release, suspend } from "./stack";

/** Where a fiber is. */
export const enum FiberState {
  /** Not begun, or running. */
  Running,
  Suspended,
  /** Its function has returned, or it was dropped. */
  Ended,
}

/** The fiber that runs; null outside of flows. */
export let current: Fiber | null = null;

/** Those that became ready while another ran, the earliest first. */
let firstReady: Fiber | null = null;
let lastReady: Fiber | null = null;

/** A function that can wait, and the context whose part it is. */
export abstract class Fiber {
  /** @internal */
  state: FiberState = FiberState.Running;
  private suspension: usize = 0;
  /** @internal The one that became ready next. */
  nextReady: Fiber | null = null;

  constructor(
    /** @internal The stream, or the plugin. */
    readonly context: Context,
  ) {}

  /** @internal What it does. */
  abstract run(): void;

  /** @internal Whether one more may wait; otherwise it has been refused by then, and ends at once. */
  abstract maySuspend(): bool;

  /** @internal The most bytes that it may hold while it waits. */
  abstract get byteLimit(): usize;

  /** @internal It could not wait because it would hold more; the wait fails and the function goes on. */
  abstract onTooDeep(): void;

  /** @internal It has run, in a callback that is not its stream's own. */
  abstract onPaused(): void;

  /** @internal Its context is gone. */
  abstract drop(): void;

  /** @internal Runs it until it ends or waits. */
  step(): void {
    const from = this.suspension;
    this.suspension = 0;
    this.state = FiberState.Running;
    current = this;
    const suspension = enter(from);
    current = null;
    if (suspension == 0) this.state = FiberState.Ended;
    // It was refused, or its stream has ended, while it ran.
    else if (this.hasEnded) release(suspension);
    else {
      this.state = FiberState.Suspended;
      this.suspension = suspension;
    }
  }

  private get hasEnded(): bool {
    return this.state == FiberState.Ended;
  }

  /** @internal Never goes on; answers whether it was suspended. */
  end(): bool {
    const suspended = this.state == FiberState.Suspended;
    this.state = FiberState.Ended;
    release(this.suspension);
    this.suspension = 0;
    return suspended;
  }

  /** The bytes that it holds while it waits. */
  get heldBytes(): usize {
    return heldBytes(this.suspension);
  }
}

/** The outermost function of every fiber. */
export function runCurrent(): void {
  current!.run();
}

/** Waits until `wake` is called for the running fiber; false when that is not possible, with the reason in the log. */
export function pause(): bool {
  const fiber = current;
  if (fiber === null) {
    log.error("flow: only a flow can wait");
    return false;
  }
  if (neededBytes() > fiber.byteLimit) {
    fiber.onTooDeep();
    return false;
  }
  if (!fiber.maySuspend()) fiber.state = FiberState.Ended;
  suspend();
  return true;
}

/** Lets a suspended fiber go on: now, or when the one that runs waits. */
export function wake(fiber: Fiber): void {
  if (current === null) {
    goOn(fiber);
    runReady();
    return;
  }
  const last = lastReady;
  if (last === fiber || fiber.nextReady !== null) return;
  if (last === null) firstReady = fiber;
  else last.nextReady = fiber;
  lastReady = fiber;
}

/** Runs what became ready meanwhile, in the order in which it did. */
export function runReady(): void {
  let fiber = firstReady;
  while (fiber !== null) {
    firstReady = fiber.nextReady;
    if (firstReady === null) lastReady = null;
    fiber.nextReady = null;
    goOn(fiber);
    fiber = firstReady;
  }
}

function goOn(fiber: Fiber): void {
  if (fiber.state != FiberState.Suspended) return;
  const context = fiber.context;
  if (!continueAs(context, context instanceof HttpContext ? Phase.Answer : Phase.Plugin)) {
    fiber.drop();
    return;
  }
  fiber.step();
  fiber.onPaused();
}
