/**
 * The replacement of all headers of a message by others.
 *
 * @module
 */
import { Status } from "../abi/enums";
import { proxy_set_header_map_pairs } from "../abi/imports";
import { isFraming, isNamed, nameKind } from "../memory/field-syntax";
import { pairsSize, putPairs } from "../memory/pairs";
import { mark, release } from "../memory/scratch";
import { dropSnapshot } from "../memory/snapshots";
import { put, putSize } from "../memory/text";
import { DEBUG, MANY_READS, TRAILERS } from "../runtime/build";
import { Subject } from "../runtime/explain";
import { explain, record, refuse } from "../runtime/status";
import { mayChange } from "./header-pseudo";
import { withRequired } from "./header-rules";
import { settleStatus } from "./header-status";
import { arePairsAllowed, mayAsk, isAboutMessage, isOpen, keepFraming } from "./header-writes";
import { noteTrailers } from "./stream-state";

/** Tells whether `pairs` may take the place of a map's headers. The host is asked for nothing that the headers themselves tell. */
export function mayReplace(map: i32, pairs: string[][]): bool {
  if (!isOpen(map)) return false;
  if (arePairsAllowed(pairs, false) && arePossible(map, pairs)) return true;
  settleStatus(refuse());
  return false;
}

/** Puts `pairs` in the place of the headers `current`, but for what the host cannot do without. */
export function replace(map: i32, current: string[][], pairs: string[][]): Status {
  const status = write(map, withRequired(map, current, pairs));
  settleStatus(status);
  return status;
}

function write(map: i32, all: string[][]): Status {
  const before = mark();
  const block = putPairs(all);
  const size = pairsSize;
  const status: i32 = size == 0 ? Status.BadArgument : proxy_set_header_map_pairs(map, block, size);
  release(before);
  if (MANY_READS) dropSnapshot(map);
  if (size == 0) {
    if (DEBUG)
      explain("more than 1,024 headers or 1 MiB of them: the host would take that for no headers at all");
    return refuse();
  }
  if (TRAILERS && status == Status.Ok) noteTrailers(map);
  return record(status, Subject.WriteMap + map);
}

/** Tells whether the pairs leave what the message is, and where it ends, as it may be. */
function arePossible(map: i32, pairs: string[][]): bool {
  for (let i = 0; i < pairs.length; i++) {
    const before = mark();
    const possible = isPossible(map, pairs, i);
    release(before);
    if (!possible) return false;
  }
  return true;
}

function isPossible(map: i32, pairs: string[][], index: i32): bool {
  const pair = unchecked(pairs[index]);
  const name = unchecked(pair[0]);
  const value = unchecked(pair[1]);
  const address = put(name);
  const size = putSize;
  const kind = nameKind(address, size);
  const own = isFraming(kind);
  if (!own && !isAboutMessage(map, kind)) return true;
  if (isRepeated(pairs, index, address, size)) {
    if (DEBUG) explain("a message has one '" + name + "'");
    return false;
  }
  const valueAddress = put(value);
  const valueSize = putSize;
  if (!own) return mayChange(map, name, address, size, value, valueAddress, valueSize);
  return mayAsk(map, size, valueAddress, valueSize) || keepFraming(map, name, value) == Status.Ok;
}

/** Tells whether another pair has the same name, or another name for the same. */
function isRepeated(pairs: string[][], index: i32, address: usize, size: usize): bool {
  const isHost = size == 4; // of the names that there may be one of, no other is so long
  for (let i = 0; i < pairs.length; i++) {
    if (i == index) continue;
    const other = unchecked(unchecked(pairs[i])[0]);
    if (isNamed(address, size, other) || (isHost && other == ":authority")) return true;
  }
  return false;
}
