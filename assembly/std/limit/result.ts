import { newText, setUnit, unitAt } from "../../memory/utf16";

/** The decision of a limit about one request. */
@final
export class LimitResult {
  constructor(
    /** Tells whether it may pass. */
    readonly allowed: bool,
    /** How many more may pass now. */
    readonly remaining: i64,
    /** In how many seconds all of the limit is there again, rounded up. */
    readonly reset: i64,
    /** In how many seconds as much as was asked for is there, rounded up; 0 when it was allowed. */
    readonly retryAfter: i64,
    private readonly name: string,
    /** The limit: so many requests in so many seconds. */
    private readonly quota: i64,
    private readonly seconds: i64,
  ) {}

  /**
   * The headers for the response, as `[name, value]`: `ratelimit-policy` and `ratelimit` (the IETF's draft "RateLimit header
   * fields for HTTP", version 10), and `retry-after` when the request was refused.
   */
  headers(): string[][] {
    const name = quoted(this.name);
    const headers: string[][] = [
      ["ratelimit-policy", name + ";q=" + this.quota.toString() + ";w=" + this.seconds.toString()],
      ["ratelimit", name + ";r=" + this.remaining.toString() + ";t=" + this.reset.toString()],
    ];
    if (!this.allowed) headers.push(["retry-after", this.retryAfter.toString()]);
    return headers;
  }
}

/** Microseconds as seconds, rounded up. */
export function secondsOf(microseconds: i64): i64 {
  return (microseconds + 999999) / 1000000;
}

/** A name as a string of structured fields. */
function quoted(name: string): string {
  const length = name.length;
  const text = newText(length + 2);
  setUnit(text, 0, 0x22);
  for (let i = 0; i < length; i++) {
    const unit = unitAt(name, i);
    setUnit(text, i + 1, unit - 0x20 < 0x5f && unit != 0x22 && unit != 0x5c ? unit : 0x5f);
  }
  setUnit(text, length + 1, 0x22);
  return text;
}
