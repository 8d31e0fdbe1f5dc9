/**
 * `...` in array literals and calls.
 *
 * @module
 */
import { Tuple2 } from "./tuple";

/** A new array with the elements of another. */
export function copyArray<T>(array: T[]): T[] {
  return array.slice(0);
}

/** A new array of what can be taken by index up to its length. */
export function copyIndexed<A, T>(array: A): T[] {
  const copy = new Array<T>();
  // @ts-ignore: the compiler knows the type where this is used
  for (let i = 0; i < array.length; i++) copy.push(array[i]);
  return copy;
}

/** The entries of a Map. */
export function copyMap<K, V>(map: Map<K, V>): Tuple2<K, V>[] {
  const keys = map.keys();
  const copy = new Array<Tuple2<K, V>>();
  for (let i = 0; i < keys.length; i++) copy.push(new Tuple2(keys[i], map.get(keys[i])));
  return copy;
}

/** `array` with those of `more` behind. */
export function extend<T>(array: T[], more: T[]): T[] {
  for (let i = 0; i < more.length; i++) array.push(more[i]);
  return array;
}

/** `first`, with those of `array` behind. */
export function prepend<T>(array: T[], first: T[]): T[] {
  return extend(first, array);
}

/** `array.push(...more)`. */
export function pushAll<T>(array: T[], more: T[]): i32 {
  extend(array, more);
  return array.length;
}

/** `array.unshift(...more)`. */
export function unshiftAll<T>(array: T[], more: T[]): i32 {
  for (let i = more.length - 1; i >= 0; i--) array.unshift(more[i]);
  return array.length;
}

/** `Math.max(...values)`. */
export function maxOf<T>(values: T[]): f64 {
  let most: f64 = -Infinity;
  for (let i = 0; i < values.length; i++) most = Math.max(most, <f64>values[i]);
  return most;
}

/** `Math.min(...values)`. */
export function minOf<T>(values: T[]): f64 {
  let least: f64 = Infinity;
  for (let i = 0; i < values.length; i++) least = Math.min(least, <f64>values[i]);
  return least;
}
