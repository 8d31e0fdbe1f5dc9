/**
 * Several timers over the one that the host has for each plugin.
 *
 * @module
 */
import { proxy_set_tick_period_milliseconds } from "../abi/imports";
import { Phase, actOn, continueAs } from "../runtime/current-callback";
import { SHARED_TURNS } from "../runtime/build";
import { ContextKind, Standing, Target, pluginOf, wholeOf } from "../runtime/target";
import { clock } from "../services/clock";
import { claim } from "./turns";
import { findTarget } from "./table";

/**
 * A timer that `every` or `after` started; `stop()` ends it.
 *
 * @example
 * this.timer = this.every(1000, () => this.refresh());
 * // later
 * if (this.timer.isRunning) this.timer.stop();
 */
export abstract class Timer {
  /** @internal When it is due, in milliseconds since 1970. */
  due: i64 = 0;
  private running: bool = true;

  constructor(
    private readonly context: Target,
    private readonly period: u32,
    private readonly once: bool,
  ) {}

  /** Ends the timer; nothing happens when it has ended. */
  stop(): void {
    this.running = false;
  }

  /** Tells whether it will fire again. It ends with its context. */
  get isRunning(): bool {
    return this.running && findTarget(this.context.contextId) === wholeOf(this.context);
  }

  /** @internal Fires the timer; `now` is when. False when it must wait for another turn. */
  fire(now: i64): bool {
    const context = this.context;
    const isStream = context.$kind == ContextKind.Http;
    if (!continueAs(context, isStream ? Phase.Answer : Phase.Plugin)) {
      this.running = false;
      return true;
    }
    if (SHARED_TURNS && isStream && !claim(context)) return false;
    if (this.once) this.running = false;
    // Counted from when it was due, so that the period is kept; from now on where a whole one was missed.
    const due = this.due + <i64>this.period;
    this.due = due > now ? due : now + <i64>this.period;
    this.run();
    return true;
  }

  /** @internal */
  protected abstract run(): void;
}

/** A timer that calls a function of `self`. */
class TimerOf<T> extends Timer {
  constructor(
    context: Target,
    period: u32,
    once: bool,
    private readonly self: T,
    private readonly callback: (self: T) => void,
  ) {
    super(context, period, once);
  }

  /** @internal */
  protected run(): void {
    this.callback(this.self);
  }
}

/** The timers of one plugin and its streams. */
export class Timers {
  constructor(
    readonly plugin: Target,
    public next: Timers | null,
  ) {}

  private timers: Timer[] = [];
  /** The period that the host has been given; 0 when its timer is off. */
  private period: u32 = 0;
  private ticking: bool = false;
  /** The one that was looked at last. */
  private fired: u32 = 0;
  /** The one with which the next tick begins: the first that had to wait for it; null for the first of all. */
  private first: Timer | null = null;

  /** Adds a timer of `context`, which begins now. The host sets the timer of the plugin that it acts upon. */
  add(timer: Timer, context: Target, milliseconds: u32): void {
    timer.due = clock.milliseconds() + <i64>milliseconds;
    this.timers.push(timer);
    if (!this.ticking && actOn(context)) this.schedule();
  }

  /** Fires what is due. Timers may start and stop timers. */
  tick(plugin: Target): void {
    this.ticking = true;
    const now = clock.milliseconds();
    const first = this.first;
    const start = first === null ? 0 : max(this.timers.indexOf(first), 0);
    this.first = null;
    for (let i: u32 = 0, count = <u32>this.timers.length; i < count; i++) {
      this.fired = (start + i) % count;
      const timer = unchecked(this.timers[this.fired]);
      if (timer.due <= now && timer.isRunning && !timer.fire(now) && this.first === null) this.first = timer;
    }
    this.ticking = false;
    continueAs(plugin, Phase.Plugin);
    this.schedule();
  }

  /**
   * Ends a tick that a bug in the filter has ended: what it has not come to is due in the next, which begins behind the timer
   * that had the bug, unless another had to wait before. That one might have it each time.
   */
  recover(): void {
    if (!this.ticking) return;
    this.ticking = false;
    if (this.first === null) this.first = unchecked(this.timers[(this.fired + 1) % <u32>this.timers.length]);
    if (continueAs(this.plugin, Phase.Plugin)) this.schedule();
  }

  /** Drops what has ended, and sets the host's timer to when the next is due. */
  private schedule(): void {
    let kept = 0;
    let due: i64 = i64.MAX_VALUE;
    for (let i = 0; i < this.timers.length; i++) {
      const timer = unchecked(this.timers[i]);
      if (!timer.isRunning) continue;
      unchecked((this.timers[kept++] = timer));
      due = min(due, timer.due);
    }
    this.timers.length = kept;
    const period = kept == 0 ? 0 : <u32>min<i64>(max<i64>(due - clock.milliseconds(), 1), i32.MAX_VALUE);
    if (period == this.period) return;
    this.period = period;
    proxy_set_tick_period_milliseconds(period);
  }
}

/** Not a field of the plugin, so that a module without timers carries nothing of them. */
// @ts-ignore: decorator
@lazy
let all: Timers | null = null;

/** The timers of `plugin`; null when it has never started one. */
export function timersOf(plugin: Target): Timers | null {
  let timers = all;
  while (timers !== null && timers.plugin !== plugin) timers = timers.next;
  return timers;
}

/** Goes on with timers of which one has ended the tick. */
export function recoverTimers(): void {
  let timers = all;
  while (timers !== null) {
    timers.recover();
    timers = timers.next;
  }
}

/** Forgets the timers of plugins that are gone. */
function dropGone(): void {
  let timers = all;
  all = null;
  while (timers !== null) {
    const next = timers.next;
    if (timers.plugin.$standing == <u8>Standing.Own) {
      timers.next = all;
      all = timers;
    }
    timers = next;
  }
}

/** Starts a timer of `context`. */
export function startTimer<T>(
  context: Target,
  milliseconds: u32,
  once: bool,
  self: T,
  callback: (self: T) => void,
): Timer {
  const period = max<u32>(milliseconds, 1);
  const timer = new TimerOf<T>(context, period, once, self, callback);
  const plugin = pluginOf(context);
  let timers = timersOf(plugin);
  if (timers === null) {
    dropGone();
    all = timers = new Timers(plugin, all);
  }
  timers.add(timer, context, period);
  return timer;
}
