/**
 * How many calls are under way of functions that wait and can call themselves: the transform has them counted.
 *
 * @module
 */

export let depth: i32 = 0;

// @ts-ignore: decorator
@inline
export function setDepth(calls: i32): void {
  depth = calls;
}
