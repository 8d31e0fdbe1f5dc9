/**
 * Keeps two contexts of one stream from acting on it in the same callback. Outside a stream's own callbacks, the host keeps the
 * filter's calls and carries them out after the callback, one by one. A filter that is twice in a chain has two contexts of each
 * stream. After one of them has ended or resumed the stream, Envoy 1.40 may crash on the other's call in the same callback.
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

/**
 * Claims the stream in effect. A stream is known by the nanosecond in which it began; a host that does not tell it has no two
 * contexts of one stream.
 */
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
