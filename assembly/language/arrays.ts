/**
 * What TypeScript's arrays, Maps and Sets have beyond AssemblyScript's. The build calls these where a source asks for it.
 *
 * @module
 */

import { UNDEFINED } from "./number";

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

/** What `make` makes of each element, in one list. */
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
