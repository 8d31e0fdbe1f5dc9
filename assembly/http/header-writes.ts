/**
 * Changes of a header map, and what refuses those that would break a message or the proxy's handling of it.
 *
 * @module
 */
import { HeaderMapType, Status } from "../abi/enums";
import {
  proxy_add_header_map_value,
  proxy_remove_header_map_value,
  proxy_replace_header_map_value,
} from "../abi/imports";
import {
  NAME,
  PSEUDO,
  isFieldName,
  isFieldValue,
  isFraming,
  isHost,
  isPseudo,
  nameKind,
} from "../memory/field-syntax";
import { asksForTrailers, hasSign } from "../memory/pseudo";
import { mark, release } from "../memory/scratch";
import { noteWritten } from "../memory/snapshots";
import { put, putSize } from "../memory/text";
import {
  CHECKS_STATUS,
  DEBUG,
  MANY_READS,
  PLAIN_FIELDS,
  PLAIN_NAMES,
  PLAIN_PSEUDO,
  TRAILERS,
  SHARED_STREAMS,
} from "../runtime/build";
import { Subject } from "../runtime/explain";
import { expectBegun, explain, record, refuse } from "../runtime/status";
import { isAnswered } from "./answered";
import { mayChange } from "./header-pseudo";
import { receiveField, hasValue } from "./header-reads";
import { isRequired } from "./header-rules";
import { settleStatus } from "./header-status";
import { areMissing, areSent, freeLength, mayMakeTrailers, noteTrailers } from "./stream-state";

/** Tells whether a name, of that kind, and a value may be sent; says why not in a debug build. */
function isAllowed(name: string, kind: u32, value: usize, valueSize: usize): bool {
  if (!isFieldName(kind)) {
    if (DEBUG) explain("'" + name + "' is not a header name (RFC 9110, section 5.1)");
    return false;
  }
  if (!isFieldValue(value, valueSize)) {
    if (DEBUG)
      explain("the value for '" + name + "' has a control character, which would break the message apart");
    return false;
  }
  return true;
}

/** Refuses to write a header that is the host's own, unless it stays as it is. */
export function keepFraming(map: i32, name: string, value: string): Status {
  if (hasValue(map, name, value)) return record(Status.Ok);
  if (DEBUG)
    explain(
      "'" +
        name +
        "' says where the message ends or is about the connection, and is not a filter's to set; change or remove the body",
    );
  return refuse();
}

/** Tells whether the header asks for trailers: all that a filter may say in a request of what is the host's own. */
export function mayAsk(map: i32, nameSize: usize, value: usize, size: usize): bool {
  return map == HeaderMapType.RequestHeaders && asksForTrailers(nameSize, value, size);
}

/** Tells whether a name of this kind is one of a pseudo-header, or stands for one in this map. */
// @ts-ignore: decorator
@inline
export function isAboutMessage(map: i32, kind: u32): bool {
  return isPseudo(kind) || (isHost(kind) && map == HeaderMapType.RequestHeaders);
}

/** The kind of a name; where the build knows all to be names, it looks for no more than the sign of a pseudo-header. */
// @ts-ignore: decorator
@inline
function kindOf(address: usize, size: usize): u32 {
  if (!PLAIN_NAMES) return nameKind(address, size);
  return PLAIN_PSEUDO || !hasSign(address) ? NAME : NAME | PSEUDO;
}

/** Tells whether the map can still be changed; records the refusal otherwise. */
export function isOpen(map: i32): bool {
  if (!SHARED_STREAMS) expectBegun();
  if (areMissing(map, true) && !mayMakeTrailers(map)) {
    if (DEBUG) explain("these trailers have not come, or have been passed on");
  } else if (!areSent(map) && !isAnswered(map)) return true;
  else if (DEBUG) explain("these headers have been passed on and can no longer be changed");
  refuse();
  return false;
}

/** Sets or adds a header. */
export function write(map: i32, name: string, value: string, replace: bool): Status {
  if (!isOpen(map)) return Status.BadArgument;
  const before = mark();
  const nameAddress = put(name);
  const nameSize = putSize;
  const kind = kindOf(nameAddress, nameSize);
  const address = put(value);
  const size = putSize;
  let status: Status;
  const isOwn = isFraming(kind) && !mayAsk(map, nameSize, address, size);
  if (isOwn) status = keepFraming(map, name, value);
  else if (!replace && isAboutMessage(map, kind)) {
    if (DEBUG) explain("a message has one '" + name + "': set it instead");
    status = refuse();
  } else if (!PLAIN_FIELDS && !isAllowed(name, kind, address, size)) status = refuse();
  else if (isAboutMessage(map, kind) && !mayChange(map, name, nameAddress, nameSize, value, address, size))
    status = refuse();
  else if (replace)
    status = record(
      proxy_replace_header_map_value(map, nameAddress, nameSize, address, size),
      Subject.WriteMap + map,
    );
  else
    status = record(
      proxy_add_header_map_value(map, nameAddress, nameSize, address, size),
      Subject.WriteMap + map,
    );
  if (MANY_READS) noteWritten(map, nameSize);
  if (CHECKS_STATUS) settleStatus(status);
  if (TRAILERS && status == Status.Ok) noteTrailers(map);
  release(before);
  return status;
}

/** Removes a header; the build knows that a `plain` one may be removed, and does not say where the message ends. */
export function remove(map: i32, name: string, plain: bool): Status {
  const before = mark();
  const address = put(name);
  const size = putSize;
  let status: Status;
  if (!plain && (isRequired(map, address, size) || keepsUpgrade(map, address, size))) {
    if (DEBUG)
      explain("'" + name + "' cannot be removed: the host needs it to handle the message; set it instead");
    status = refuse();
  } else if (!isOpen(map)) status = Status.BadArgument;
  else if (areMissing(map, true)) status = record(Status.Ok);
  else {
    status = record(proxy_remove_header_map_value(map, address, size), Subject.WriteMap + map);
    if (MANY_READS) noteWritten(map, size);
    // Of the two, "content-length": without "transfer-encoding" the length may still be announced.
    if (!plain && status == Status.Ok && size == 14 && isFraming(nameKind(address, size))) freeLength(map);
  }
  release(before);
  return status;
}

/** Tells whether a header is one that turns the connection into something else: without it, the peers would not agree on that. */
function keepsUpgrade(map: i32, address: usize, size: usize): bool {
  if (!isFraming(nameKind(address, size)) || (size != 7 && size != 10)) return false; // upgrade, connection
  return (
    receiveField(map, "upgrade") && (map == HeaderMapType.RequestHeaders || hasValue(map, ":status", "101"))
  );
}

/** Removes "content-length", so that the body may change its length. */
export function removeLength(map: i32): Status {
  const status = remove(map, "content-length", true);
  if (status == Status.Ok) freeLength(map);
  return status;
}

/** Tells whether it is a name and a value that may be sent; in a message of the filter's own, what is the host's to set is not. */
export function isPairAllowed(pair: string[], inOwn: bool): bool {
  if (pair.length != 2) {
    if (DEBUG) explain('each header is a name and a value: ["x-user", "7"]');
    return false;
  }
  const name = unchecked(pair[0]);
  const before = mark();
  const kind = nameKind(put(name), putSize);
  const value = put(unchecked(pair[1]));
  const allowed = isAllowed(name, kind, value, putSize);
  release(before);
  if (!inOwn || !(isPseudo(kind) || isFraming(kind))) return allowed;
  if (DEBUG) explain("'" + name + "' is the host's to set");
  return false;
}

/** Tells whether every pair may be sent; see `isPairAllowed`. */
export function arePairsAllowed(pairs: string[][], inOwn: bool): bool {
  for (let i = 0; i < pairs.length; i++) if (!isPairAllowed(unchecked(pairs[i]), inOwn)) return false;
  return true;
}
