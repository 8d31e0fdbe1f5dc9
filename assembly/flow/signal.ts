/**
 * Flows that wait for each other.
 *
 * @module
 */
import { turnOf } from "../runtime/current-callback";
import { sleep } from "./alarm";
import { hold, letGo, runWoken } from "./fiber";
import { Listed, Waiters } from "./waiters";

/** One flow that waits. */
@final
class SignalFuture extends Listed {}

/**
 * Lets flows of the same plugin and thread wait for one of them: keep it in a field of the plugin.
 *
 * @example
 * if (this.fetching) this.fetched.wait(1000);
 * else this.load();            // … and this.fetched.fire() when it is done
 */
@final
export class Signal {
  private waiters: Waiters = new Waiters();

  /** Waits for the next `fire`, or until `milliseconds` have passed (0: however long it takes); false when it did not come. */
  wait(milliseconds: u32 = 0): bool {
    const future = new SignalFuture();
    this.waiters.add(future);
    hold(future);
    const fired = future.wait(milliseconds);
    future.leave();
    letGo(future);
    // The host would refuse to act on a stream in a callback of another one: go on in a timer.
    if (fired && turnOf != 0) sleep(1);
    return fired;
  }

  /** Lets all flows go on that wait now. May be called everywhere. */
  fire(): void {
    this.$wake();
    runWoken();
  }

  /** @internal Lets them go on with `runWoken`. */
  $wake(): void {
    const waiters = this.waiters;
    this.waiters = new Waiters();
    for (let future = waiters.first; future !== null; future = waiters.first) {
      waiters.remove(future);
      future.settleLater();
    }
  }
}
