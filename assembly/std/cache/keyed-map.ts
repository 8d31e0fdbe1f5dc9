import { keyedHash, newSeed } from "./keyed-hash";

/** An entry: a text and its value. */
@final
class Keyed<V> {
  constructor(
    readonly key: string,
    readonly value: V,
  ) {}
}

/** Objects by texts that strangers choose: where they land depends on a secret, which the library's own map does not have. */
@final
export class KeyedMap<V> {
  private seed: u64 = 0;
  private entries: Map<u64, Keyed<V>> = new Map<u64, Keyed<V>>();

  /** The object of `key`; null when there is none. */
  get(key: string): V | null {
    const hash = this.hashOf(key);
    if (!this.entries.has(hash)) return null;
    const found = this.entries.get(hash);
    return found.key == key ? found.value : null;
  }

  /** Keeps `value`, unless there is an object of `key`, or one of another text with the same 64 bits; whether it is kept. */
  add(key: string, value: V): bool {
    const hash = this.hashOf(key);
    if (this.entries.has(hash)) return false;
    this.entries.set(hash, new Keyed<V>(key, value));
    return true;
  }

  /** Forgets the object of `key`, which is there. */
  delete(key: string): void {
    this.entries.delete(this.hashOf(key));
  }

  private hashOf(key: string): u64 {
    // The clock cannot be read where fields are declared.
    if (this.seed == 0) this.seed = newSeed() | 1;
    return keyedHash(key, this.seed);
  }
}
