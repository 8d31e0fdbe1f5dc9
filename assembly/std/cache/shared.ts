import { Status } from "../../abi/enums";
import { SharedData, SharedValue } from "../../context/shared-data";
import { newBytes } from "../../memory/byte-array";
import { clock } from "../../services/clock";
import { utf8 } from "../encoding/utf8";
import { ProtobufReader } from "../../codec/protobuf-reader";
import { ProtobufWriter } from "../../codec/protobuf-writer";
import { keyedHash } from "./keyed-hash";
import { sharedSeed } from "./seed";

/** One value, as it is in shared data. */
@final
class Stored {
  key: string = "";
  until: i64 = 0;
  value: Uint8Array | null = null;

  constructor(bytes: Uint8Array) {
    const reader = new ProtobufReader(bytes);
    while (reader.next()) {
      if (reader.field == 1) this.key = reader.text;
      else if (reader.field == 2) this.until = <i64>reader.number;
      else if (reader.field == 3) this.value = reader.bytes;
    }
  }
}

/** An update of an entry. */
@final
class Change {
  /** Tells whether it is set even if there is one already. */
  replaces: bool = true;
  /** Tells whether it was set. */
  done: bool = false;

  constructor(
    readonly key: string,
    readonly value: Uint8Array,
    readonly now: i64,
    readonly until: i64,
  ) {}

  apply(old: SharedValue | null): Uint8Array | null {
    this.done = false;
    if (!this.replaces && old !== null) {
      const stored = new Stored(old.bytes);
      if (stored.until > this.now && stored.key == this.key) return null;
    }
    this.done = true;
    return new ProtobufWriter()
      .text(1, this.key)
      .number(2, <u64>this.until)
      .bytes(3, this.value)
      .toBytes();
  }
}

/**
 * Values by text for all threads, over the plugin's shared data. The host cannot remove what it keeps, so there are `slots`
 * places, and at most `slots * mostBytes` bytes: two keys with the same place drive each other out, and which do depends on a
 * secret. May be used in every callback, and made where it is declared.
 *
 * @example
 * const tokens = new SharedCache("tokens"); // in a field of the plugin
 * if (tokens.getText("ann") === null) tokens.setText("ann", hex.encode(random.bytes(16)), 60000);
 */
@final
export class SharedCache {
  private seed: u64 = 0;

  constructor(
    /** Its name: caches of the same name and plugin are the same one. */
    readonly name: string,
    /** How many places there are. */
    readonly slots: i32 = 1024,
    /** The most bytes of a key and its value; what is larger is not kept. */
    readonly mostBytes: i32 = 65536,
  ) {}

  /** The value of `key`; null when there is none, or its time is over. */
  get(key: string): Uint8Array | null {
    const found = SharedData.get(this.slotOf(key));
    if (found === null) return null;
    const stored = new Stored(found.bytes);
    return stored.key == key && stored.until > clock.milliseconds() ? stored.value : null;
  }

  /** `get` as text. */
  getText(key: string): string | null {
    const value = this.get(key);
    return value === null ? null : utf8.decodeLenient(value);
  }

  /** Keeps `value` for so many milliseconds; `Status.BadArgument` when it is too large. */
  set(key: string, value: Uint8Array, milliseconds: i64): Status {
    const change = this.changeOf(key, value, milliseconds);
    return change === null ? Status.BadArgument : this.put(key, change);
  }

  /** `set` with text. */
  setText(key: string, value: string, milliseconds: i64): Status {
    return this.set(key, utf8.encode(value), milliseconds);
  }

  /** Sets `value` if there is none, or its time is over; whether it was set: of several threads that try, for one. */
  add(key: string, value: string, milliseconds: i64): bool {
    const change = this.changeOf(key, utf8.encode(value), milliseconds);
    if (change === null) return false;
    change.replaces = false;
    return this.put(key, change) == Status.Ok && change.done;
  }

  /** Forgets the value of `key`. */
  delete(key: string): Status {
    return this.set(key, newBytes(0), 0);
  }

  private changeOf(key: string, value: Uint8Array, milliseconds: i64): Change | null {
    if (value.length > this.mostBytes || utf8.encode(key).length > this.mostBytes - value.length) return null;
    const now = clock.milliseconds();
    const until = milliseconds > i64.MAX_VALUE - now ? i64.MAX_VALUE : now + milliseconds;
    return new Change(key, value, now, until);
  }

  private put(key: string, change: Change): Status {
    return SharedData.updateWith<Change>(this.slotOf(key), change, (self, old) => self.apply(old));
  }

  private slotOf(key: string): string {
    if (this.seed == 0) this.seed = sharedSeed("cache\0" + this.name);
    const slot = keyedHash(key, this.seed) % <u64>max(this.slots, 1);
    return "cache\0" + this.name + "\0" + slot.toString();
  }
}
