/** A timer that was set. */
export interface Timer {
  cancel(): void;
}

/**
 * The event loop of a worker thread: what Envoy does later is done by it, one event after the other.
 * The one of tests has a clock of its own, that moves when it is told to.
 */
export interface Loop {
  /** Milliseconds since 1970. */
  now(): number;
  /** Does this as an event of its own. */
  post(event: () => void): void;
  /** Does an event now. */
  do(event: () => void): void;
  after(milliseconds: number, event: () => void): Timer;
  /** Does this at the end of the event that runs, as Envoy deletes objects. */
  atEnd(action: () => void): void;
}

/** A time of a loop in nanoseconds, of which a number of JavaScript could not have all digits. */
export function nanosecondsOf(milliseconds: number): bigint {
  return BigInt(Math.round(milliseconds * 1000)) * 1000n;
}

interface Waiting {
  readonly due: number;
  readonly event: () => void;
}

/** An event loop whose clock stands still until `advance`. */
export class VirtualLoop implements Loop {
  private readonly events: (() => void)[] = [];
  private readonly ends: (() => void)[] = [];
  private readonly timers = new Set<Waiting>();
  private running = false;

  /**
   * @param time The time at the beginning, in milliseconds since 1970.
   * @param guard Does an event, and ends it when it takes too long.
   */
  constructor(
    private time = Date.UTC(2026, 0, 1),
    private readonly guard: (event: () => void) => void = (event) => event(),
  ) {}

  now(): number {
    return this.time;
  }

  post(event: () => void): void {
    this.events.push(event);
  }

  after(milliseconds: number, event: () => void): Timer {
    const waiting = { due: this.time + milliseconds, event };
    this.timers.add(waiting);
    return { cancel: () => void this.timers.delete(waiting) };
  }

  atEnd(action: () => void): void {
    if (this.running) this.ends.push(action);
    else action();
  }

  do(event: () => void): void {
    if (this.running) {
      event();
      return;
    }
    this.running = true;
    try {
      this.guard(event);
    } finally {
      this.running = false;
      for (let end = this.ends.shift(); end !== undefined; end = this.ends.shift()) end();
    }
  }

  /** Does all events that wait, those that they post too, but not what waits for a time. */
  run(): void {
    for (let event = this.events.shift(); event !== undefined; event = this.events.shift()) this.do(event);
  }

  /** Tells whether an event waits. */
  get isBusy(): boolean {
    return this.events.length > 0;
  }

  /** When the next timer is due; undefined without one. */
  get nextDue(): number | undefined {
    return this.next?.due;
  }

  /** The timer that is due first; of two at the same time the one that was set first. */
  private get next(): Waiting | undefined {
    let first: Waiting | undefined;
    for (const timer of this.timers) if (first === undefined || timer.due < first.due) first = timer;
    return first;
  }

  /** Moves the clock on, and does on the way what is due. */
  advance(milliseconds: number): void {
    const until = this.time + milliseconds;
    this.run();
    for (let { next } = this; next !== undefined && next.due <= until; next = this.next) {
      this.time = Math.max(this.time, next.due);
      this.timers.delete(next);
      this.do(next.event);
      this.run();
    }
    this.time = until;
  }
}

/** The longest time of a timer in JavaScript. */
const MOST = 2 ** 31 - 1;

/** The event loop of a host in real time. */
export class RealLoop implements Loop {
  private readonly ends: (() => void)[] = [];
  private running = 0;

  /** @param soon Does something as soon as the present event is over; Node has a better one than the default. */
  constructor(private readonly soon: (action: () => void) => void = (action) => setTimeout(action, 0)) {}

  now(): number {
    return Date.now();
  }

  post(event: () => void): void {
    this.soon(() => this.do(event));
  }

  after(milliseconds: number, event: () => void): Timer {
    let id: ReturnType<typeof setTimeout>;
    // JavaScript's timers know 31 bits of milliseconds, and fire at once beyond.
    const wait = (left: number): void => {
      if (left > MOST) id = setTimeout(() => wait(left - MOST), MOST);
      else id = setTimeout(() => this.do(event), left);
    };
    wait(milliseconds);
    return { cancel: () => clearTimeout(id) };
  }

  atEnd(action: () => void): void {
    if (this.running > 0) this.ends.push(action);
    else action();
  }

  do(event: () => void): void {
    this.running++;
    try {
      event();
    } finally {
      if (--this.running === 0)
        for (let end = this.ends.shift(); end !== undefined; end = this.ends.shift()) end();
    }
  }
}
