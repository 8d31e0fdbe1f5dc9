/**
 * Values that live in the host, beyond VMs and threads.
 *
 * @module
 */
import { Status } from "../abi/enums";
import { proxy_get_shared_data, proxy_set_shared_data } from "../abi/imports";
import { expectBytes, receivedBytes, receivedU32 } from "../memory/host-values";
import { OUT, mark, release } from "../memory/scratch";
import { decode, put, putSize } from "../memory/text";
import { Subject } from "../runtime/explain";
import { lastStatus, record } from "../runtime/status";
import { ownName } from "./own-names";

/**
 * A value with its version.
 *
 * @example
 * const value = SharedData.get("leader");
 * if (value !== null && value.text == "") SharedData.set("leader", me, value.cas);
 */
@final
export class SharedValue {
  constructor(
    /** The value. */
    readonly bytes: Uint8Array,
    /** The version, for `SharedData.set`; never 0. */
    readonly cas: u32,
  ) {}

  /** The value as text, in which every byte survives. */
  get text(): string {
    return decode(this.bytes.dataStart, this.bytes.length);
  }
}

/** How often `update` tries again when others write at the same time. */
const TRIES: i32 = 100;

/**
 * Shared data of this plugin: keys and values that live in the host, for all threads, also beyond an update of the plugin's
 * configuration. The host keeps them until the last VM with this `vm_id` goes.
 *
 * Keys are the plugin's own: another plugin in the same VM, or in another one with the same `vm_id`, does not see them. A
 * plugin is known by its name and root id (Envoy: `name` and `root_id`); one without a name by its root id and, from
 * `onConfigure` on, by its configuration. To share with other plugins, use a `SharedSpace`.
 *
 * May be used in every callback, not at module scope.
 *
 * @example
 * const hits = SharedData.add("hits", 1);
 */
export namespace SharedData {
  /** The value of `key`; null when it was never set (`Status.NotFound`) or cannot be read. Source: `proxy_get_shared_data`. */
  export function get(key: string): SharedValue | null {
    return readShared(ownName(key));
  }

  /**
   * Sets the value of `key`. With the `cas` of a value that was read, only if nobody has set it since:
   * `Status.CasMismatch` otherwise. Source: `proxy_set_shared_data`.
   */
  export function set(key: string, value: string, cas: u32 = 0): Status {
    return writeShared(ownName(key), value, cas);
  }

  /** `set` with bytes. */
  export function setBytes(key: string, value: Uint8Array, cas: u32 = 0): Status {
    return writeSharedBytes(ownName(key), value, cas);
  }

  /**
   * Empties `key`. The host has no way to remove one: from then on `get` answers a value of no bytes, and not null.
   */
  export function clear(key: string): Status {
    return writeShared(ownName(key), "", 0);
  }

  /**
   * Sets `key` to what `change` makes of its value (null when it was never set), trying again as long as others set it in
   * between; `Status.CasMismatch` after 100 times. `change` answers null to leave it as it is.
   *
   * The first set of a new key cannot be told from another's: the host has no "only if absent". Set it in `onConfigure`
   * where that matters.
   */
  export function update(key: string, change: (old: SharedValue | null) => Uint8Array | null): Status {
    return updateWith(key, change, (call, old) => call(old));
  }

  /** `update` with a function that is given `self`; the build writes it for arrow functions that use `this`. */
  export function updateWith<T>(
    key: string,
    self: T,
    change: (self: T, old: SharedValue | null) => Uint8Array | null,
  ): Status {
    return updateShared<T>(ownName(key), self, change);
  }

  /**
   * `update` with texts: `change` is given the value as text, null when it was never set, and answers the new one, or null to
   * leave it as it is.
   *
   * @example
   * SharedData.updateText("names", (old) => (old === null ? name : old + "," + name));
   */
  export function updateText(key: string, change: (old: string | null) => string | null): Status {
    return updateTextWith(key, change, (call, old) => call(old));
  }

  /** `updateText` with a function that is given `self`; the build writes it for arrow functions that use `this`. */
  export function updateTextWith<T>(
    key: string,
    self: T,
    change: (self: T, old: string | null) => string | null,
  ): Status {
    return updateSharedText<T>(ownName(key), self, change);
  }

  /** Adds to a decimal number, exactly, however many add at the same time; answers the sum, 0 when it cannot be set. */
  export function add(key: string, amount: i64): i64 {
    return addShared(ownName(key), amount);
  }
}

/** The value under the host's own key; see `SharedData.get`. */
export function readShared(key: string): SharedValue | null {
  const before = mark();
  const address = put(key);
  expectBytes();
  const status = record(proxy_get_shared_data(address, putSize, OUT, OUT + 4, OUT + 8), Subject.SharedData);
  const bytes = receivedBytes();
  const cas = receivedU32(8);
  release(before);
  return status == Status.Ok ? new SharedValue(bytes, cas) : null;
}

/** See `SharedData.set`. */
export function writeShared(key: string, value: string, cas: u32): Status {
  const before = mark();
  const keyAddress = put(key);
  const keySize = putSize;
  const address = put(value);
  const status = proxy_set_shared_data(keyAddress, keySize, address, putSize, cas);
  release(before);
  return record(status, Subject.SharedData);
}

/** See `SharedData.setBytes`. */
export function writeSharedBytes(key: string, value: Uint8Array, cas: u32): Status {
  const before = mark();
  const address = put(key);
  const status = proxy_set_shared_data(address, putSize, value.dataStart, value.byteLength, cas);
  release(before);
  return record(status, Subject.SharedData);
}

/**
 * The number for a value that is not there. Envoy ignores it then; one that somebody has made meanwhile has another number, and
 * stays. With 0 it would be overwritten.
 */
const ABSENT: u32 = 0xffffffff;

/** The number to set a value with that was read, or was not there. */
function casOf(old: SharedValue | null, tries: i32): u32 {
  if (old !== null) return old.cas;
  // A host that knows no such number for what is not there has refused it once.
  return tries % 2 == 0 ? ABSENT : 0;
}

/** See `SharedData.updateWith`. */
export function updateShared<T>(
  key: string,
  self: T,
  change: (self: T, old: SharedValue | null) => Uint8Array | null,
): Status {
  let status: Status = Status.CasMismatch;
  for (let i = 0; i < TRIES && status == Status.CasMismatch; i++) {
    const old = readShared(key);
    if (isUnreadable()) return lastStatus();
    const value = change(self, old);
    if (value === null) return record(Status.Ok);
    status = writeSharedBytes(key, value, casOf(old, i));
  }
  return status;
}

/** See `SharedData.updateTextWith`. */
export function updateSharedText<T>(
  key: string,
  self: T,
  change: (self: T, old: string | null) => string | null,
): Status {
  let status: Status = Status.CasMismatch;
  for (let i = 0; i < TRIES && status == Status.CasMismatch; i++) {
    const old = readShared(key);
    if (isUnreadable()) return lastStatus();
    const value = change(self, old === null ? null : old.text);
    if (value === null) return record(Status.Ok);
    status = writeShared(key, value, casOf(old, i));
  }
  return status;
}

/** See `SharedData.add`. */
export function addShared(key: string, amount: i64): i64 {
  for (let i = 0; i < TRIES; i++) {
    const old = readShared(key);
    if (isUnreadable()) return 0;
    const sum = (old === null ? 0 : I64.parseInt(old.text, 10)) + amount;
    const status = writeShared(key, sum.toString(), casOf(old, i));
    if (status != Status.CasMismatch) return status == Status.Ok ? sum : 0;
  }
  return 0;
}

/** Tells whether the value that was just asked for may be there all the same: setting it would overwrite what others have set. */
function isUnreadable(): bool {
  return lastStatus() != Status.Ok && lastStatus() != Status.NotFound;
}
