/**
 * Requests that are held when a part of their body has gone on. Where the route retries or follows redirects itself, or a filter
 * behind holds the body, Envoy 1.40 keeps that part in the same place as what is held, and sends it once more when the request
 * goes on, under the length of one: what is over would be the next request. No property tells a filter of it. So what is held
 * first is taken out of the body, and a mark put in its place: where the mark does not come first, something else is there.
 *
 * @module
 */
import { BufferType, FilterDataStatus, Status } from "../abi/enums";
import {
  proxy_get_buffer_bytes,
  proxy_get_buffer_status,
  proxy_get_current_time_nanoseconds,
  proxy_set_buffer_bytes,
} from "../abi/imports";
import {
  expectBytes,
  expectValue,
  receivedBytes,
  receivedStart,
  receivedU32,
  receivedU64,
} from "../memory/host-values";
import { OUT, mark, release, tryAllocate } from "../memory/scratch";
import { appendCharacters } from "../memory/text";
import { effectiveContext } from "../runtime/current-callback";
import { goesOnBuffered, isHidden, isMarked, noteUnkept, setMarked } from "./stream-state";

const BODY = BufferType.HttpRequestBody;
const ALL: u32 = 0x7fffffff;

/** How long the mark is. */
const MARK: u32 = 8;

/** What nobody outside can know, so that no body begins with the mark. */
// @ts-ignore: decorator
@lazy
let secret: u64 = 0;

/** What is kept of the request with this number. */
class Kept {
  /** What was taken out of its body. */
  bytes: Uint8Array | null = null;
  /** How its body begins, and how long what went on first was. */
  first: u64 = 0;
  size: u32 = 0;

  constructor(
    readonly id: u32,
    public next: Kept | null,
  ) {}
}

// @ts-ignore: decorator
@lazy
let latest: Kept | null = null;

/** What is kept of the request in effect. */
function findKept(): Kept | null {
  let kept = latest;
  while (kept !== null && kept.id != effectiveContext) kept = kept.next;
  return kept;
}

function newKept(): Kept {
  const known = findKept();
  if (known !== null) return known;
  const kept = new Kept(effectiveContext, latest);
  latest = kept;
  return kept;
}

/** What was taken out of its body. */
function keptPart(): Uint8Array | null {
  const kept = findKept();
  return kept === null ? null : kept.bytes;
}

/** How the body that the host shows begins. */
function beginning(): u64 {
  const before = mark();
  expectValue();
  const status = proxy_get_buffer_bytes(BODY, 0, MARK, OUT, OUT + 4);
  const first = status == Status.Ok ? receivedStart() : 0;
  release(before);
  return first;
}

function sizeOfBody(): u32 {
  expectValue();
  return proxy_get_buffer_status(BODY, OUT, OUT + 4) == Status.Ok ? receivedU32() : 0;
}

/** What was held first goes on, outside of the body's callbacks: keeps what would tell it from what comes next. */
export function noteFirst(): void {
  if (!goesOnBuffered()) return;
  const kept = newKept();
  kept.first = beginning();
  kept.size = sizeOfBody();
}

/**
 * Tells whether the body that the host shows may begin with what went on first: the next callback after `noteFirst` sees what Envoy
 * keeps and what has come as one. What begins in the same way, and is longer, is taken for it.
 */
function beginsAnew(kept: Kept): bool {
  const unseen = kept.size < MARK ? (MARK - kept.size) << 3 : 0;
  return sizeOfBody() > kept.size && (beginning() ^ kept.first) << unseen == 0;
}

/** Forgets what is kept of a request. */
export function forgetKept(id: u32): void {
  let previous: Kept | null = null;
  let kept = latest;
  while (kept !== null && kept.id != id) {
    previous = kept;
    kept = kept.next;
  }
  if (kept === null) return;
  if (previous === null) latest = kept.next;
  else previous.next = kept.next;
}

/**
 * Puts the mark in the place of what has come, and keeps that.
 *
 * @param answer what the filter's callback of the body has answered.
 * @returns what it answers; -1 where a part of the body would be sent twice.
 */
export function markHeld(answer: i32): i32 {
  const first = findKept();
  if (first !== null) {
    if (beginsAnew(first)) return -1;
    forgetKept(effectiveContext);
    noteUnkept();
    return answer;
  }
  const before = mark();
  const address = tryAllocate(16);
  if (address == 0) return -1;
  if (secret == 0 && proxy_get_current_time_nanoseconds(OUT) == Status.Ok)
    secret = receivedU64() * 0x9e3779b97f4a7c15;
  appendCharacters(address, secret, MARK);
  const bytes = answer == FilterDataStatus.StopIterationNoBuffer ? <Uint8Array | null>null : readBody();
  const status = proxy_set_buffer_bytes(BODY, 0, ALL, address, MARK);
  release(before);
  if (status != Status.Ok) return -1;
  newKept().bytes = bytes;
  setMarked(true, answer != FilterDataStatus.StopIterationAndBuffer);
  return FilterDataStatus.StopIterationAndBuffer;
}

function readBody(): Uint8Array | null {
  expectBytes();
  return proxy_get_buffer_bytes(BODY, 0, ALL, OUT, OUT + 4) == Status.Ok ? receivedBytes() : null;
}

/**
 * Puts what was kept in the place of the mark. `begins`: a callback of the body begins, which sees what has come since; what the
 * filter has not asked to see again stays out until `restoreHidden`.
 *
 * @returns whether it was there: otherwise something of the body would be sent twice.
 */
export function replaceMark(begins: bool): bool {
  if (!isMarked()) return true;
  if (beginning() != secret) return false;
  const stays = begins && isHidden();
  const kept = stays ? <Uint8Array | null>null : keptPart();
  if (kept === null) proxy_set_buffer_bytes(BODY, 0, MARK, 0, 0);
  else proxy_set_buffer_bytes(BODY, 0, MARK, kept.dataStart, kept.byteLength);
  if (!stays) forgetKept(effectiveContext);
  setMarked(false, stays);
  noteUnkept();
  return true;
}

/** By how much the body is longer than what the filter is to see, while the mark is there. */
export function hiddenSize(): i32 {
  const kept = keptPart();
  return <i32>MARK - (kept === null || isHidden() ? 0 : kept.byteLength);
}

/** A callback of the body ends: what was kept out of it comes back. */
export function restoreHidden(): void {
  if (isMarked() || !isHidden()) return;
  const kept = keptPart();
  if (kept !== null) proxy_set_buffer_bytes(BODY, 0, 0, kept.dataStart, kept.byteLength);
  forgetKept(effectiveContext);
  setMarked(false, false);
}
