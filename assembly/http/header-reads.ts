/**
 * Questions to the host about a header map, which are not asked where they would do harm.
 *
 * @module
 */
import { Status } from "../abi/enums";
import { proxy_get_header_map_pairs, proxy_get_header_map_value } from "../abi/imports";
import { pairsReader } from "../memory/pairs";
import { expectValue, receivedEquals } from "../memory/host-values";
import { OUT, mark, release } from "../memory/scratch";
import { put, putSize } from "../memory/text";
import { MANY_READS, SHARED_STREAMS } from "../runtime/build";
import { Subject } from "../runtime/explain";
import { expectBegun, record } from "../runtime/status";
import { ASK, lookUp, mayKnow, noteAnswer, openSnapshot } from "./header-snapshots";
import { areMissing, mayMakeTrailers } from "./stream-state";

/** Tells whether trailers cannot be read; then records why, without asking the host. */
export function areAbsent(map: i32, change: bool = false): bool {
  if (!SHARED_STREAMS) expectBegun();
  if (!areMissing(map, change)) return false;
  record(mayMakeTrailers(map) ? Status.NotFound : Status.BadArgument, Subject.ReadMap + map);
  return true;
}

/** Asks the host for the value of `name`; true when it is there, and its bytes have been received. */
export function receiveField(map: i32, name: string): bool {
  if (areAbsent(map)) return false;
  const address = put(name);
  if (MANY_READS) return findTogether(map, address, putSize);
  expectValue();
  return (
    record(proxy_get_header_map_value(map, address, putSize, OUT, OUT + 4), Subject.ReadMap + map) ==
    Status.Ok
  );
}

/** The same where several headers are read in one callback. */
function findTogether(map: i32, address: usize, size: usize): bool {
  let status = mayKnow(map) ? lookUp(map, address, size) : ASK;
  if (status == ASK) {
    expectValue();
    status = proxy_get_header_map_value(map, address, size, OUT, OUT + 4);
    noteAnswer(map, status);
  }
  return record(status, Subject.ReadMap + map) == Status.Ok;
}

/** Asks the host for the whole map and opens it with the pairs reader; answers whether there are any, or their number. */
export function readPairs(map: i32): i32 {
  if (areAbsent(map)) return pairsReader().none();
  if (MANY_READS && openSnapshot(map)) {
    record(Status.Ok);
    return 1;
  }
  expectValue();
  if (record(proxy_get_header_map_pairs(map, OUT, OUT + 4), Subject.ReadMap + map) != Status.Ok) return 0;
  return pairsReader().open();
}

/** Tells whether the first header `name` is there and has exactly this value. */
export function hasValue(map: i32, name: string, value: string): bool {
  const before = mark();
  const equal = receiveField(map, name) && receivedEquals(value);
  release(before);
  return equal;
}
