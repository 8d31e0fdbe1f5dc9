import { clock } from "../../services/clock";
import { SharedCache } from "../cache/shared";

/**
 * The data about an issuer's keys that threads share: the time of the last attempt to fetch, the time of its end, and its result.
 */
@final
export class SharedSet {
  private tried: SharedCache;
  private ended: SharedCache;
  private set: SharedCache;
  /** When the last fetch ended of which this thread knows, in milliseconds. */
  private seen: string = "";

  constructor(name: string) {
    this.tried = new SharedCache("jwks-try\0" + name, 1, 256);
    this.ended = new SharedCache("jwks-end\0" + name, 1, 256);
    this.set = new SharedCache("jwks-set\0" + name, 1, 300000);
  }

  /** Tells whether this thread shall fetch: the only one in `milliseconds`. */
  claim(milliseconds: i64): bool {
    return this.tried.add("", clock.milliseconds().toString(), milliseconds);
  }

  /** The fetch could not begin: whoever wants may try. */
  release(): void {
    this.tried.delete("");
  }

  /** Tells whether a thread fetches, since at most `milliseconds`. */
  isUnderWay(milliseconds: i64): bool {
    const tried = this.tried.getText("");
    if (tried === null || i64.parse(tried) + milliseconds < clock.milliseconds()) return false;
    const ended = this.ended.getText("");
    return ended === null || i64.parse(ended) < i64.parse(tried);
  }

  /** Keeps what a fetch has got, null for nothing, for so many milliseconds. */
  put(text: string | null, milliseconds: i64): void {
    if (text !== null) this.set.setText("", text, milliseconds);
    this.seen = clock.milliseconds().toString();
    this.ended.setText("", this.seen, i64.MAX_VALUE);
  }

  /** The keys that another thread has fetched since the last call; null when there are none. */
  news(): string | null {
    const ended = this.ended.getText("");
    if (ended === null || ended == this.seen) return null;
    this.seen = ended;
    return this.set.getText("");
  }
}
