/**
 * Flows that wait for each other.
 *
 * @module
 */
import { turnOf } from "../runtime/call";
import { sleep } from "./alarm";
import { Future } from "./future";

/** One flow that waits. */
@final
class SignalFuture extends Future {
  next: SignalFuture | null = null;
}

/**
 * Lets flows of the same plugin and thread wait for one of them: keep it in a field of the plugin.
 *
 * @example
 * if (this.fetching) this.fetched.wait(1000);
 * else this.fetch();           // … and this.fetched.fire() when it is done
 */
@final
export class Signal {
  private first: SignalFuture | null = null;

  /** Waits for the next `fire`, or until `milliseconds` have passed (0: however long it takes); false when it did not come. */
  wait(milliseconds: u32 = 0): bool {
    const future = new SignalFuture();
    future.next = this.first;
    this.first = future;
    const fired = future.wait(milliseconds);
    if (!fired) this.remove(future);
    // What is done to a stream in a callback of another one, the host would not take: go on in a timer.
    else if (turnOf != 0) sleep(1);
    return fired;
  }

  /** Lets all flows go on that wait now. May be called everywhere. */
  fire(): void {
    let future = this.first;
    this.first = null;
    while (future !== null) {
      const next = future.next;
      future.settle();
      future = next;
    }
  }

  private remove(future: SignalFuture): void {
    let before: SignalFuture | null = null;
    let at = this.first;
    while (at !== null && at !== future) {
      before = at;
      at = at.next;
    }
    if (at === null) return;
    if (before === null) this.first = at.next;
    else before.next = at.next;
  }
}
