/**
 * What streams were told outside their own callbacks. The host does it after the callback, one by one, and a filter that is
 * in a chain twice has two contexts of one stream: once it has been ended by the one, Envoy 1.40 crashes on the other.
 *
 * @module
 */
import { proxy_set_effective_context } from "../abi/imports";
import { Target, turn } from "../runtime/call";
import { readInteger } from "../services/property";

/** The turn in which the last one was told something, and who was the first in it. */
let lastTurn: u32 = 0;
let firstId: u32 = 0;
let firstEnds: bool = false;

/**
 * The streams of this turn once there are two, in order: each as the nanosecond in which it began, which no other on this
 * thread shares, times two; plus 1 when it has been ended.
 */
// @ts-ignore: decorator
@lazy
const acted: u64[] = [];

/** Whether `stream`, which is in effect, can be told to go on or, with `ends`, to end; from then on it has been. */
export function mayAct(stream: Target, ends: bool): bool {
  const id = stream.contextId;
  if (lastTurn != turn) {
    lastTurn = turn;
    firstId = id;
    firstEnds = ends;
    acted.length = 0;
    return true;
  }
  if (acted.length == 0) {
    if (firstId == id) {
      firstEnds = firstEnds || ends;
      return true;
    }
    proxy_set_effective_context(firstId);
    note(firstEnds);
    proxy_set_effective_context(id);
  }
  return note(ends);
}

/** `mayAct` for the stream that is in effect. Where the host does not say when it began, nothing can be known. */
function note(ends: bool): bool {
  const began = readInteger("request\0time", 0);
  if (began == 0) return true;
  const entry = ((<u64>began) << 1) | u64(ends);
  let place = acted.length;
  while (place > 0 && unchecked(acted[place - 1]) > (entry | 1)) place--;
  const before = place > 0 ? unchecked(acted[place - 1]) : 0;
  if (before >> 1 == <u64>began) {
    return ((before | entry) & 1) == 0;
  }
  acted.push(0);
  for (let i = acted.length - 1; i > place; i--) unchecked((acted[i] = acted[i - 1]));
  unchecked((acted[place] = entry));
  return true;
}
