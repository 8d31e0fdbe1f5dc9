/**
 * Straight-line code that waits: each exchange's handler is a fiber, a function under way, and one of them runs at a time.
 *
 * @module
 */
import { claim } from "../context/turns";
import { TIMERS } from "../runtime/build";
import { Phase, continueAs, turnOf } from "../runtime/current-callback";
import { log } from "../services/log";
import { CANCELS } from "./build";
import { Exchange } from "./exchange";
import { Future } from "./future";
import { Message } from "./message";
import { enter, heldBytes, release } from "./stack";

/** Where a fiber is. */
export const enum FiberState {
  /** Not begun, or running. */
  Running,
  Suspended,
  /** Its function has returned, or it was dropped. */
  Ended,
}

/** What a suspended fiber waits for. */
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

/** The exchange whose fiber runs; null outside of flows. */
export let current: Exchange | null = null;

/** Those that became ready while another ran, the earliest first. */
let firstReady: Exchange | null = null;
let lastReady: Exchange | null = null;

/** What an exchange is as a function under way. */
export class Fiber {
  /** @internal */
  state: FiberState = FiberState.Running;
  /** @internal */
  wait: Wait = Wait.Future;
  private suspension: usize = 0;
  /** @internal What it waits for that somebody keeps in a list, and must not when it is gone. */
  held: Future | null = null;
  /** @internal The one that became ready next. */
  nextReady: Exchange | null = null;

  /** @internal Never goes on; answers whether it was suspended. */
  end(): bool {
    const suspended = this.state == FiberState.Suspended;
    this.state = FiberState.Ended;
    release(this.suspension);
    this.suspension = 0;
    return suspended;
  }

  /** @internal Runs it until it ends or waits; it must be `current`. */
  runOn(): void {
    const from = this.suspension;
    this.suspension = 0;
    this.state = FiberState.Running;
    this.wait = Wait.Future;
    const suspension = enter(from);
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

  /** @internal Its function has returned, or it was dropped: leaves every list that it waits in. */
  leaveAll(): void {
    let future = this.held;
    this.held = null;
    while (future !== null) {
      const next = future.nextHeld;
      future.nextHeld = null;
      future.leave();
      future = next;
    }
  }

  /** The bytes that it holds while it waits. */
  get heldBytes(): usize {
    return heldBytes(this.suspension);
  }
}

/** The outermost function of every fiber. */
export function runCurrent(): void {
  const exchange = current;
  if (exchange !== null) exchange.plugin.$handler(exchange);
}

/** Runs a fiber until it ends or waits. */
export function step(exchange: Exchange): void {
  current = exchange;
  exchange.runOn();
  current = null;
  if (exchange.state == FiberState.Ended) exchange.leaveAll();
}

/** Notes a future that stands in a list, so that the running flow leaves that list when it ends. */
export function hold(future: Future): void {
  const exchange = current;
  if (exchange === null) return;
  future.nextHeld = exchange.held;
  exchange.held = future;
}

/** Forgets a future of `hold`: the running flow has left its list. */
export function letGo(future: Future): void {
  const exchange = current;
  if (exchange === null) return;
  let before: Future | null = null;
  let at = exchange.held;
  while (at !== null && at !== future) {
    before = at;
    at = at.nextHeld;
  }
  if (at === null) return;
  if (before === null) exchange.held = at.nextHeld;
  else before.nextHeld = at.nextHeld;
  at.nextHeld = null;
}

/** Runs `work` outside of the fiber that may be under way: nothing in it can wait. */
export function outside(exchange: Exchange): void {
  const before = current;
  current = null;
  exchange.cancel();
  current = before;
}

/**
 * Tells whether the running fiber may wait; when it may not, the reason is in the log. The caller then calls `suspend` at once, which
 * returns after `wake` has been called for the exchange. The check is a function of its own so that none of its locals are saved by
 * the suspension.
 */
export function mayWait(): bool {
  const exchange = current;
  if (exchange !== null) return exchange.maySuspend();
  refuseWait();
  return false;
}

/** Says that something cannot be waited for here. */
export function refuseWait(): void {
  log.error("flow: only a handler can wait, and for its own exchange");
}

/** Lets a suspended fiber go on: now, or when the one that runs waits. */
export function wake(exchange: Exchange): void {
  if (current === null) {
    goOn(exchange);
    runReady();
    return;
  }
  const last = lastReady;
  if (last === exchange || exchange.nextReady !== null) return;
  if (last === null) firstReady = exchange;
  else last.nextReady = exchange;
  lastReady = exchange;
}

/** Runs what became ready meanwhile, in the order in which it did. */
export function runReady(): void {
  let exchange = firstReady;
  while (exchange !== null) {
    firstReady = exchange.nextReady;
    if (firstReady === null) lastReady = null;
    exchange.nextReady = null;
    goOn(exchange);
    exchange = firstReady;
  }
}

/** The exchange that a bug has ended, while what was registered for its end is still to be run. */
// @ts-ignore: decorator
@lazy
let failed: Exchange | null = null;

/** Notes that a bug has ended an exchange. */
export function noteFailed(exchange: Exchange): void {
  failed = exchange;
}

/** A bug has ended the callback: no fiber runs any more. Whether there is something to do for others. */
export function hasMore(): bool {
  current = null;
  return firstReady !== null || (CANCELS && failed !== null);
}

/** Does what is left to do in a callback that a bug has ended. */
export function doMore(): void {
  if (CANCELS) {
    const exchange = failed;
    if (exchange !== null) {
      exchange.cancel();
      failed = null;
    }
  }
  runReady();
}

function goOn(exchange: Exchange): void {
  if (exchange.state != FiberState.Suspended) return;
  if (!continueAs(exchange.stream, Phase.Answer)) {
    exchange.drop();
    return;
  }
  // Another flow of the same stream runs in this turn.
  if (TIMERS && turnOf == 0 && !claim(exchange.stream)) {
    exchange.stream.afterWith<Message>(1, exchange.at, (at) => {
      if (at.exchange.wait == Wait.Future) wake(at.exchange);
    });
    return;
  }
  exchange.plugin.$noteResumed();
  step(exchange);
  exchange.onPaused();
}
