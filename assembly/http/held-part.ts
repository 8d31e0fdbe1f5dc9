/**
 * Requests that are held after a part of their body has gone on already. If the route retries or follows redirects itself, or a
 * later filter holds the body, Envoy 1.40 keeps that part in the same buffer as the held data, and sends it once more when the
 * request goes on, but with the length of one: the surplus would be the next request. No property tells a filter of this case. So
 * the data that is held first is taken out of the body, and a mark is put in its place. If the buffer later begins with anything
 * but the mark, this is the case.
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
import { NO_REQUEST_HEADERS } from "../runtime/build";
import { effectiveContext, progress, setProgress } from "../runtime/current-callback";
import { readInteger } from "../services/property";
import {
  BODY_GONE,
  FIRST_HELD,
  SENT,
  goesOnBuffered,
  isHidden,
  isMarked,
  noteBodyGone,
  noteUnkept,
  setMarked,
} from "./stream-state";

const BODY = BufferType.HttpRequestBody;
const ALL: u32 = 0x7fffffff;

/** The length of the mark. */
const MARK: u32 = 8;

/** A random number as the mark, which nobody outside can know: no body begins with it by intent. */
// @ts-ignore: decorator
@lazy
let secret: u64 = 0;

/** The state of one held request. */
class Kept {
  /** The first bytes and the length of the part that went on first. */
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

/** The state of the request in effect. */
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

/** The data that was taken out of its body. */
function keptPart(): Uint8Array | null {
  const kept = findKept();
  return kept === null ? null : kept.bytes;
}

/** The first eight bytes of the body that the host shows. */
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

/**
 * Notes the beginning and length of the first held data, which goes on outside of the body's callbacks: the next callback
 * compares with them.
 */
export function noteFirst(): void {
  if (!goesOnBuffered()) return;
  const kept = newKept();
  kept.first = beginning();
  kept.size = sizeOfBody();
}

/**
 * Tells whether the body that the host shows may begin with the part that went on first: the next callback after `noteFirst` sees
 * the part that Envoy has kept, and the new data behind it. A longer body with the same beginning counts as such.
 */
function beginsAnew(kept: Kept): bool {
  const unseen = kept.size < MARK ? (MARK - kept.size) << 3 : 0;
  return sizeOfBody() > kept.size && (beginning() ^ kept.first) << unseen == 0;
}

/** Forgets the state of a request. */
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
 * Puts the mark in the place of the held data, and keeps that data.
 *
 * @param answer what the filter's callback of the body has answered.
 * @returns the callback's answer; -1 if a part of the body would be sent twice.
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
 * Puts the kept data back in the place of the mark. `begins`: a callback of the body begins, which sees the data that has come
 * since. Data that the filter has not asked to see again stays out until `restoreHidden`.
 *
 * @returns whether the mark was there: otherwise a part of the body would be sent twice.
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

/** The surplus of the body's length over the length that the filter is to see, while the mark is there. */
export function hiddenSize(): i32 {
  const kept = keptPart();
  return <i32>MARK - (kept === null || isHidden() ? 0 : kept.byteLength);
}

/** A callback of the body ends: the data that was kept out of it comes back. */
export function restoreHidden(): void {
  if (isMarked() || !isHidden()) return;
  const kept = keptPart();
  if (kept !== null) proxy_set_buffer_bytes(BODY, 0, 0, kept.dataStart, kept.byteLength);
  forgetKept(effectiveContext);
  setMarked(false, false);
}

/**
 * Notes that the first of the body is held, and the headers have gone on: an upstream may fail before it has a body, and Envoy 1.40 then
 * gives what is held to the next attempt, and once more when it goes on.
 */
export function noteFirstHeld(): void {
  // A module that does not see the headers lets them go.
  const state = (NO_REQUEST_HEADERS ? SENT : 0) | progress;
  if ((state & (SENT | BODY_GONE)) == SENT) setProgress(progress | FIRST_HELD);
}

/** Tells whether the first of the body is held, and the request has been tried again: before that, or since then, nothing tells. */
function isTriedAgain(): bool {
  return (progress & FIRST_HELD) != 0 && readInteger("upstream\0request_attempt_count", 0) > 1;
}

/** Puts back what stands behind a mark (`replaceMark`). False if a part of the body would be sent twice. */
export function goesOnOnce(begins: bool): bool {
  return replaceMark(begins) && !isTriedAgain();
}

/** Notes that what was held of the body goes on. */
export function noteGoesOn(): void {
  setProgress(progress & ~FIRST_HELD);
  noteBodyGone();
}
