import type { UpstreamCall } from "./upstream-call.js";

/** Milliseconds of real time for the test to answer what it holds. */
const HELD = 2_000;

/** Milliseconds of real time for a promise as an answer. */
const PROMISED = 60_000;

/**
 * The work that a host waits for and its clock knows nothing of: promises that clusters answer with, and requests that the test
 * holds.
 */
export class OutsideWork {
  /** Requests to upstreams that wait for an answer. */
  private readonly unanswered = new Set<UpstreamCall>();
  private working = 0;
  private wakers: (() => void)[] = [];

  /** Tells whether a promise is not settled yet. */
  get isWorking(): boolean {
    return this.working > 0;
  }

  /** A request has gone to an upstream. */
  sent(call: UpstreamCall): void {
    this.unanswered.add(call);
  }

  /** The oldest request that is complete and waits for the test; those that are over are forgotten. */
  firstHeld(): UpstreamCall | undefined {
    for (const call of this.unanswered) {
      if (call.answered || call.cancelled) this.unanswered.delete(call);
      else if (call.complete) return call;
    }
    return undefined;
  }

  /** A promise whose end is waited for. */
  waitFor(work: Promise<void>): void {
    this.working++;
    void work.finally(() => {
      this.working--;
      this.wake();
    });
  }

  /** Waits until something happens to a promise; throws when it takes too long. */
  async change(): Promise<void> {
    if (!(await this.nextChange(PROMISED)))
      throw new Error("A promise that a cluster's script has answered with is not settled after a minute.");
  }

  /** Waits until something happens to a request that the test holds; false when nothing does. */
  changeOfHeld(): Promise<boolean> {
    return this.nextChange(HELD);
  }

  /** Waits until something happens outside of the clock; false when nothing does for so long, in real milliseconds. */
  private nextChange(limit: number): Promise<boolean> {
    return new Promise((resolve) => {
      // Not let go of: without it, a process that waits for nothing else ends without a word.
      const timer = setTimeout(() => resolve(false), limit);
      this.wakers.push(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }

  /** Something has happened: those who wait look again. */
  wake(): void {
    for (const waker of this.wakers.splice(0)) waker();
  }
}
