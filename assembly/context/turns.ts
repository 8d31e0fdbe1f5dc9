/**
 * Whose turn it is. Outside a stream's own callbacks the host does what it was told after the callback, one by one, and a
 * filter that is twice in a chain has two contexts of each stream: once one of them has been told to end the stream, or to go
 * on, Envoy 1.40 may crash on what the other was told in the same callback.
 *
 * @module
 */
import { proxy_set_effective_context } from "../abi/imports";
import { turn } from "../runtime/current-callback";
import { Target, wholeOf } from "../runtime/target";
import { readInteger } from "../services/property";

/** The turn in which the latest stream was claimed, and the first context that did so in it. */
let lastTurn: u32 = 0;
let first: u32 = 0;

/** A stream that this turn has claimed, told by when it began. */
@final
class Claimed {
  constructor(
    public began: i64,
    public next: Claimed | null,
  ) {}
}

/** The streams that this turn has claimed, once there are two, and when the latest of them began; 0 before. */
let claimed: Claimed | null = null;
let latest: i64 = 0;

/**
 * Tells whether the running turn may act upon the stream of `context`, which is in effect: no other context of the same stream has claimed that.
 * From then on, this one has.
 */
export function claim(context: Target): bool {
  const stream = wholeOf(context);
  if ((stream.$actedIn ^ (turn << 1)) < 2) return true;
  const id = stream.contextId;
  if (lastTurn != turn) {
    lastTurn = turn;
    first = id;
    latest = 0;
  } else {
    if (latest == 0) {
      claimed = null;
      proxy_set_effective_context(first);
      claimStream();
      proxy_set_effective_context(id);
    }
    if (!claimStream()) return false;
  }
  stream.$actedIn = turn << 1;
  return true;
}

/** Notes that the running turn has resumed `stream`, and so claimed it. */
// @ts-ignore: decorator
@inline
export function noteResumed(stream: Target): void {
  wholeOf(stream).$actedIn = (turn << 1) | 1;
}

// @ts-ignore: decorator
@inline
export function isResumed(stream: Target): bool {
  return wholeOf(stream).$actedIn == ((turn << 1) | 1);
}

/** Claims the stream in effect. What tells it is the nanosecond in which it began; a host that has none has no two contexts. */
function claimStream(): bool {
  const began = readInteger("request\0time", 0);
  if (began == 0) return true;
  if (began > latest) latest = began;
  else {
    let other: Claimed | null = claimed;
    while (other !== null) {
      if (other.began == began) return false;
      other = other.next;
    }
  }
  claimed = new Claimed(began, claimed);
  return true;
}
