/// <reference path="../runtime/build.d.ts" />
/**
 * Arrays of bytes, made without the checks of `new Uint8Array` and `Uint8Array.wrap`, which bring errors and their texts.
 *
 * @module
 */

/** An array of `size` bytes that nobody has seen yet; every byte has to be set. */
export function newBytes(size: i32): Uint8Array {
  return wrapBytes(changetype<ArrayBuffer>(__new(<usize>size, idof<ArrayBuffer>())), size);
}

/** A copy of the `size` bytes at an address. */
export function copyBytes(address: usize, size: i32): Uint8Array {
  const bytes = newBytes(size);
  memory.copy(bytes.dataStart, address, size);
  return bytes;
}

/** The first `size` bytes of `buffer` as an array. */
export function wrapBytes(buffer: ArrayBuffer, size: i32): Uint8Array {
  const bytes = __new(offsetof<Uint8Array>(), idof<Uint8Array>());
  store<usize>(bytes, changetype<usize>(buffer), offsetof<Uint8Array>("buffer"));
  store<usize>(bytes, changetype<usize>(buffer), offsetof<Uint8Array>("dataStart"));
  store<i32>(bytes, size, offsetof<Uint8Array>("byteLength"));
  __link(bytes, changetype<usize>(buffer), false);
  return changetype<Uint8Array>(bytes);
}
