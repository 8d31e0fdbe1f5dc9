/**
 * Responses of whose body a part goes on in the next tick. Until then it lies at the beginning of what the host has buffered. If the
 * filter holds the next part with `StopIterationAndBuffer`, its callbacks must not see what they have let go a second time.
 *
 * @module
 */
import { BufferType, FilterDataStatus, Status } from "../abi/enums";
import { proxy_get_buffer_status } from "../abi/imports";
import { expectValue, receivedU32 } from "../memory/host-values";
import { OUT } from "../memory/scratch";
import { effectiveContext, progress } from "../runtime/current-callback";
import { BUFFERED, HELD, RESPONSE } from "./stream-state";

/** A response that is held. */
class LatePart {
  /** How many bytes of its body the host holds. */
  size: u32 = 0;
  /** How many of them, the first ones, the filter has let go. */
  gone: u32 = 0;

  constructor(
    readonly id: u32,
    public next: LatePart | null,
  ) {}
}

// @ts-ignore: decorator
@lazy
let latest: LatePart | null = null;

/** The state of the response in effect. */
function findPart(): LatePart | null {
  let part = latest;
  while (part !== null && part.id != effectiveContext) part = part.next;
  return part;
}

/** Forgets the state of a response. */
export function forgetLatePart(id: u32): void {
  let previous: LatePart | null = null;
  let part = latest;
  while (part !== null && part.id != id) {
    previous = part;
    part = part.next;
  }
  if (part === null) return;
  if (previous === null) latest = part.next;
  else previous.next = part.next;
}

/** Tells whether the host shows all that it holds of the response's body, rather than what has just come. */
function isAllShown(): bool {
  const all = (HELD | BUFFERED) << RESPONSE;
  return (progress & all) == all;
}

/** How many bytes, the first of the response's body that the host shows, the filter has let go already. */
export function sizeOfGone(): u32 {
  if (latest === null || !isAllShown()) return 0;
  const part = findPart();
  return part === null ? 0 : part.gone;
}

/** How many of the `size` bytes that the host shows the filter may see. */
export function sizeToSee(size: u32): u32 {
  const gone = sizeOfGone();
  return size > gone ? size - gone : 0;
}

/**
 * A callback of the response's body ends, and the host is to hold what it shows. `answer` is what the filter has answered; after
 * `Continue` all that is held counts as let go.
 */
export function noteHeldPart(answer: i32): void {
  let part = findPart();
  if (part === null) {
    part = new LatePart(effectiveContext, latest);
    latest = part;
  } else if ((progress & (HELD << RESPONSE)) == 0) {
    part.size = 0;
    part.gone = 0;
  }
  expectValue();
  const shown =
    proxy_get_buffer_status(BufferType.HttpResponseBody, OUT, OUT + 4) == Status.Ok ? receivedU32() : 0;
  if (isAllShown()) part.size = shown;
  else if (answer != FilterDataStatus.StopIterationNoBuffer) part.size += shown;
  if (answer == FilterDataStatus.Continue) part.gone = part.size;
}
