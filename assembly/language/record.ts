/**
 * Objects that are used as tables: `Record<string, V>` and `{ [key: string]: V }`.
 *
 * @module
 */
import { Tuple2 } from "./tuple";

/** A table. Its members have long names, as its keys may be written behind a dot. */
@final
export class Record<V> {
  readonly __entries: Map<string, V>;

  constructor() {
    this.__entries = new Map<string, V>();
  }


  @operator("[]")
  __get(key: string): V {
    return this.__entries.get(key);
  }


  @operator("[]=")
  __set(key: string, value: V): void {
    this.__entries.set(key, value);
  }
}

/** The number of the name that is `key` in a list of names with spaces between them; -1 where none is. */
export function fieldIndex(names: string, key: string): i32 {
  let index = 0;
  for (let from = 0; from <= names.length; index++) {
    let end = names.indexOf(" ", from);
    if (end < 0) end = names.length;
    if (end - from == key.length && names.startsWith(key, from)) return index;
    from = end + 1;
  }
  return -1;
}

/** Tells whether an object has the field of this number. */
export function hasField<T>(object: T, index: i32): bool {
  return index >= 0;
}

/** An object has no field of the name that was asked for. */
export function noField<T>(names: string): T {
  throw new Error(`there is no field of this name, the object has ${names}: write \`?? other\` behind it`);
}

export function recordHas<V>(record: Record<V>, key: string): bool {
  return record.__entries.has(key);
}

export function recordTake<V>(record: Record<V>, key: string): V {
  return record.__entries.get(key);
}

/** Sets an entry while a table is made. */
export function recordWith<V>(record: Record<V>, key: string, value: V): Record<V> {
  record.__entries.set(key, value);
  return record;
}

/** Copies all entries of another table. */
export function recordAssign<V>(record: Record<V>, other: Record<V>): Record<V> {
  const keys = other.__entries.keys();
  for (let i = 0; i < keys.length; i++) record.__entries.set(keys[i], other.__entries.get(keys[i]));
  return record;
}

/** Tells whether it was there makes no difference, as in JavaScript. */
export function recordDelete<V>(record: Record<V>, key: string): bool {
  record.__entries.delete(key);
  return true;
}

/** The keys in JavaScript's order: those that are whole numbers first, by size, then in the order in which they were set. */
export function recordKeys<V>(record: Record<V>): string[] {
  const all = record.__entries.keys();
  const indices = new Array<u32>();
  const others = new Array<string>();
  for (let i = 0; i < all.length; i++) {
    const index = indexOf(all[i]);
    if (index < 0) others.push(all[i]);
    else indices.push(<u32>index);
  }
  if (indices.length == 0) return all;
  indices.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const keys = new Array<string>();
  for (let i = 0; i < indices.length; i++) keys.push(indices[i].toString());
  return keys.concat(others);
}

export function recordValues<V>(record: Record<V>): V[] {
  const keys = recordKeys(record);
  const values = new Array<V>();
  for (let i = 0; i < keys.length; i++) values.push(record.__entries.get(keys[i]));
  return values;
}

export function recordEntries<V>(record: Record<V>): Tuple2<string, V>[] {
  return pairs(recordKeys(record), recordValues(record));
}

/** Keys with their values. */
export function pairs<V>(keys: string[], values: V[]): Tuple2<string, V>[] {
  const entries = new Array<Tuple2<string, V>>();
  for (let i = 0; i < keys.length; i++) entries.push(new Tuple2(keys[i], values[i]));
  return entries;
}

/** The table of a Map's entries. */
export function recordOf<V>(map: Map<string, V>): Record<V> {
  const record = new Record<V>();
  const keys = map.keys();
  for (let i = 0; i < keys.length; i++) record.__entries.set(keys[i], map.get(keys[i]));
  return record;
}

/** The table of pairs; of pairs with one key, the last. */
export function recordOfPairs<V>(pairs: Tuple2<string, V>[]): Record<V> {
  const record = new Record<V>();
  for (let i = 0; i < pairs.length; i++) record.__entries.set(pairs[i]._0, pairs[i]._1);
  return record;
}

/** The table of lists of a key and its value. */
export function recordOfLists<V extends string>(lists: V[][]): Record<V> {
  const record = new Record<V>();
  for (let i = 0; i < lists.length; i++) record.__entries.set(lists[i][0], lists[i][1]);
  return record;
}

/** The indices of an array, as texts. */
export function indexTexts<T>(array: T[]): string[] {
  const keys = new Array<string>();
  for (let i = 0; i < array.length; i++) keys.push(i.toString());
  return keys;
}

/** The number that a key is, or -1. */
function indexOf(key: string): i64 {
  const length = key.length;
  if (length == 0 || length > 10 || (length > 1 && key.charCodeAt(0) == 48)) return -1;
  let value: i64 = 0;
  for (let i = 0; i < length; i++) {
    const unit = key.charCodeAt(i);
    if (unit < 48 || unit > 57) return -1;
    value = value * 10 + (unit - 48);
  }
  return value < 4294967295 ? value : -1;
}

/** A value for a field that is not there; it is never read. */
export function absent<T>(): T {
  if (isReference<T>()) return changetype<T>(0);
  return <T>0;
}
