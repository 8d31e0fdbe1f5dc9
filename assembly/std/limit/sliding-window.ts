import { clock } from "../../services/clock";
import { Counters, Step } from "./counters";
import { LimitResult, secondsOf } from "./result";

/** The most that is counted in one window: two counts fit into one number. */
const MOST: i64 = 0x7fffffff;

/** One request in a window: `first` is the number of the window, `second` its count and, above 32 bits, that of the one before. */
@final
class WindowStep extends Step {
  allowed: bool = false;
  /** How many have been counted, those of the window before for the part of it that is still within. */
  used: i64 = 0;
  /** The counts of this window, and of the one before. */
  current: i64 = 0;
  before: i64 = 0;

  constructor(
    private readonly window: i64,
    /** How much of the window is over, in microseconds, and how long it is. */
    private readonly over: i64,
    private readonly length: i64,
    private readonly limit: i64,
    private readonly cost: i64,
    /** It is counted whatever the limit is. */
    private readonly isDone: bool,
  ) {
    super();
  }

  protected isIdle(): bool {
    return this.first < this.window - 1;
  }

  protected change(): bool {
    let current: i64 = 0;
    let before: i64 = 0;
    // A thread's clock may be a little behind that of the one that has counted last.
    const window = this.first > this.window && this.first <= this.window + 1 ? this.first : this.window;
    const over = window > this.window ? 0 : this.over;
    if (this.first == window) {
      current = this.second & MOST;
      before = this.second >> 32;
    } else if (this.first == window - 1) before = this.second & MOST;
    // Rounded up: never more than the limit.
    this.used = current + <i64>ceil((<f64>before * <f64>(this.length - over)) / <f64>this.length);
    this.current = current;
    this.before = before;
    this.allowed = this.cost <= this.limit - this.used;
    if (!this.allowed && !this.isDone) return false;
    this.used += this.cost;
    this.first = window;
    this.second = (before << 32) | min(current + this.cost, MOST);
    return true;
  }

  /** In how many microseconds as much as was asked for is there, if nobody else asks: in this window, or in the next one. */
  get wait(): i64 {
    const free = this.limit - this.cost;
    if (free < 0) return this.length;
    const here = free - this.current;
    if (here >= 0) return this.timeUntil(this.before, here) - this.over;
    return this.length - this.over + this.timeUntil(this.current, free);
  }

  /** How much of a window is over when of `count` in the one before at most `left` still count. */
  private timeUntil(count: i64, left: i64): i64 {
    return left >= count ? 0 : <i64>ceil(<f64>this.length * (1 - <f64>left / <f64>count));
  }
}

/**
 * At most `limit` in any `seconds`, for each key, such as a client: what was counted in the window before counts for the part of
 * it that still lies within the last `seconds`, as if it had come evenly. Exact over all worker threads, as each change is made
 * with compare-and-swap. See `TokenBucket` for names, slots and where it may be used.
 *
 * @example
 * class Limited extends PluginContext {
 *   limit: SlidingWindow = new SlidingWindow("client", 100, 60);
 *
 *   createHttpContext(): HttpContext {
 *     return new Stream(this);
 *   }
 * }
 *
 * class Stream extends HttpContext {
 *   constructor(private readonly limited: Limited) {
 *     super();
 *   }
 *
 *   onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
 *     const client = this.request.headers.get("x-client");
 *     const result = this.limited.limit.take(client === null ? "" : client);
 *     if (!result.allowed) return this.respond(429, "too many requests\n", { headers: result.headers() });
 *     return FilterHeadersStatus.Continue;
 *   }
 * }
 */
@final
export class SlidingWindow {
  private counters: Counters;

  constructor(
    /** Its name. */
    readonly name: string,
    /** How many may pass. */
    readonly limit: i64,
    /** In how many seconds, 1 or more. */
    readonly seconds: i64,
    slots: i32 = 8192,
  ) {
    this.counters = new Counters(name, slots);
  }

  /** Counts `cost` if the limit allows it. If the host does not keep the count, no request may pass. */
  take(key: string, cost: i64 = 1): LimitResult {
    return this.count(key, cost, false);
  }

  /**
   * Counts `cost` whatever the limit is: what has been used already, and is known only now. `allowed` says whether it was within
   * the limit. `take(key, 0).remaining` says beforehand whether anything is left.
   */
  charge(key: string, cost: i64): LimitResult {
    return this.count(key, cost, true);
  }

  private count(key: string, cost: i64, isDone: bool): LimitResult {
    const seconds = min(max(this.seconds, 1), 31536000);
    const limit = min(max(this.limit, 0), MOST);
    const length = seconds * 1000000;
    const now = <i64>(clock.now() / 1000);
    const over = now % length;
    const step = new WindowStep(now / length, over, length, limit, min(max(cost, 0), MOST), isDone);
    const counted = this.counters.step(key, step);
    const allowed = counted && step.allowed;
    const rest = secondsOf(length - over);
    return new LimitResult(
      allowed,
      counted ? max(limit - step.used, 0) : 0,
      rest,
      allowed ? 0 : counted ? max(secondsOf(step.wait), 1) : rest,
      this.name,
      limit,
      seconds,
    );
  }
}
