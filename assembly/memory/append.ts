/**
 * `text += more` in a loop, where the build has seen that nothing else refers to the text that a variable has: it grows where it
 * is, in room for as much again. Copied each time, a text of 60,000 units would take a gigabyte within one callback.
 *
 * @module
 */
// @ts-ignore: the compiler finds its own library, into which editors need not look
import { OBJECT, TOTAL_OVERHEAD } from "~lib/rt/common";
import { createWithRoom, extend } from "./heap";

/** In the place of the class's number: nothing but one variable refers to the text. */
// @ts-ignore: decorator
@inline
const GROWING: u32 = idof<string>() | (1 << 31);

/** The most bytes of room: more is not worth it. */
const MOST: usize = 1 << 26;

// @ts-ignore: decorator
@inline
function headerOf(text: usize): OBJECT {
  return changetype<OBJECT>(text - TOTAL_OVERHEAD);
}

/** `text + more`, for a variable that has `text` and gets the result. */
export function append(text: string, more: string): string {
  const address = changetype<usize>(text);
  if (headerOf(address).rtId != GROWING) {
    const first = text.concat(more);
    // Without units it is a literal.
    if (first.length != 0) headerOf(changetype<usize>(first)).rtId = GROWING;
    return first;
  }
  const size = (<usize>text.length) << 1;
  const moreSize = (<usize>more.length) << 1;
  const newSize = size + moreSize;
  let target = address;
  if (!extend(address, newSize)) {
    target = createWithRoom(newSize, newSize + min(newSize, MOST), GROWING);
    memory.copy(target, address, size);
  }
  memory.copy(target + size, changetype<usize>(more), moreSize);
  return changetype<string>(target);
}

/** The length that a text has before what is added to it is made. */
export function lengthOf(text: string): i32 {
  return text.length;
}

/**
 * `text + more` for a field that has `text` and gets the result, where `text` had `length` units when it was read: what makes
 * `more` may have added to it as well.
 */
export function appendFrom(text: string, length: i32, more: string): string {
  return text.length == length ? append(text, more) : text.substring(0, length).concat(more);
}

/** `text`, to which more than one variable refers from now on: it stays as it is. */
export function share(text: usize): usize {
  if (text != 0 && headerOf(text).rtId == GROWING) headerOf(text).rtId = idof<string>();
  return text;
}
