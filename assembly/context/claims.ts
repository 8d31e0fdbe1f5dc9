/**
 * Whose turn it is. Outside a stream's own callbacks the host does what it was told after the callback, one by one, and a
 * filter that is twice in a chain has two contexts of each stream: once one of them has been told to end the stream, or to go
 * on, Envoy 1.40 may crash on what the other was told in the same callback.
 *
 * @module
 */
import { proxy_set_effective_context } from "../abi/imports";
import { Target, turn } from "../runtime/call";
import { readInteger } from "../services/property";

/** The turn in which the latest stream was claimed, and the first context that did so in it. */
let lastTurn: u32 = 0;
let first: u32 = 0;

/** When the streams began that this turn has claimed, once there are two; in order. */
// @ts-ignore: decorator
@lazy
const claimed: i64[] = [];

/**
 * Whether the running turn may act upon `stream`, which is in effect: no other context of the same stream has claimed that.
 * From then on, this one has.
 */
export function claim(stream: Target): bool {
  if (stream.$claimedIn == turn) return true;
  const id = stream.contextId;
  if (lastTurn != turn) {
    lastTurn = turn;
    first = id;
    claimed.length = 0;
  } else {
    if (claimed.length == 0) {
      proxy_set_effective_context(first);
      claimStream();
      proxy_set_effective_context(id);
    }
    if (!claimStream()) return false;
  }
  stream.$claimedIn = turn;
  return true;
}

/** Claims the stream in effect. What tells it is the nanosecond in which it began; a host that has none has no two contexts. */
function claimStream(): bool {
  const began = readInteger("request\0time", 0);
  if (began == 0) return true;
  let place = claimed.length;
  while (place > 0 && unchecked(claimed[place - 1]) > began) place--;
  if (place > 0 && unchecked(claimed[place - 1]) == began) return false;
  claimed.push(0);
  for (let i = claimed.length - 1; i > place; i--) unchecked((claimed[i] = claimed[i - 1]));
  unchecked((claimed[place] = began));
  return true;
}
