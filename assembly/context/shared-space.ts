/**
 * Shared data that plugins have in common.
 *
 * @module
 */
import { Status } from "../abi/enums";
import {
  SharedValue,
  addShared,
  readShared,
  updateShared,
  updateSharedText,
  writeShared,
  writeSharedBytes,
} from "./shared-data";

/**
 * Keys and queue names that plugins have in common, also those of different modules: all with the same `vm_id` that name
 * the same space. It has the verbs of `SharedData`; queues are asked for with `SharedQueue.register(name, space)`.
 *
 * The space without a name, `new SharedSpace("")`, has the host's keys and names as they are: those of modules of other
 * SDKs. Everyone with the same `vm_id` can write there.
 *
 * @example
 * const lists = new SharedSpace("lists"); // at module scope
 * lists.set("blocked", "mallory");
 */
@final
export class SharedSpace {
  constructor(
    /** The name, which all who share it give. */
    readonly name: string,
  ) {}

  /** @internal The host's key or name for one of this space. */
  $key(key: string): string {
    return this.name.length > 0 ? "space\0" + this.name + "\0" + key : key;
  }

  /** See `SharedData.get`. Source: `proxy_get_shared_data`. */
  get(key: string): SharedValue | null {
    return readShared(this.$key(key));
  }

  /** See `SharedData.set`. Source: `proxy_set_shared_data`. */
  set(key: string, value: string, cas: u32 = 0): Status {
    return writeShared(this.$key(key), value, cas);
  }

  /** `set` with bytes. */
  setBytes(key: string, value: Uint8Array, cas: u32 = 0): Status {
    return writeSharedBytes(this.$key(key), value, cas);
  }

  /** See `SharedData.clear`. */
  clear(key: string): Status {
    return writeShared(this.$key(key), "", 0);
  }

  /** See `SharedData.update`. */
  update(key: string, change: (old: SharedValue | null) => Uint8Array | null): Status {
    return this.updateWith(key, change, (call, old) => call(old));
  }

  /** `update` with a function that is given `self`; the build writes it for arrow functions that use `this`. */
  updateWith<T>(
    key: string,
    self: T,
    change: (self: T, old: SharedValue | null) => Uint8Array | null,
  ): Status {
    return updateShared<T>(this.$key(key), self, change);
  }

  /** See `SharedData.updateText`. */
  updateText(key: string, change: (old: string | null) => string | null): Status {
    return this.updateTextWith(key, change, (call, old) => call(old));
  }

  /** `updateText` with a function that is given `self`; the build writes it for arrow functions that use `this`. */
  updateTextWith<T>(key: string, self: T, change: (self: T, old: string | null) => string | null): Status {
    return updateSharedText<T>(this.$key(key), self, change);
  }

  /** See `SharedData.add`. */
  add(key: string, amount: i64): i64 {
    return addShared(this.$key(key), amount);
  }
}
