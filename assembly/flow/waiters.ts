/**
 * Lists of flows that wait for the same thing.
 *
 * @module
 */
import { Future } from "./future";

/** A future that stands in a list until it has ended, or the flow that waits for it has. */
export abstract class Listed extends Future {
  /** @internal */
  list: Waiters | null = null;
  /** @internal */
  previous: Listed | null = null;
  /** @internal */
  next: Listed | null = null;

  /** @internal */
  leave(): void {
    const list = this.list;
    if (list !== null) list.remove(this);
  }
}

/** Such a list, the earliest first. A flow leaves it in a few steps, however many there are. */
@final
export class Waiters {
  first: Listed | null = null;
  private last: Listed | null = null;

  add(waiter: Listed): void {
    const last = this.last;
    waiter.list = this;
    waiter.previous = last;
    this.last = waiter;
    if (last === null) this.first = waiter;
    else last.next = waiter;
  }

  remove(waiter: Listed): void {
    const previous = waiter.previous;
    const next = waiter.next;
    if (previous === null) this.first = next;
    else previous.next = next;
    if (next === null) this.last = previous;
    else next.previous = previous;
    waiter.list = null;
    waiter.previous = null;
    waiter.next = null;
  }
}
