/**
 * Handles: objects that are nothing but a number, so that `request.headers` costs no memory and no allocation. Their
 * classes are `@unmanaged` and have no fields; the number sits in the reference itself, plus one because 0 is null.
 *
 * @module
 */

/** The handle of class `T` that stands for `value`. */
// @ts-ignore: decorator
@inline
export function handle<T>(value: i32): T {
  return changetype<T>(<usize>value + 1);
}

/** The number that a handle stands for. */
// @ts-ignore: decorator
@inline
export function handleValue<T>(handle: T): i32 {
  return <i32>changetype<usize>(handle) - 1;
}
