/**
 * Futures: the results that a flow waits for, also several at once.
 *
 * @module
 */
import { cast } from "../memory/cast";
import { TIME_LIMITS } from "./build";
import { Fiber, FiberState, Held, current, letGo, mayWait, wake, wakeLater } from "./fiber";
import { suspend } from "./stack";

/** Something that has begun and will end: a call, a timer, a message of a queue. One flow can wait for it. */
export abstract class Future extends Held {
  private ended: bool = false;
  private waiter: Fiber | null = null;

  /** Tells whether it has ended. */
  get isDone(): bool {
    return this.ended;
  }

  /**
   * Waits until it has ended, or `milliseconds` have passed (0: however long it takes); false when it has not ended by
   * then. May be called in a flow.
   */
  wait(milliseconds: u32 = 0): bool {
    if (this.ended) return true;
    if (TIME_LIMITS && milliseconds != 0) return race([this], milliseconds) == 0;
    while (this.isAwaited()) suspend();
    return this.ended;
  }

  /** Tells whether it is to be waited for; a function of its own for the same reason as `mayWait`. */
  private isAwaited(): bool {
    if (!this.ended) {
      this.waiter = current;
      if (mayWait()) return true;
    }
    this.waiter = null;
    return false;
  }

  /** @internal Tells whether the flow that waited is gone. */
  get isForgotten(): bool {
    const waiter = this.waiter;
    return waiter === null || waiter.state == FiberState.Ended;
  }

  /** @internal It has ended. */
  settle(): void {
    const waiter = this.finish();
    if (waiter !== null) wake(waiter);
  }

  /** @internal It has ended, and others end with it: whoever waits for it goes on with `runWoken`. */
  settleLater(): void {
    const waiter = this.finish();
    if (waiter !== null) wakeLater(waiter);
  }

  private finish(): Fiber | null {
    this.ended = true;
    const waiter = this.waiter;
    this.waiter = null;
    return waiter;
  }

  /** @internal Says who is to be woken. */
  watch(fiber: Fiber | null): void {
    this.waiter = fiber;
  }
}

/**
 * Waits until all have ended, or `milliseconds` have passed (0: however long it takes); false when one has not ended by
 * then. May be called in a flow.
 *
 * @example
 * const user = startFetch("users", { path: "/7" });
 * const cart = startFetch("carts", { path: "/7" });
 * all([user, cart]);
 * x.respond(200, user.response.text + cart.response.text);
 */
export function all<T extends Future>(futures: T[], milliseconds: u32 = 0): bool {
  const limit = limitOf(milliseconds);
  let done = true;
  for (let i = 0; i < futures.length; i++) {
    const future = unchecked(futures[i]);
    while (!future.isDone && (!TIME_LIMITS || limit === null || !limit.isDone)) {
      future.watch(current);
      if (TIME_LIMITS && limit !== null) limit.watch(current);
      if (!mayWait()) break;
      suspend();
    }
    future.watch(null);
    if (!future.isDone) done = false;
  }
  if (TIME_LIMITS && limit !== null) forget(limit);
  return done;
}

/**
 * Waits until one of them has ended, or `milliseconds` have passed (0: however long it takes); answers its index, or -1
 * when none has ended by then, or there is none. The others go on; wait for them later, or forget them. May be called in a flow.
 *
 * @example
 * const answers = [startFetch("eu", { path }), startFetch("us", { path })];
 * const first = race(answers, 300);
 */
export function race<T extends Future>(futures: T[], milliseconds: u32 = 0): i32 {
  const limit = limitOf(milliseconds);
  let first = firstDone<T>(futures);
  // Nothing would ever end a wait for none of nothing.
  while (first < 0 && (TIME_LIMITS && limit !== null ? !limit.isDone : futures.length > 0)) {
    for (let i = 0; i < futures.length; i++) unchecked(futures[i]).watch(current);
    if (TIME_LIMITS && limit !== null) limit.watch(current);
    if (!mayWait()) break;
    suspend();
    first = firstDone<T>(futures);
  }
  for (let i = 0; i < futures.length; i++) unchecked(futures[i]).watch(null);
  if (TIME_LIMITS && limit !== null) forget(limit);
  return first;
}

/** The future that ends a wait of the running flow after `milliseconds`; null for 0. */
function limitOf(milliseconds: u32): Future | null {
  const fiber = current;
  return TIME_LIMITS && milliseconds != 0 && fiber !== null
    ? cast<Held, Future>(fiber.limit(milliseconds))
    : null;
}

/** The wait is over before its limit, or by it. */
function forget(limit: Future): void {
  limit.watch(null);
  letGo(limit);
  limit.leave();
}

function firstDone<T extends Future>(futures: T[]): i32 {
  for (let i = 0; i < futures.length; i++) if (unchecked(futures[i]).isDone) return i;
  return -1;
}
