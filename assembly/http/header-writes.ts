/**
 * Changes of a header map, and what refuses those that would break a message or the proxy's handling of it.
 *
 * @module
 */
import { Status } from "../abi/enums";
import {
  proxy_add_header_map_value,
  proxy_remove_header_map_value,
  proxy_replace_header_map_value,
} from "../abi/imports";
import { NAME, isFieldName, isFieldValue, isFraming, isPseudo, nameKind } from "../memory/field";
import { mark, release } from "../memory/scratch";
import { put, putSize } from "../memory/text";
import { DEBUG, PLAIN_FIELDS, PLAIN_NAMES, TRAILERS } from "../runtime/build";
import { Subject } from "../runtime/reasons";
import { explain, record, refuse } from "../runtime/status";
import { hasValue } from "./header-reads";
import { isRequired } from "./header-rules";
import { areMissing, areSent, freeLength, mayMakeTrailers, noteTrailers } from "./progress";

/** Whether a name, of that kind, and a value may be sent; says why not in a debug build. */
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

/** Refuses to write a header that says where the message ends, unless it stays as it is. */
function keepFraming(map: i32, name: string, value: string): Status {
  if (hasValue(map, name, value)) return record(Status.Ok);
  if (DEBUG)
    explain(
      "'" + name + "' says where the message ends and is not a filter's to set; change or remove the body",
    );
  return refuse();
}

/** Whether the map can still be changed; records the refusal otherwise. */
export function isOpen(map: i32): bool {
  if (areMissing(map, true) && !mayMakeTrailers(map)) {
    if (DEBUG) explain("these trailers have not come, or have been passed on");
  } else if (!areSent(map)) return true;
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
  const kind = PLAIN_NAMES ? NAME : nameKind(nameAddress, nameSize);
  const address = put(value);
  const size = putSize;
  let status: Status;
  if (isFraming(kind)) status = keepFraming(map, name, value);
  else if (!replace && isPseudo(kind)) {
    if (DEBUG) explain("a message has one '" + name + "': set it instead");
    status = refuse();
  } else if (!PLAIN_FIELDS && !isAllowed(name, kind, address, size)) status = refuse();
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
  if (!plain && isRequired(map, address, size)) {
    if (DEBUG)
      explain("'" + name + "' cannot be removed: the host needs it to handle the message; set it instead");
    status = refuse();
  } else if (!isOpen(map)) status = Status.BadArgument;
  else if (areMissing(map, true)) status = record(Status.Ok);
  else {
    status = record(proxy_remove_header_map_value(map, address, size), Subject.WriteMap + map);
    // Of the two, "content-length": without "transfer-encoding" the length may still be announced.
    if (!plain && status == Status.Ok && size == 14 && isFraming(nameKind(address, size))) freeLength(map);
  }
  release(before);
  return status;
}

/** Removes "content-length", so that the body may change its length. */
export function removeLength(map: i32): Status {
  const status = remove(map, "content-length", true);
  if (status == Status.Ok) freeLength(map);
  return status;
}

/** Whether it is a name and a value that may be sent; see `isAllowed`. */
export function isPairAllowed(pair: string[]): bool {
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
  return allowed;
}

/** Whether every pair may be sent. */
export function arePairsAllowed(pairs: string[][]): bool {
  for (let i = 0; i < pairs.length; i++) if (!isPairAllowed(unchecked(pairs[i]))) return false;
  return true;
}

/** Whether the pairs leave what says where the message ends as it is; see `keepFraming`. */
export function keepsFraming(map: i32, pairs: string[][]): bool {
  for (let i = 0; i < pairs.length; i++) {
    const before = mark();
    const pair = unchecked(pairs[i]);
    const name = unchecked(pair[0]);
    const kind = nameKind(put(name), putSize);
    release(before);
    if (isFraming(kind) && keepFraming(map, name, unchecked(pair[1])) != Status.Ok) return false;
  }
  return true;
}
