/**
 * Static data that nothing refers to: literals of functions that the module does not contain in the end, most of them
 * messages of the compiler's library.
 *
 * @module
 */
import type binaryenTypes from "assemblyscript/binaryen";
import { BuildError } from "../build-error.js";
import type { Layout } from "../compiler/layout.js";
import type { CompilerHooks } from "../compiler/compiler.js";
import { infoOf, setGlobal } from "./expressions.js";

type Binaryen = CompilerHooks["binaryen"];

/** The compiler's name for its memory, and binaryen's number for one that may grow. */
const MEMORY = "0";
const UNLIMITED = -1;

const PAGE = 65536;

/** The globals whose value is the end of the data: the end itself, the stack's first pointer, and the beginning of the heap. */
const BEHIND_DATA = ["__data_end", "__stack_pointer", "__heap_base"].map((name) => `~lib/memory/${name}`);

export interface Segment {
  readonly offset: number;
  readonly data: Uint8Array;
}

interface SegmentInfo {
  readonly offset: number;
  readonly data: ArrayBuffer;
}

/** How binaryen tells about segments: by name in older versions, by reference in newer ones. */
interface ByName {
  getNumMemorySegments(): number;
  getMemorySegmentInfo(name: string): SegmentInfo;
}

interface ByReference {
  getNumDataSegments(): number;
  getDataSegmentByIndex(index: number): number;
  getDataSegmentInfo(reference: number): SegmentInfo;
}

/** A segment that has one of the compiler's objects: a literal. The others are what `memory.data` has made. */
export function isObject({ offset, data }: Segment, layout: Layout): boolean {
  if (data.length < layout.object || offset % layout.alignment !== layout.headerOffset) return false;
  const view = new DataView(data.buffer, data.byteOffset);
  const size = view.getUint32(layout.sizeAt, true);
  return (
    view.getUint32(layout.blockSizeAt, true) + layout.managerBytes === data.length &&
    size <= data.length - layout.object
  );
}

/**
 * Fails the build when the compiler writes literals in a way that `put` in memory/text.ts does not know: it uses the size of
 * a literal's block, which nobody else asks for, and tells by its third bit whether that is still a size.
 */
export function checkLiterals(module: binaryenTypes.Module, layout: Layout): void {
  for (const segment of segmentsOf(module)) {
    if (!isObject(segment, layout)) continue;
    const view = new DataView(segment.data.buffer, segment.data.byteOffset);
    if ((view.getUint32(layout.blockSizeAt, true) & 4) === 0)
      throw new BuildError(
        "proxy-wasm-as does not know this compiler's literals; use AssemblyScript 0.28.20.",
      );
  }
}

/**
 * Takes out the literals that nothing refers to. Each constant in code, and each word in a segment that is kept, counts as a
 * reference if it could be an address. Nothing moves, so zeros take the place of the data. Results of `memory.data` stay: a
 * filter may compute with their addresses.
 */
export function dropUnusedData(
  module: binaryenTypes.Module,
  layout: Layout,
  referred: Iterable<number>,
): void {
  const segments = segmentsOf(module);
  if (segments.length === 0) return;
  const kept = new Set<Segment>();
  const waiting = [...constantsIn(module), ...referred];
  const keep = (segment: Segment): void => {
    kept.add(segment);
    const { buffer, byteOffset, byteLength } = segment.data;
    const view = new DataView(buffer, byteOffset, byteLength);
    for (let at = -segment.offset & 3; at + 4 <= byteLength; at += 4) waiting.push(view.getUint32(at, true));
  };
  for (const segment of segments) if (!isObject(segment, layout)) keep(segment);
  for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) {
    const segment = segmentAt(segments, address);
    if (segment !== undefined && !kept.has(segment)) keep(segment);
  }
  setSegments(
    module,
    segments.filter((segment) => kept.has(segment)),
  );
}

/** Adds data behind all that is there, and returns its address. The stack and the heap begin further on then. */
export function addData(module: binaryenTypes.Module, binaryen: Binaryen, bytes: Uint8Array): number {
  if (bytes.length === 0) return 0;
  const segments = segmentsOf(module);
  const ends = segments.map(({ offset, data }) => offset + data.length);
  const globals = BEHIND_DATA.map((name) => ({ name, reference: module.getGlobal(name) }))
    .filter(({ reference }) => reference !== 0)
    .map(({ name, reference }) => ({ name, value: initialValue(binaryen, reference) }));
  // The runtime `incremental` has a stack between data and heap, and looks for objects from its end to the heap's beginning.
  const address = Math.min(...globals.map(({ value }) => value));
  const start = Number.isFinite(address) ? address : Math.max(0, ...ends);
  const size = Math.ceil(bytes.length / 16) * 16;
  for (const { name, value } of globals) setGlobal(module, binaryen, name, value + size);
  const end = Math.max(start, ...globals.map(({ value }) => value)) + size;
  setSegments(module, [...segments, { offset: start, data: bytes }], end);
  return start;
}

function initialValue(binaryen: Binaryen, global: number): number {
  const { init } = binaryen.getGlobalInfo(global);
  return infoOf(binaryen, init)["value"] as number;
}

/** Gives the module these segments, and memory up to `end` at least, where the stack behind them ends. */
function setSegments(module: binaryenTypes.Module, segments: readonly Segment[], end = 0): void {
  const { initial: before, max, shared } = module.getMemoryInfo();
  const needed = Math.max(end, ...segments.map(({ offset, data }) => offset + data.length));
  const initial = Math.max(before, Math.ceil(needed / PAGE));
  const active = segments.map(({ offset, data }) => ({ offset: module.i32.const(offset), data }));
  // The export stays as it is.
  module.setMemory(initial, max ?? UNLIMITED, null, active, shared, false, MEMORY);
}

/** All segments of the module, by address. */
export function segmentsOf(module: binaryenTypes.Module): Segment[] {
  const access = module as unknown as ByName | ByReference;
  const infos =
    "getNumDataSegments" in access
      ? Array.from({ length: access.getNumDataSegments() }, (_, index) =>
          access.getDataSegmentInfo(access.getDataSegmentByIndex(index)),
        )
      : Array.from({ length: access.getNumMemorySegments() }, (_, index) =>
          access.getMemorySegmentInfo(String(index)),
        );
  return infos
    .map(({ offset, data }) => ({ offset, data: new Uint8Array(data) }))
    .sort((one, other) => one.offset - other.offset);
}

/** The constants in functions and globals. */
function constantsIn(module: binaryenTypes.Module): Set<number> {
  const constants = new Set<number>();
  for (const line of module.emitText().split("\n")) {
    if (line.startsWith(" (data ")) continue;
    for (const [, value] of line.matchAll(/\(i32\.const (-?\d+)\)/g)) constants.add(Number(value));
  }
  return constants;
}

/** The segment in which an address lies; its end may be one as well, but for the last: there the heap begins. */
function segmentAt(segments: readonly Segment[], address: number): Segment | undefined {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (segments[middle]!.offset <= address) low = middle + 1;
    else high = middle;
  }
  const segment = segments[low - 1];
  if (segment === undefined) return undefined;
  const end = segment.offset + segment.data.length;
  return address < end || (address === end && low < segments.length) ? segment : undefined;
}
