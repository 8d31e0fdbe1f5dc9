/**
 * Changes of a response's status. One without a body (204, 205, 304) would leave the body that follows to be taken for the
 * next response: it is dropped, with its length, where the build has provided for that.
 *
 * @module
 */
import { BufferType, HeaderMapType, Status } from "../abi/enums";
import {
  proxy_remove_header_map_value,
  proxy_replace_header_map_value,
  proxy_set_buffer_bytes,
} from "../abi/imports";
import { digits } from "../memory/pairs";
import { receivedAddress, receivedSize } from "../memory/host-values";
import { noteWritten } from "../memory/snapshots";
import { put, putSize } from "../memory/text";
import { DROPS_BODIES, MANY_READS, PLAIN_STATUSES } from "../runtime/build";
import { receiveField } from "./header-reads";
import { hasEndedResponse, isBodyThere, isConnect, isDropped, mayDrop, noteDropped } from "./stream-state";

/** The change of `content-length` when a new status is written. */
const enum Length {
  Stays,
  Goes,
  /** The body that follows is dropped, and Envoy 1.40 would announce chunks for it. */
  IsZero,
}
let length: Length = Length.Stays;

/** Tells whether the body that follows is to be dropped. */
let drops: bool = false;

/** Tells whether a response with this status has no body; one sent all the same would be taken for the next response. */
// @ts-ignore: decorator
@inline
export function isBodiless(status: u32): bool {
  return status == 204 || status == 205 || status == 304;
}

/** Tells whether the response may have this status; `settleStatus` follows once it has. */
export function mayHaveStatus(value: usize, size: usize): bool {
  const status = PLAIN_STATUSES ? 200 : digits(value, size);
  if (size != 3 || status < 200 || status > 599) return false;
  if (!receiveField(HeaderMapType.ResponseHeaders, ":status")) return false;
  const before = digits(receivedAddress(), receivedSize());
  if (before < 200) return false; // with 101 what follows is no HTTP any more
  if (!PLAIN_STATUSES && before == status) return true;
  if (isConnect()) return false; // 200 to 299 opens a tunnel: both sides must see the same
  // The length that came with a status without a body is that of no body at all.
  length = isBodiless(before) ? Length.Goes : Length.Stays;
  if (PLAIN_STATUSES || !isBodiless(status)) return true;
  if (status == 204) length = Length.Goes;
  if (hasEndedResponse()) return true;
  if (!DROPS_BODIES || !mayDrop()) return false;
  if (status != 204) length = Length.IsZero;
  drops = true;
  return true;
}

/** Does what a new status asks for, when it has been written. */
export function settleStatus(written: Status): void {
  if (written == Status.Ok) {
    if (length != Length.Stays) changeLength();
    if (DROPS_BODIES && drops) {
      noteDropped();
      if (isBodyThere(BufferType.HttpResponseBody)) drop();
    }
  }
  length = Length.Stays;
  drops = false;
}

function changeLength(): void {
  const address = put("content-length");
  const size = putSize;
  if (MANY_READS) noteWritten(HeaderMapType.ResponseHeaders, size);
  if (PLAIN_STATUSES || length == Length.Goes)
    proxy_remove_header_map_value(HeaderMapType.ResponseHeaders, address, size);
  else {
    const zero = put("0");
    proxy_replace_header_map_value(HeaderMapType.ResponseHeaders, address, size, zero, putSize);
  }
}

/** Removes what has come of the response's body if its status has none; whether it has. */
export function dropChunk(): bool {
  if (!isDropped(BufferType.HttpResponseBody)) return false;
  drop();
  return true;
}

function drop(): void {
  proxy_set_buffer_bytes(BufferType.HttpResponseBody, 0, 0x7fffffff, 0, 0);
}
