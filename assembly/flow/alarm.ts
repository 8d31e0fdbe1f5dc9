/**
 * Waiting for time to pass.
 *
 * @module
 */
import { PluginContext } from "../context/plugin-context";
import { Timer } from "../context/timers";
import { clock } from "../services/clock";
import { current, hold, letGo, runWoken } from "./fiber";
import { Future } from "./future";
import { FlowPluginBase, PluginPart } from "./plugin-base";

/** Ends when its time has come. */
export class Alarm extends Future {
  /** @internal In milliseconds since 1970. */
  readonly due: i64;
  /** @internal Nobody waits for it any more. */
  cancelled: bool = false;
  /** @internal Those that it is among until it is due. */
  among: Alarms | null = null;

  constructor(milliseconds: u32) {
    super();
    this.due = clock.milliseconds() + <i64>milliseconds;
    const fiber = current;
    if (fiber !== null) {
      alarmsOf(fiber.flows).add(this);
      hold(this);
    }
  }

  /** @internal */
  cancel(): void {
    letGo(this);
    this.drop();
  }

  /** @internal Another flow may wait for it. */
  leave(): void {
    if (this.isForgotten) this.drop();
  }

  private drop(): void {
    this.cancelled = true;
    const among = this.among;
    if (among === null) return;
    this.among = null;
    this.watch(null);
    among.noteCancelled();
  }
}

/** Those of one plugin, in a heap: the next one first. They share one timer. */
@final
class Alarms extends PluginPart {
  private heap: Alarm[] = [];
  /** How many of them were cancelled. */
  private cancelled: i32 = 0;
  private timer: Timer | null = null;
  private armedFor: i64 = 0;

  constructor(private readonly plugin: PluginContext) {
    super();
  }

  add(alarm: Alarm): void {
    alarm.among = this;
    this.place(alarm);
  }

  /** One more was cancelled: once half of them are, these go. */
  noteCancelled(): void {
    if (++this.cancelled * 2 <= this.heap.length) return;
    const all = this.heap;
    this.heap = [];
    this.cancelled = 0;
    for (let i = 0; i < all.length; i++) if (!unchecked(all[i]).cancelled) this.place(unchecked(all[i]));
    if (this.heap.length == 0) this.arm();
  }

  private place(alarm: Alarm): void {
    const heap = this.heap;
    heap.push(alarm);
    let at = heap.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (unchecked(heap[parent]).due <= alarm.due) break;
      unchecked((heap[at] = heap[parent]));
      at = parent;
    }
    unchecked((heap[at] = alarm));
    if (at == 0) this.arm();
  }

  /** Fires what is due. */
  fire(): void {
    this.timer = null;
    const now = clock.milliseconds();
    while (
      this.heap.length > 0 &&
      (unchecked(this.heap[0]).cancelled || unchecked(this.heap[0]).due <= now)
    ) {
      const alarm = this.removeFirst();
      if (!alarm.cancelled) alarm.settleLater();
    }
    // First, as a bug in a flow that goes on ends the callback.
    this.arm();
    runWoken();
  }

  private removeFirst(): Alarm {
    const heap = this.heap;
    const first = unchecked(heap[0]);
    if (first.cancelled) this.cancelled--;
    else first.among = null;
    const last = heap.pop();
    const count = heap.length;
    if (count == 0) return first;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= count) break;
      if (child + 1 < count && unchecked(heap[child + 1]).due < unchecked(heap[child]).due) child++;
      if (unchecked(heap[child]).due >= last.due) break;
      unchecked((heap[at] = heap[child]));
      at = child;
    }
    unchecked((heap[at] = last));
    return first;
  }

  /** Sets the timer to when the next is due. */
  private arm(): void {
    while (this.heap.length > 0 && unchecked(this.heap[0]).cancelled) this.removeFirst();
    const timer = this.timer;
    if (this.heap.length == 0) {
      if (timer !== null) timer.stop();
      this.timer = null;
      return;
    }
    const due = unchecked(this.heap[0]).due;
    if (timer !== null) {
      if (this.armedFor <= due) return;
      timer.stop();
    }
    this.armedFor = due;
    const wait = <u32>max<i64>(due - clock.milliseconds(), 1);
    this.timer = this.plugin.afterWith<Alarms>(wait, this, (self) => self.fire());
  }
}

function alarmsOf(plugin: FlowPluginBase): Alarms {
  const known = plugin.$part<Alarms>();
  if (known !== null) return known;
  const alarms = new Alarms(plugin);
  plugin.$addPart(alarms);
  return alarms;
}

/**
 * Waits for `milliseconds`, at least; a host's timers are exact to about 4 ms. May be called in a flow.
 *
 * @example
 * for (let wait: u32 = 50; response.status == 503; wait *= 2) {
 *   sleep(wait);
 *   response = fetch("upstream", { path });
 * }
 */
export function sleep(milliseconds: u32): void {
  const alarm = new Alarm(milliseconds);
  alarm.wait();
  alarm.cancel();
}
