/**
 * The layout of objects' headers and of arrays. It is read from the compiler's own results. So a compiler with another layout
 * gives other numbers rather than a broken module.
 *
 * @module
 */
import type { Program } from "assemblyscript";
import { BuildError } from "../build-error.js";

/** Objects begin at multiples of this (`AL_SIZE` in the compiler's rt/common.ts, which has it as a constant of its own). */
const ALIGNMENT = 16;

/** How far before an object its class and its size are. */
const CLASS_BEFORE = 8;
const SIZE_BEFORE = 4;

/** The layout of the running compiler's objects, in bytes. */
export interface Layout {
  /** How far an object lies behind the beginning of its header. */
  readonly object: number;
  /** A header begins `headerOffset` bytes behind a multiple of `alignment`. */
  readonly alignment: number;
  readonly headerOffset: number;
  /** How much of the header a memory manager keeps for itself. */
  readonly managerBytes: number;
  /** The offsets in the header of the number of the object's class, and of the object's size. */
  readonly classAt: number;
  readonly sizeAt: number;
  /** The offset in the header of the block's size, which does not count the memory manager's own bytes. */
  readonly blockSizeAt: number;
  /** The number of the class `String`. */
  readonly string: number;
  /** The offset in an array of the address of its elements. */
  readonly dataStart: number;
  /** The binary logarithm of a reference's size. */
  readonly referenceAlign: number;
}

/** The parts of the compiler's program that are read here; its declarations leave some of them out. */
interface Resolved {
  readonly OBJECTInstance: { offsetof(field: string): number };
  readonly arrayBufferViewInstance: { offsetof(field: string): number };
  readonly stringInstance: { readonly id: number };
  readonly blockOverhead: number;
  readonly totalOverhead: number;
}

const UNKNOWN = "proxy-wasm-as does not know how this compiler lays out objects; use AssemblyScript 0.28.20.";

/** Reads the layout; fails the build when the compiler does not say all of it. */
export function layoutOf(program: Program): Layout {
  const resolved = program as unknown as Resolved;
  let layout: Layout;
  try {
    const { OBJECTInstance: header, arrayBufferViewInstance: view } = resolved;
    layout = {
      object: resolved.totalOverhead,
      alignment: ALIGNMENT,
      headerOffset: ALIGNMENT - resolved.blockOverhead,
      managerBytes: resolved.blockOverhead,
      blockSizeAt: header.offsetof("mmInfo"),
      classAt: header.offsetof("rtId"),
      sizeAt: header.offsetof("rtSize"),
      string: resolved.stringInstance.id,
      dataStart: view.offsetof("dataStart"),
      referenceAlign: program.options.usizeType.alignLog2,
    };
  } catch {
    throw new BuildError(UNKNOWN);
  }
  const { classAt, sizeAt, object, dataStart, blockSizeAt } = layout;
  // The compiler's code reads a class and a size so far before an object, whatever its library says.
  const asRead = object - classAt === CLASS_BEFORE && object - sizeAt === SIZE_BEFORE;
  const apart = new Set([blockSizeAt, classAt, sizeAt]).size === 3;
  const known = Object.values(layout).every((value) => Number.isInteger(value) && value >= 0);
  if (!known || !apart || !asRead || classAt >= object || sizeAt >= object || dataStart === 0)
    throw new BuildError(UNKNOWN);
  return layout;
}
