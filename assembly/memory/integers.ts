/// <reference path="../runtime/build.d.ts" />
/** The size of the memory of a new list; each time that it is full, it doubles. */
const FIRST_SIZE: usize = 32;

/** A growing list of integers, without the checks of an array, which bring errors and their texts. */
@final
export class Integers {
  /** How many there are; it may be made smaller. */
  length: i32 = 0;
  private buffer: ArrayBuffer = changetype<ArrayBuffer>(__new(FIRST_SIZE, idof<ArrayBuffer>()));

  /** The address of the numbers; adding may move them. */
  get address(): usize {
    return changetype<usize>(this.buffer);
  }

  push(value: i32): void {
    const size = (<usize>this.length) << 2;
    this.length++;
    if (size == <usize>this.buffer.byteLength)
      this.buffer = changetype<ArrayBuffer>(__renew(this.address, size << 1));
    store<i32>(this.address + size, value);
  }

  /** Takes the last one off; there has to be one. */
  pop(): i32 {
    return this.at(--this.length);
  }

  /** The one at `index`, which is inside the list. */
  // @ts-ignore: decorator
  @inline
  at(index: i32): i32 {
    return load<i32>(this.address + ((<usize>index) << 2));
  }

  /** Puts `value` in the place of the one at `index`. */
  // @ts-ignore: decorator
  @inline
  set(index: i32, value: i32): void {
    store<i32>(this.address + ((<usize>index) << 2), value);
  }
}
