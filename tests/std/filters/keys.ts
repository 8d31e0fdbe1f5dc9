// Caches and flights by keys that strangers choose, as a plain module: one key a line.
import { Flight, LruCache } from "../../../assembly/std/cache";

/** Keeps each key in a cache that has room for all of them, and looks for it; how many are found. */
export function keep(keys: string): i32 {
  const list = keys.split("\n");
  const cache = new LruCache<string>(list.length);
  for (let i = 0; i < list.length; i++) cache.set(list[i], list[i], 1000);
  let found = 0;
  for (let i = 0; i < list.length; i++) if (cache.get(list[i]) !== null) found++;
  return found;
}

/** The same in one that has room for ten. */
export function rotate(keys: string): i32 {
  const list = keys.split("\n");
  const cache = new LruCache<string>(10);
  for (let i = 0; i < list.length; i++) cache.set(list[i], list[i], 1000);
  return cache.size;
}

/** Lets somebody wait for each key, and lands all; how many have waited. */
export function fly(keys: string): i32 {
  const list = keys.split("\n");
  const flights = new Flight<string>(i32.MAX_VALUE);
  for (let i = 0; i < list.length; i++) flights.join(list[i], list[i]);
  let landed = 0;
  for (let i = 0; i < list.length; i++) landed += flights.land(list[i]).length;
  return landed;
}

/** Lets all wait for one key. */
export function crowd(keys: string): i32 {
  const list = keys.split("\n");
  const flights = new Flight<string>(i32.MAX_VALUE);
  for (let i = 0; i < list.length; i++) flights.join("a", list[i]);
  return flights.land("a").length;
}
