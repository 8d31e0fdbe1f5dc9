/**
 * Leaving a function in its middle and going on there later. Binaryen's asyncify, which the transform runs over a module
 * that uses flow, writes the locals of all functions under way to a buffer and reads them back; the collector's shadow
 * stack is kept here. Two rules keep interleaved fibers from overwriting each other's objects (docs/flow.md, "How it
 * works"): every fiber runs from the same shadow-stack address, and the function that moves the stack pointer has no
 * managed value of its own.
 *
 * @module
 */
import { runCurrent } from "./fiber";

// @ts-ignore: decorator
@external("asyncify", "start_unwind")
declare function startUnwind(data: usize): void;
// @ts-ignore: decorator
@external("asyncify", "stop_unwind")
declare function stopUnwind(): void;
// @ts-ignore: decorator
@external("asyncify", "start_rewind")
declare function startRewind(data: usize): void;
// @ts-ignore: decorator
@external("asyncify", "stop_rewind")
declare function stopRewind(): void;

const enum Mode {
  Normal,
  Unwinding,
  Rewinding,
}

let mode: Mode = Mode.Normal;

/** What asyncify is told: where to write the next local, and where the buffer ends. */
const DATA: usize = memory.data(8, 8);

/** Every fiber's shadow stack begins here: below what the callbacks themselves need of it. */
const FIBER_TOP: usize = __heap_base - 1024;

/** The most that all functions under way can need; the transform sets it. It follows the call graph. */
let bufferSize: usize = 4096;
let buffer: usize = 0;

/** How many functions that can call themselves are under way; the transform counts them. */
export let depth: i32 = 0;

/** The most of them that `bufferSize` has room for; the transform sets it. */
export let depthLimit: i32 = i32.MAX_VALUE;

/** What a suspended fiber holds. */
@final
export class Suspension {
  /** Links those that wait for their next use. */
  next: Suspension | null = null;
  locals: ArrayBuffer = new ArrayBuffer(0);
  localsSize: usize = 0;
  /** The frames of the shadow stack, where the collector sees them. */
  frames: StaticArray<Object | null> = new StaticArray<Object | null>(0);
  framesCount: i32 = 0;
  depth: i32 = 0;

  /** The bytes that it takes while suspended. */
  get size(): usize {
    return <usize>this.locals.byteLength + (<usize>this.frames.length << 2);
  }
}

let unused: Suspension | null = null;
let unusedCount: i32 = 0;

/** Suspensions beyond this are left to the collector. */
const KEPT: i32 = 256;

/** Gives a suspension back when its fiber has ended. */
export function recycle(suspension: Suspension): void {
  const frames = suspension.frames;
  for (let i = 0; i < frames.length; i++) unchecked((frames[i] = null));
  if (unusedCount >= KEPT) return;
  unusedCount++;
  suspension.next = unused;
  unused = suspension;
}

function take(): Suspension {
  const first = unused;
  if (first === null) return new Suspension();
  unused = first.next;
  first.next = null;
  unusedCount--;
  return first;
}

/** The outcome of `enter`: null when the fiber has ended. */
let outcome: Suspension | null = null;

/** What `switchIn` reads: addresses only, see there. */
let localsAddress: usize = 0;
let localsSize: usize = 0;
let framesAddress: usize = 0;
let framesSize: usize = 0;

/**
 * Runs the current fiber until it ends or suspends, or goes on with it from `from`, where it suspended last. Answers null
 * when it has ended. May not be called by a fiber.
 */
export function enter(from: Suspension | null): Suspension | null {
  outcome = from;
  depth = 0;
  if (from !== null) {
    depth = from.depth;
    localsAddress = changetype<usize>(from.locals);
    localsSize = from.localsSize;
    framesAddress = changetype<usize>(from.frames);
    framesSize = <usize>from.framesCount << 2;
  }
  if (!switchIn(from !== null)) outcome = null;
  const suspension = outcome;
  outcome = null;
  if (suspension === null && from !== null) recycle(from);
  return suspension;
}

/** Suspends the running fiber; returns when `enter` goes on with it. */
export function suspend(): void {
  if (mode == Mode.Rewinding) {
    mode = Mode.Normal;
    stopRewind();
  } else {
    if (buffer == 0) buffer = heap.alloc(bufferSize);
    store<usize>(DATA, buffer);
    store<usize>(DATA, buffer + bufferSize, sizeof<usize>());
    mode = Mode.Unwinding;
    startUnwind(DATA);
  }
}

/**
 * Moves to the fiber's part of the shadow stack and back; true when the fiber has suspended. No managed value may live in
 * this function: its slot would be relative to the pointer that it moves, in the middle of the fiber's frames.
 */
function switchIn(rewinding: bool): bool {
  const base = __stack_pointer;
  // Deeper than callbacks go: the VM was used on after a trap, which leaves the pointer where it was.
  if (base < FIBER_TOP) unreachable();
  memory.fill(FIBER_TOP, 0, base - FIBER_TOP);
  __stack_pointer = FIBER_TOP;
  if (rewinding) {
    __stack_pointer = FIBER_TOP - framesSize;
    memory.copy(FIBER_TOP - framesSize, framesAddress, framesSize);
    store<usize>(DATA, localsAddress + localsSize);
    store<usize>(DATA, localsAddress + localsSize, sizeof<usize>());
    mode = Mode.Rewinding;
    startRewind(DATA);
  }
  runCurrent();
  let suspended = false;
  if (mode == Mode.Unwinding) {
    mode = Mode.Normal;
    stopUnwind();
    keep(__stack_pointer);
    suspended = true;
  }
  __stack_pointer = base;
  return suspended;
}

/** Copies what asyncify has written and the fiber's frames; runs below those, so that they stay in the collector's sight. */
function keep(low: usize): void {
  let suspension = outcome;
  if (suspension === null) outcome = suspension = take();
  const size = load<usize>(DATA) - buffer;
  // Twice the need is too much: a fiber's deepest wait would decide what all its others hold.
  const room = <usize>suspension.locals.byteLength;
  if (room < size || room > size * 2 + 64) suspension.locals = new ArrayBuffer(<i32>((size + 15) & ~15));
  memory.copy(changetype<usize>(suspension.locals), buffer, size);
  suspension.localsSize = size;
  const count = <i32>((FIBER_TOP - low) >> 2);
  let frames = suspension.frames;
  if (frames.length < count || frames.length > count * 2 + 16)
    suspension.frames = frames = new StaticArray<Object | null>((count + 3) & ~3);
  for (let i = 0; i < count; i++) {
    const address = load<usize>(low + ((<usize>i) << 2));
    unchecked((frames[i] = address != 0 ? changetype<Object>(address) : null));
  }
  for (let i = count; i < frames.length; i++) unchecked((frames[i] = null));
  suspension.framesCount = count;
  suspension.depth = depth;
}
