/**
 * Objects that live in the module's data instead of on the heap: a filter that allocates nothing then needs no allocator.
 *
 * @module
 */

/** What precedes an object in memory: its size and colour for the collector, class and length (`rt/common`, OBJECT). */
const HEADER: usize = 20;
const CLASS_OFFSET: usize = 12;

/** The one static object of class `T`, with all fields zero; its constructor is not run. */
export function staticObject<T>(): T {
  const header = memory.data(<i32>(HEADER + offsetof<T>()), 16) + (16 - (HEADER & 15));
  store<u32>(header, idof<T>(), CLASS_OFFSET);
  return changetype<T>(header + HEADER);
}
