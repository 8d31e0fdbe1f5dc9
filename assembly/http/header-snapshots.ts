/**
 * Reads that are answered from a copy of the whole map: the second one and all further ones of a callback cost no host call.
 *
 * @module
 */
import { HeaderMapType, Status } from "../abi/enums";
import { proxy_get_header_map_pairs } from "../abi/imports";
import { lowerHalf } from "../memory/field-syntax";
import { Found } from "../memory/name-order";
import { pairsReader } from "../memory/pairs";
import { isAuthorityName } from "../memory/pseudo";
import { OUT } from "../memory/scratch";
import {
  FOUND,
  MAPS,
  MISSING,
  Snapshot,
  addCost,
  beginTaking,
  findInSnapshot,
  hasFailed,
  isAskedFor,
  isTaken,
  keepSnapshot,
  lengthBit,
  snapshotOf,
} from "../memory/snapshots";
import { put } from "../memory/text";

/** The answer of `lookUp` when the host has to be asked. */
export const ASK: i32 = -1;

const HOST_SIZE: usize = 4;
const AUTHORITY_SIZE: usize = 10;

/** The status that the host would answer for the header at `name`, whose value is then received; or `ASK`. Call it where `mayKnow` does. */
export function lookUp(map: i32, name: usize, size: usize): i32 {
  const snapshot = snapshotOf(map);
  if (!isTaken(snapshot) && (hasFailed(snapshot) || !take(map, snapshot))) return ASK;
  let bits = lengthBit(size);
  // In a request, "host" is another name of ":authority"; what the two are elsewhere is the host's to say.
  const isHost = size == HOST_SIZE && lowerHalf(name) == 0x74736f68;
  if (isHost || size == AUTHORITY_SIZE) {
    if (map != HeaderMapType.RequestHeaders && (isHost || isAuthorityName(name, size))) return ASK;
    if (isHost) name = put(":authority");
    size = AUTHORITY_SIZE;
    bits |= lengthBit(AUTHORITY_SIZE) | lengthBit(HOST_SIZE);
  }
  // With a copy that does not tell of all names, another one would cost as much as this one read.
  if ((snapshot.written & bits) != 0) return ASK;
  const found = findInSnapshot(snapshot, name, size);
  if (found == Found.Unknown || (isHost && found == Found.No)) return ASK;
  snapshot.cost += found == Found.Yes ? FOUND : MISSING;
  return found == Found.Yes ? Status.Ok : Status.NotFound;
}

/** Tells whether `lookUp` may have an answer. */
// @ts-ignore: decorator
@inline
export function mayKnow(map: i32): bool {
  return <u32>map < MAPS && !isAskedFor(map);
}

/** Notes what the host has answered for one header, for which `lookUp` had none. */
// @ts-ignore: decorator
@inline
export function noteAnswer(map: i32, status: i32): void {
  if (<u32>map < MAPS) addCost(map, status == Status.Ok ? FOUND : MISSING);
}

function take(map: i32, snapshot: Snapshot): bool {
  return (
    beginTaking(snapshot) &&
    keepSnapshot(snapshot, proxy_get_header_map_pairs(map, OUT, OUT + 4) == Status.Ok)
  );
}

/**
 * Opens the copy of a map that has not been written since, or takes one, with the pairs reader. False when the host has to be
 * asked.
 */
export function openSnapshot(map: i32): bool {
  if (<u32>map >= MAPS) return false;
  const snapshot = snapshotOf(map);
  snapshot.cost += FOUND;
  if ((!isTaken(snapshot) || snapshot.written != 0) && !take(map, snapshot)) return false;
  pairsReader().openAt(snapshot.block, snapshot.size);
  return true;
}
