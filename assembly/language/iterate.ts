/**
 * The values other than arrays that `for…of` goes through. Each has a `length` that is asked once before each turn, and is then
 * taken by index, as an array is.
 *
 * @module
 */
import { Tuple2 } from "./tuple";

/** The keys and values of a Map, also those that are set while it is gone through. */
@final
export class MapEntries<K, V> {
  private keys: K[];
  private position: i32 = -1;

  constructor(private map: Map<K, V>) {
    this.keys = map.keys();
  }

  /** More than any index while there is another entry. */
  get length(): i32 {
    while (++this.position < this.keys.length || appendNew(this.keys, this.map.keys())) {
      if (this.map.has(this.keys[this.position])) return i32.MAX_VALUE;
    }
    return 0;
  }

  get _0(): K {
    return this.keys[this.position];
  }

  get _1(): V {
    return this.map.get(this.keys[this.position]);
  }

  /** This, which stands at the entry. */
  entry(_index: i32): this {
    return this;
  }


  @operator("[]")
  at(_index: i32): Tuple2<K, V> {
    return new Tuple2(this._0, this._1);
  }
}

/** The keys of a Map. */
@final
export class MapKeys<K, V> {
  private entries: MapEntries<K, V>;

  constructor(map: Map<K, V>) {
    this.entries = new MapEntries(map);
  }

  get length(): i32 {
    return this.entries.length;
  }


  @operator("[]")
  at(_index: i32): K {
    return this.entries._0;
  }
}

/** The values of a Map. */
@final
export class MapValues<K, V> {
  private entries: MapEntries<K, V>;

  constructor(map: Map<K, V>) {
    this.entries = new MapEntries(map);
  }

  get length(): i32 {
    return this.entries.length;
  }


  @operator("[]")
  at(_index: i32): V {
    return this.entries._1;
  }
}

/** The values of a Set, also those that are added while it is gone through. */
@final
export class SetValues<T> {
  private values: T[];
  private position: i32 = -1;

  constructor(private set: Set<T>) {
    this.values = set.values();
  }

  get length(): i32 {
    while (++this.position < this.values.length || appendNew(this.values, this.set.values())) {
      if (this.set.has(this.values[this.position])) return i32.MAX_VALUE;
    }
    return 0;
  }


  @operator("[]")
  at(_index: i32): T {
    return this.values[this.position];
  }
}

/** Appends those of `now` to `known` that were added since; false when there are none. */
function appendNew<T>(known: T[], now: T[]): bool {
  let first = now.length;
  while (first > 0 && !known.includes(now[first - 1])) first--;
  for (let i = first; i < now.length; i++) known.push(now[i]);
  return first < now.length;
}

/** The indices and elements of an array. */
@final
export class ArrayEntries<T> {
  private position: i32 = 0;

  constructor(private array: T[]) {}

  get length(): i32 {
    return this.array.length;
  }

  get _0(): i32 {
    return this.position;
  }

  get _1(): T {
    return this.array[this.position];
  }

  /** This, at the entry of the index. */
  entry(index: i32): this {
    this.position = index;
    return this;
  }


  @operator("[]")
  at(index: i32): Tuple2<i32, T> {
    return new Tuple2(index, this.array[index]);
  }
}

/** The indices of an array. */
export function arrayKeys<T>(array: T[]): i32[] {
  const keys = new Array<i32>(array.length);
  for (let i = 0; i < keys.length; i++) keys[i] = i;
  return keys;
}

/** The characters of a text; those beyond 0xffff are one each. */
export function characters(text: string): string[] {
  const list = new Array<string>();
  for (let i = 0; i < text.length;) {
    const unit = text.charCodeAt(i);
    const next = i + 1 < text.length ? text.charCodeAt(i + 1) : 0;
    const size = unit >= 0xd800 && unit < 0xdc00 && next >= 0xdc00 && next < 0xe000 ? 2 : 1;
    list.push(text.substr(i, size));
    i += size;
  }
  return list;
}
