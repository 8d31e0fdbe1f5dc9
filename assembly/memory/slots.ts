/**
 * Arrays of a fixed length for the SDK's own tables.
 *
 * @module
 */

/** `length` times null. The library's constructor would check what is known here to be right. */
export function newSlots<T>(length: i32): StaticArray<T | null> {
  const size = (<usize>length) << alignof<usize>();
  const slots = __new(size, idof<StaticArray<T | null>>());
  memory.fill(slots, 0, size);
  return changetype<StaticArray<T | null>>(slots);
}

/** The element at a place; like `unchecked(slots[index])`, without a call. */
// @ts-ignore: decorator
@inline
export function slotAt<T>(slots: StaticArray<T | null>, index: u32): T | null {
  return load<T | null>(changetype<usize>(slots) + ((<usize>index) << alignof<usize>()));
}
