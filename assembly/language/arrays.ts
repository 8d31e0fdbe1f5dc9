/**
 * Methods of TypeScript's arrays, Maps and Sets that AssemblyScript lacks. The build calls these where a source uses such a
 * method.
 *
 * @module
 */

import { UNDEFINED } from "./number";
import { Tuple2 } from "./tuple";

/** The first element that `is` says yes to. */
export function find<T>(values: T[], is: (value: T, index: i32, array: T[]) => bool): T | null {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (is(value, i, values)) return value;
  }
  return null;
}

/** The last element that `is` says yes to. */
export function findLast<T>(values: T[], is: (value: T, index: i32, array: T[]) => bool): T | null {
  for (let i = values.length - 1; i >= 0; i--) {
    const value = values[i];
    if (is(value, i, values)) return value;
  }
  return null;
}

/** The first number that `is` says yes to; undefined where there is none. */
export function findNumber<T>(values: T[], is: (value: T, index: i32, array: T[]) => bool): f64 {
  for (let i = 0; i < values.length; i++) if (is(values[i], i, values)) return <f64>values[i];
  return reinterpret<f64>(UNDEFINED);
}

/** The last number that `is` says yes to; undefined where there is none. */
export function findLastNumber<T>(values: T[], is: (value: T, index: i32, array: T[]) => bool): f64 {
  for (let i = values.length - 1; i >= 0; i--) if (is(values[i], i, values)) return <f64>values[i];
  return reinterpret<f64>(UNDEFINED);
}

/** The first boolean that `is` says yes to: 2, which is undefined, where there is none (src/transform/compiler/booleans.ts). */
export function findBoolean(values: bool[], is: (value: bool, index: i32, array: bool[]) => bool): i32 {
  for (let i = 0; i < values.length; i++) if (is(values[i], i, values)) return i32(values[i]);
  return 2;
}

/** The last boolean that `is` says yes to. */
export function findLastBoolean(values: bool[], is: (value: bool, index: i32, array: bool[]) => bool): i32 {
  for (let i = values.length - 1; i >= 0; i--) if (is(values[i], i, values)) return i32(values[i]);
  return 2;
}

/** The results of `make` for each element, in one list. */
export function flatMap<T, U>(values: T[], make: (value: T, index: i32, array: T[]) => U[]): U[] {
  const all = new Array<U>();
  for (let i = 0; i < values.length; i++) {
    const some = make(values[i], i, values);
    for (let k = 0; k < some.length; k++) all.push(some[k]);
  }
  return all;
}

/** Calls `take` for each entry of a Map. */
export function eachEntry<K, V>(map: Map<K, V>, take: (value: V, key: K, map: Map<K, V>) => void): void {
  const keys = map.keys();
  for (let i = 0; i < keys.length; i++) if (map.has(keys[i])) take(map.get(keys[i]), keys[i], map);
}

/** Calls `take` for each value of a Set. */
export function eachValue<T>(set: Set<T>, take: (value: T, same: T, set: Set<T>) => void): void {
  const values = set.values();
  for (let i = 0; i < values.length; i++) if (set.has(values[i])) take(values[i], values[i], set);
}

/** A Set of the values. */
export function newSet<T>(values: T[]): Set<T> {
  return setOf(new Set<T>(), values);
}

/** A Set with the values added. */
export function setOf<T>(set: Set<T>, values: T[]): Set<T> {
  for (let i = 0; i < values.length; i++) set.add(values[i]);
  return set;
}

/** A Map of the keys, each with its value. */
export function newMap<K, V>(keys: K[], values: V[]): Map<K, V> {
  const map = new Map<K, V>();
  for (let i = 0; i < keys.length; i++) map.set(keys[i], values[i]);
  return map;
}

/** Another Map with the same entries. */
export function copyMap<K, V>(map: Map<K, V>): Map<K, V> {
  return newMap(map.keys(), map.values());
}

/** `values.splice(start, count, …more)`: what is taken out. */
export function spliceIn<T>(values: T[], start: i32, count: i32, more: T[]): T[] {
  const first = start < 0 ? max(values.length + start, 0) : min(start, values.length);
  const rest = values.slice(first);
  const out = rest.splice(0, max(count, 0));
  values.length = first;
  for (let i = 0; i < more.length; i++) values.push(more[i]);
  for (let i = 0; i < rest.length; i++) values.push(rest[i]);
  return out;
}

/** `values.toSpliced(start, count)`: a copy without them. */
export function spliced<T>(values: T[], start: i32, count: i32 = i32.MAX_VALUE): T[] {
  return splicedWith(values, start, count, new Array<T>());
}

/** `values.toSpliced(start, count, …more)`. */
export function splicedWith<T>(values: T[], start: i32, count: i32, more: T[]): T[] {
  const copy = values.slice(0);
  spliceIn(copy, start, count, more);
  return copy;
}

/** Tells whether the other Set has all values. */
export function isSubsetOf<T>(set: Set<T>, other: Set<T>): bool {
  const values = set.values();
  for (let i = 0; i < values.length; i++) if (!other.has(values[i])) return false;
  return true;
}

export function isSupersetOf<T>(set: Set<T>, other: Set<T>): bool {
  return isSubsetOf(other, set);
}

/** Tells whether no value is in both. */
export function isDisjointFrom<T>(set: Set<T>, other: Set<T>): bool {
  const values = set.values();
  for (let i = 0; i < values.length; i++) if (other.has(values[i])) return false;
  return true;
}

/** The values that are in one of both only. */
export function symmetricDifference<T>(set: Set<T>, other: Set<T>): Set<T> {
  const result = new Set<T>();
  const own = set.values();
  const others = other.values();
  for (let i = 0; i < own.length; i++) if (!other.has(own[i])) result.add(own[i]);
  for (let i = 0; i < others.length; i++) if (!set.has(others[i])) result.add(others[i]);
  return result;
}

/** `values.with(index, value)`: a copy with another element. */
export function withElement<T>(values: T[], index: i32, value: T): T[] {
  const at = index < 0 ? values.length + index : index;
  if (<u32>at >= <u32>values.length) throw new RangeError("Invalid index : " + index.toString());
  const copy = values.slice(0);
  copy[at] = value;
  return copy;
}

/** `values.reduce(take)` that begins with the first element. */
export function reduceFirst<T>(values: T[], take: (sum: T, value: T, index: i32, array: T[]) => T): T {
  if (values.length == 0) throw new TypeError("Reduce of empty array with no initial value");
  let sum = values[0];
  for (let i = 1; i < values.length; i++) sum = take(sum, values[i], i, values);
  return sum;
}

/** An array of `length` times the same value. */
export function filled<T>(length: i32, value: T): T[] {
  return new Array<T>(length).fill(value);
}

/** The numbers from 0 to `length` - 1. */
export function indices(length: i32): i32[] {
  const all = new Array<i32>(length);
  for (let i = 0; i < length; i++) all[i] = i;
  return all;
}

/** A Map of pairs. */
export function mapOfPairs<K, V>(pairs: Tuple2<K, V>[]): Map<K, V> {
  const map = new Map<K, V>();
  for (let i = 0; i < pairs.length; i++) map.set(pairs[i]._0, pairs[i]._1);
  return map;
}

/** A Map of lists of a key and a value each. */
export function mapOfLists<T>(pairs: T[][]): Map<T, T> {
  const map = new Map<T, T>();
  for (let i = 0; i < pairs.length; i++) map.set(pairs[i][0], pairs[i][1]);
  return map;
}

/** The values that are in at least one of two Sets. */
export function union<T>(one: Set<T>, other: Set<T>): Set<T> {
  return setOf(setOf(new Set<T>(), one.values()), other.values());
}

/** The values that are in both of two Sets. */
export function intersection<T>(one: Set<T>, other: Set<T>): Set<T> {
  const values = one.values();
  const both = new Set<T>();
  for (let i = 0; i < values.length; i++) if (other.has(values[i])) both.add(values[i]);
  return both;
}

/** The values that are only in the first of two Sets. */
export function difference<T>(one: Set<T>, other: Set<T>): Set<T> {
  const values = one.values();
  const rest = new Set<T>();
  for (let i = 0; i < values.length; i++) if (!other.has(values[i])) rest.add(values[i]);
  return rest;
}

/** `numbers.reduce(take)` that begins with the first element. */
export function reduceNumbers<T>(
  values: T[],
  take: (sum: f64, value: T, index: i32, array: T[]) => f64,
): f64 {
  if (values.length == 0) throw new TypeError("Reduce of empty array with no initial value");
  let sum = <f64>values[0];
  for (let i = 1; i < values.length; i++) sum = take(sum, values[i], i, values);
  return sum;
}

/** A typed array of a list's numbers, as `new Uint8Array([1, 2])` makes it: what does not fit is wrapped. */
export function typedFrom<A, T>(values: T[]): A {
  const made = instantiate<A>(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = <f64>values[i];
    // @ts-ignore: a typed array has elements
    if (isFloat<valueof<A>>()) made[i] = <valueof<A>>value;
    // @ts-ignore: as above
    else if (made instanceof Uint8ClampedArray)
      made[i] = value > 0 ? <u8>Math.min(Math.round(value), 255) : 0;
    // @ts-ignore: as above
    else made[i] = isFinite(value) ? <valueof<A>>(<i64>value) : 0;
  }
  return made;
}
