import { clock } from "../../services/clock";
import { Counters, Step } from "./counters";
import { LimitResult, secondsOf } from "./result";

/** One request at a bucket: `first` is when the bucket will be full, in microseconds since 1970. */
@final
class BucketStep extends Step {
  allowed: bool = false;

  constructor(
    private readonly now: i64,
    /** How long the whole bucket takes to fill, and what is asked for. */
    private readonly whole: i64,
    private readonly asked: i64,
  ) {
    super();
  }

  protected isIdle(): bool {
    return this.first <= this.now;
  }

  protected change(): bool {
    // A clock that was set back must not lock anybody out for longer than the bucket takes.
    const full = min(max(this.first, this.now), this.now + this.whole);
    this.allowed = this.asked <= this.whole - (full - this.now);
    this.first = this.allowed ? full + this.asked : full;
    return this.allowed;
  }
}

/**
 * A bucket of tokens for each key, such as a client: `burst` of them at first, and `perSecond` new ones each second. Exact over
 * all worker threads, as each change is made with compare-and-swap. Keep it in a field of the plugin, and give each limit of a
 * plugin a name of its own. May be used in every callback, and made where it is declared.
 *
 * Counters are in `slots` places, which the host keeps as long as the VM. If more keys than that are active at the same time,
 * some share a counter, and are limited together; a secret decides which ones do.
 *
 * @example
 * class Limited extends PluginContext {
 *   bucket: TokenBucket = new TokenBucket("api", 10, 50);
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
 *     const result = this.limited.bucket.take(client === null ? "" : client);
 *     if (!result.allowed) return this.respond(429, "slow down\n", { headers: result.headers() });
 *     return FilterHeadersStatus.Continue;
 *   }
 * }
 */
@final
export class TokenBucket {
  private counters: Counters;

  constructor(
    /** Its name. */
    readonly name: string,
    /** How many tokens come each second, also fractions; up to a million. */
    readonly perSecond: f64,
    /** How many there are at most. */
    readonly burst: i64,
    slots: i32 = 8192,
  ) {
    this.counters = new Counters(name, slots);
  }

  /** Takes `cost` tokens if there are so many. If the host does not keep the count, no request may pass. */
  take(key: string, cost: i64 = 1): LimitResult {
    // How long one token takes, in microseconds. If the rate is no number or below 0, almost none come.
    const rate = this.perSecond;
    const each = <i64>max<f64>(1, min<f64>(rate > 0 ? 1000000 / rate : 1e12, 1e12));
    const most = min(max(this.burst, 0), 1000000);
    const whole = most * each;
    const now = <i64>(clock.now() / 1000);
    const asked = cost > most ? i64.MAX_VALUE : max(cost, 0) * each;
    const step = new BucketStep(now, whole, asked);
    const counted = this.counters.step(key, step);
    const missing = counted ? max(step.first - now, 0) : whole;
    const wait = cost > most ? whole : missing + asked - whole;
    return new LimitResult(
      counted && step.allowed,
      (whole - missing) / each,
      secondsOf(missing),
      counted && step.allowed ? 0 : max(secondsOf(wait), 1),
      this.name,
      most,
      max(secondsOf(whole), 1),
    );
  }
}
