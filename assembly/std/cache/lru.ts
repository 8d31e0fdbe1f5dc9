import { newSlots } from "../../memory/slots";
import { clock } from "../../services/clock";
import { keyedHash, newSeed } from "./keyed-hash";

/** An entry: it is in a list by hash, and in a list by last use. */
@final
class Entry<V> {
  /** The next one with the same place in the table. */
  next: Entry<V> | null = null;
  newer: Entry<V> | null = null;
  older: Entry<V> | null = null;

  constructor(
    readonly key: string,
    readonly hash: u64,
    public value: V,
    /** In milliseconds since 1970. */
    public until: i64,
  ) {}
}

/**
 * Values by text, at most a number of them: what was not used for longest goes first, and each goes when its time is over. Keep
 * it in a field of the plugin: it is that of one VM, that is, of one thread. Values are objects. Strangers may choose the keys:
 * where they land depends on a secret. May be used in every callback, and made where it is declared.
 *
 * @example
 * const names = new LruCache<string>(1000); // in a field of the plugin
 * const token = this.request.headers.get("authorization");
 * if (token !== null && names.get(token) === null) names.set(token, "ann", 60000); // not there, or too old
 */
@final
export class LruCache<V> {
  /** How many values there are, those among them that are too old. */
  size: i32 = 0;
  private seed: u64 = 0;
  private table: StaticArray<Entry<V> | null> = newSlots<Entry<V>>(16);
  private newest: Entry<V> | null = null;
  private oldest: Entry<V> | null = null;

  constructor(
    /** How many values are kept, 1 or more. */
    readonly most: i32,
  ) {}

  /** The value of `key`, which is the last to go now; null when there is none, or its time is over. */
  get(key: string): V | null {
    const entry = this.find(key);
    if (entry === null) return null;
    if (entry.until <= clock.milliseconds()) {
      this.drop(entry);
      return null;
    }
    this.leave(entry);
    this.enter(entry);
    return entry.value;
  }

  /** Tells whether there is a value for `key` whose time is not over; it may go as soon as before. */
  has(key: string): bool {
    const entry = this.find(key);
    return entry !== null && entry.until > clock.milliseconds();
  }

  /** Keeps `value` for so many milliseconds (0 or less: does not keep it), in the place of another of the same key. */
  set(key: string, value: V, milliseconds: i64): void {
    const known = this.find(key);
    if (milliseconds <= 0) {
      if (known !== null) this.drop(known);
      return;
    }
    const now = clock.milliseconds();
    const until = milliseconds > i64.MAX_VALUE - now ? i64.MAX_VALUE : now + milliseconds;
    if (known !== null) {
      known.value = value;
      known.until = until;
      this.leave(known);
      this.enter(known);
      return;
    }
    const oldest = this.oldest;
    if (oldest !== null && this.size >= max(this.most, 1)) this.drop(oldest);
    if (this.size == this.table.length) this.grow();
    const entry = new Entry<V>(key, this.hashOf(key), value, until);
    this.link(this.table, entry);
    this.enter(entry);
    this.size++;
  }

  /** Forgets the value of `key`; answers whether there was one. */
  delete(key: string): bool {
    const entry = this.find(key);
    if (entry === null) return false;
    this.drop(entry);
    return true;
  }

  /** Forgets all. */
  clear(): void {
    this.size = 0;
    this.table = newSlots<Entry<V>>(16);
    this.newest = null;
    this.oldest = null;
  }

  private hashOf(key: string): u64 {
    // The clock cannot be read where fields are declared.
    if (this.seed == 0) this.seed = newSeed() | 1;
    return keyedHash(key, this.seed);
  }

  private find(key: string): Entry<V> | null {
    if (this.size == 0) return null;
    const hash = this.hashOf(key);
    const table = this.table;
    let entry = unchecked(table[(<i32>hash) & (table.length - 1)]);
    while (entry !== null && (entry.hash != hash || entry.key != key)) entry = entry.next;
    return entry;
  }

  private link(table: StaticArray<Entry<V> | null>, entry: Entry<V>): void {
    const place = (<i32>entry.hash) & (table.length - 1);
    entry.next = unchecked(table[place]);
    unchecked((table[place] = entry));
  }

  private grow(): void {
    const table = newSlots<Entry<V>>(this.table.length * 2);
    let entry = this.newest;
    while (entry !== null) {
      this.link(table, entry);
      entry = entry.older;
    }
    this.table = table;
  }

  private drop(entry: Entry<V>): void {
    this.leave(entry);
    this.size--;
    const table = this.table;
    const place = (<i32>entry.hash) & (table.length - 1);
    let before: Entry<V> | null = null;
    let other = unchecked(table[place]);
    while (other !== null && other !== entry) {
      before = other;
      other = other.next;
    }
    if (before === null) unchecked((table[place] = entry.next));
    else before.next = entry.next;
    entry.next = null;
  }

  /** Takes an entry out of the list by use. */
  private leave(entry: Entry<V>): void {
    const newer = entry.newer;
    const older = entry.older;
    if (newer === null) this.newest = older;
    else newer.older = older;
    if (older === null) this.oldest = newer;
    else older.newer = newer;
    entry.newer = null;
    entry.older = null;
  }

  /** Puts an entry in front of the list by use. */
  private enter(entry: Entry<V>): void {
    const newest = this.newest;
    entry.older = newest;
    if (newest === null) this.oldest = entry;
    else newest.newer = entry;
    this.newest = entry;
  }
}
