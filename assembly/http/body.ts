/**
 * Bodies of messages, data of connections, and answers to calls.
 *
 * @module
 */
import { BufferType, Status } from "../abi/enums";
import { proxy_get_buffer_bytes, proxy_get_buffer_status, proxy_set_buffer_bytes } from "../abi/imports";
import { handleValue } from "../memory/handle";
import {
  expectBytes,
  expectValue,
  receivedBytes,
  receivedText,
  receivedU32,
  replaceReceived,
  replacedSize,
  replacements,
} from "../memory/host-values";
import { OUT, mark, release } from "../memory/scratch";
import { put, putSize } from "../memory/text";
import { DEBUG, HOLDS_PARTS, LETS_PARTS_GO } from "../runtime/build";
import { Subject } from "../runtime/explain";
import { explain, lastStatus, record, refuse } from "../runtime/status";
import { replaceMark } from "./held-part";
import { sizeOfGone, sizeToSee } from "./late-part";
import { isBodyThere, isDataThere, isDropped, isLengthFree, noteMissed } from "./stream-state";

/** Everything from a start on; the host cuts it to what there is. */
const ALL: u32 = 0x7fffffff;

// @ts-ignore: decorator
@inline
function isHttp(buffer: i32): bool {
  return buffer <= BufferType.HttpResponseBody;
}

// @ts-ignore: decorator
@inline
function isTcp(buffer: i32): bool {
  return buffer == BufferType.DownstreamData || buffer == BufferType.UpstreamData;
}

/** Tells whether the buffer can be touched now; records the refusal otherwise. */
function isThere(buffer: i32): bool {
  if (isHttp(buffer) ? isBodyThere(buffer) : !isTcp(buffer) || isDataThere(buffer)) {
    // If it is not put back, the request is answered when it is to go on.
    if (!HOLDS_PARTS || buffer != BufferType.HttpRequestBody || replaceMark(false)) return true;
  }
  if (DEBUG)
    explain(
      "a body can be used in its own body callback, and elsewhere after StopIterationAndBuffer, while held",
    );
  refuse();
  return false;
}

/** The place in the host's buffer of a byte that the filter sees at `start`. */
function shownAt(buffer: i32, start: u32): u32 {
  return buffer == BufferType.HttpResponseBody ? min(start, ALL) + sizeOfGone() : start;
}

/** Has the host hand over `length` bytes from `start` on, as far as the filter may see them. */
function read(buffer: i32, start: u32, length: u32): Status {
  if (LETS_PARTS_GO) start = shownAt(buffer, start);
  return record(proxy_get_buffer_bytes(buffer, start, min(length, ALL), OUT, OUT + 4), Subject.Body);
}

function sizeOf(buffer: i32): u32 {
  expectValue();
  return record(proxy_get_buffer_status(buffer, OUT, OUT + 4), Subject.Body) == Status.Ok ? receivedU32() : 0;
}

/** Puts `size` bytes in the place of `length` bytes from `start` on. */
function replace(buffer: i32, start: u32, length: u32, bytes: usize, size: usize): Status {
  if (!isThere(buffer)) return Status.BadArgument;
  if (isDropped(buffer)) {
    if (DEBUG) explain("a response with this status has no body");
    return refuse();
  }
  if (LETS_PARTS_GO && start != ALL) start = shownAt(buffer, start);
  const isEdge = start == 0 || start == ALL;
  // Data that may have any size needs no question.
  if (isEdge && (!isHttp(buffer) || isLengthFree(buffer)))
    return record(proxy_set_buffer_bytes(buffer, start, start == 0 ? length : <u32>0, bytes, size));
  const before = sizeOf(buffer);
  if (lastStatus() != Status.Ok) return lastStatus();
  start = min(start, before);
  length = min(length, before - start);
  if (isHttp(buffer) && size != length && !isLengthFree(buffer)) {
    if (DEBUG)
      explain(
        'the body\'s length may change only after `headers.remove("content-length")` in the headers callback: the peer would take what is over for another message',
      );
    noteMissed();
    return refuse();
  }
  // The host can replace a prefix and append, but nothing in the middle. A module that only does these drops the rest.
  if (isEdge || start == 0 || start == before)
    return record(proxy_set_buffer_bytes(buffer, start, length, bytes, size), Subject.Body);
  return spliceMiddle(buffer, start, length, bytes, size);
}

function spliceMiddle(buffer: i32, start: u32, length: u32, bytes: usize, size: usize): Status {
  expectBytes();
  const status = record(proxy_get_buffer_bytes(buffer, 0, start, OUT, OUT + 4));
  const head = receivedBytes();
  if (status != Status.Ok) return status;
  const all = new Uint8Array(head.length + <i32>size);
  all.set(head);
  memory.copy(all.dataStart + <usize>head.length, bytes, size);
  return record(proxy_set_buffer_bytes(buffer, 0, start + length, all.dataStart, <usize>all.length));
}

/**
 * Bytes that the host keeps: the body of a request, a response or a call's answer, or the data of a connection. Positions
 * and sizes are in bytes. Take it from `this.request.body` where you use it.
 *
 * The body of an HTTP message can be used in its own body callback, where it is the chunk that has come or all that has
 * been buffered; elsewhere after `FilterDataStatus.StopIterationAndBuffer`, as long as it is held. In other places readers
 * answer nothing, and `lastStatus()` is `Status.BadArgument`.
 *
 * Writers may change the length of an HTTP body only when `content-length` was removed in the headers callback
 * (`this.request.headers.remove("content-length")`, which does no harm when there is none); otherwise they are refused
 * with `Status.BadArgument`, and the stream ends when the callback does, with a line in the log: with status 500 or, where a
 * response has begun, a reset. A message without a body cannot be given one.
 *
 * @example
 * onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
 *   this.response.headers.remove("content-length");
 *   return FilterHeadersStatus.Continue;
 * }
 *
 * onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
 *   if (!endOfStream) return FilterDataStatus.StopIterationAndBuffer;
 *   this.response.body.append("<!-- end -->");
 *   return FilterDataStatus.Continue;
 * }
 */
@unmanaged
@final
export class Body {
  /** The number of bytes that can be read now; 0 when there are none. Source: `proxy_get_buffer_status`. */
  get size(): u32 {
    const buffer = handleValue(this);
    if (LETS_PARTS_GO && buffer == BufferType.HttpResponseBody)
      return isThere(buffer) ? sizeToSee(sizeOf(buffer)) : 0;
    return isThere(buffer) ? sizeOf(buffer) : 0;
  }

  /** All of it as text, in which every byte survives (see "Bytes" in docs/concepts.md). */
  text(): string {
    return this.slice(0, ALL);
  }

  /** All of it. Source: `proxy_get_buffer_bytes`. */
  bytes(): Uint8Array {
    return this.sliceBytes(0, ALL);
  }

  /**
   * At most `length` bytes from `start` on, as text; what lies beyond the end is left out. A character that a border cuts
   * apart becomes single bytes, as in every text of this package, and is whole again when the parts are joined as bytes.
   */
  slice(start: u32, length: u32 = ALL): string {
    const buffer = handleValue(this);
    if (!isThere(buffer)) return "";
    const before = mark();
    expectValue();
    const status = read(buffer, start, length);
    const text = status == Status.Ok ? receivedText() : "";
    release(before);
    return text;
  }

  /** At most `length` bytes from `start` on; what lies beyond the end is left out. */
  sliceBytes(start: u32, length: u32 = ALL): Uint8Array {
    const buffer = handleValue(this);
    if (!isThere(buffer)) return new Uint8Array(0);
    expectBytes();
    const status = read(buffer, start, length);
    const bytes = receivedBytes();
    return status == Status.Ok ? bytes : new Uint8Array(0);
  }

  /** Replaces all of it. Source: `proxy_set_buffer_bytes`. */
  set(text: string): Status {
    return this.splice(0, ALL, text);
  }

  /** `set` with bytes. */
  setBytes(bytes: Uint8Array): Status {
    return this.spliceBytes(0, ALL, bytes);
  }

  /** Adds `text` behind what is there. */
  append(text: string): Status {
    return this.splice(ALL, 0, text);
  }

  /** `append` with bytes. */
  appendBytes(bytes: Uint8Array): Status {
    return this.spliceBytes(ALL, 0, bytes);
  }

  /** Adds `text` in front of what is there. */
  prepend(text: string): Status {
    return this.splice(0, 0, text);
  }

  /** `prepend` with bytes. */
  prependBytes(bytes: Uint8Array): Status {
    return this.spliceBytes(0, 0, bytes);
  }

  /** Puts `text` in the place of `length` bytes from `start` on. */
  splice(start: u32, length: u32, text: string): Status {
    const before = mark();
    const address = put(text);
    const status = replace(handleValue(this), start, length, address, putSize);
    release(before);
    return status;
  }

  /** `splice` with bytes. */
  spliceBytes(start: u32, length: u32, bytes: Uint8Array): Status {
    return replace(handleValue(this), start, length, bytes.dataStart, <usize>bytes.byteLength);
  }

  /**
   * Puts `replacement` in the place of each `search`, compared as bytes. If nothing matches, nothing is written. Much
   * cheaper than `set(text().replaceAll(search, replacement))`, which makes two texts of the whole body. Refused with
   * `Status.BadArgument` when `search` is empty. Source: `proxy_get_buffer_bytes`, `proxy_set_buffer_bytes`.
   *
   * @example
   * this.response.body.replaceAll("http://internal/", "https://example.com/");
   */
  replaceAll(search: string, replacement: string): Status {
    const buffer = handleValue(this);
    if (!isThere(buffer)) return Status.BadArgument;
    if (search.length == 0) {
      if (DEBUG) explain("an empty text is everywhere: give `replaceAll` what shall be replaced");
      return refuse();
    }
    const before = mark();
    expectValue();
    let status = record(
      proxy_get_buffer_bytes(buffer, LETS_PARTS_GO ? shownAt(buffer, 0) : 0, ALL, OUT, OUT + 4),
    );
    if (status == Status.Ok) {
      const bytes = replaceReceived(search, replacement);
      if (replacements > 0) status = replace(buffer, 0, ALL, bytes, replacedSize);
      else if (replacements < 0) status = record(Status.InvalidMemoryAccess);
    }
    release(before);
    return status;
  }

  /** Removes all of it. */
  clear(): Status {
    return replace(handleValue(this), 0, ALL, 0, 0);
  }
}
