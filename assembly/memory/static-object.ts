/**
 * Objects in the module's static data, for what there is one of: nothing is allocated, and the address is known to the build.
 *
 * @module
 */
// @ts-ignore: the compiler finds its own library, into which editors need not look
import { AL_SIZE, OBJECT, TOTAL_OVERHEAD } from "~lib/rt/common";

/** The bytes before the header, so that the object itself begins at a multiple of `AL_SIZE`, as all objects do. */
const PADDING: usize = (AL_SIZE - (TOTAL_OVERHEAD & (AL_SIZE - 1))) & (AL_SIZE - 1);

/** The one static object of class `T`, with all fields zero; its constructor is not run. */
export function staticObject<T>(): T {
  const header = memory.data(<i32>(PADDING + TOTAL_OVERHEAD + offsetof<T>()), <i32>AL_SIZE) + PADDING;
  changetype<OBJECT>(header).rtId = idof<T>();
  return changetype<T>(header + TOTAL_OVERHEAD);
}
