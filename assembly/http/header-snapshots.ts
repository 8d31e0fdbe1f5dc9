/**
 * Reads that are answered from a copy of the whole map: the second one and all further ones of a callback cost no host call.
 *
 * @module
 */
import { Status } from "../abi/enums";
import { proxy_get_header_map_pairs } from "../abi/imports";
import { pairsReader } from "../memory/pairs";
import { OUT } from "../memory/scratch";
import {
  FOUND,
  MAPS,
  MISSING,
  Snapshot,
  awaitSnapshot,
  findInSnapshot,
  isWorthTaking,
  keepSnapshot,
  snapshotOf,
  tellsOf,
} from "../memory/snapshots";

/** What `lookUp` answers when the host has to be asked. */
export const ASK: i32 = -1;

/** The status that the host would answer for the header at `name`, whose value is then received; or `ASK`. */
export function lookUp(map: i32, name: usize, size: usize): i32 {
  if (<u32>map >= MAPS) return ASK;
  const snapshot = snapshotOf(map);
  // With a copy that does not tell of all names, another one would cost as much as this one read.
  if (snapshot.block == 0 && (snapshot.written != 0 || !isWorthTaking(snapshot) || !take(map, snapshot)))
    return ASK;
  if (!tellsOf(snapshot, map, name, size)) return ASK;
  const found = findInSnapshot(snapshot, map, name, size);
  snapshot.cost += found ? FOUND : MISSING;
  return found ? Status.Ok : Status.NotFound;
}

/** Notes what the host has answered for one header. */
export function noteAnswer(map: i32, status: i32): void {
  if (<u32>map < MAPS) snapshotOf(map).cost += status == Status.Ok ? FOUND : MISSING;
}

function take(map: i32, snapshot: Snapshot): bool {
  awaitSnapshot();
  return keepSnapshot(snapshot, proxy_get_header_map_pairs(map, OUT, OUT + 4) == Status.Ok);
}

/**
 * Opens the copy of a map that has not been written since, or takes one, with the pairs reader. False when the host has to be
 * asked.
 */
export function openSnapshot(map: i32): bool {
  if (<u32>map >= MAPS) return false;
  const snapshot = snapshotOf(map);
  snapshot.cost += FOUND;
  if (snapshot.block == 0 || snapshot.written != 0) {
    if (!isWorthTaking(snapshot) || !take(map, snapshot)) return false;
  }
  pairsReader().openAt(snapshot.block, snapshot.size);
  return true;
}
