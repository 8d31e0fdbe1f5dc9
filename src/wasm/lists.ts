/**
 * The lists that sections of a module are, with something in them changed.
 *
 * @module
 */
import type { Reader } from "./reader.js";
import { Writer, unsigned } from "./writer.js";

/** The numbers by which kinds of imports and exports are written. */
export const FUNCTION = 0;
export const GLOBAL = 3;

/** A list with `count` more elements at its end, whose bytes are `more`. Without one, they are all that it has. */
export function appended(list: Reader | undefined, count: number, more: ArrayLike<number>): Uint8Array {
  const before = list?.uint() ?? 0;
  return new Writer()
    .add(unsigned(before + count))
    .add(list?.rest() ?? [])
    .add(more)
    .bytes();
}

/** The bytes of an import; `type` is what stands behind its kind. */
export function importOf(module: string, name: string, kind: number, type: readonly number[]): Uint8Array {
  const utf8 = new TextEncoder();
  return new Writer()
    .addSized(utf8.encode(module))
    .addSized(utf8.encode(name))
    .add([kind, ...type])
    .bytes();
}

/** The exports of a module in which what is of a kind has other numbers. */
export function movedExports(section: Reader, kind: number, moved: (index: number) => number): Uint8Array {
  const count = section.uint();
  const writer = new Writer().add(unsigned(count));
  for (let i = 0; i < count; i++) {
    writer.addSized(section.vector());
    const itsKind = section.byte();
    const index = section.uint();
    writer.add([itsKind, ...unsigned(itsKind === kind ? moved(index) : index)]);
  }
  return writer.bytes();
}
