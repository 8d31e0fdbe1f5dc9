/**
 * The counters of limits, which are in shared data.
 *
 * @module
 */
import { Status } from "../../abi/enums";
import { SharedData, SharedValue } from "../../context/shared-data";
import { newBytes } from "../../memory/byte-array";
import { keyedHash, newSeed } from "../cache/keyed-hash";

/** The size of a counter: its owner's number, and two values. */
const SIZE: i32 = 24;

/** A counter on its way through an update. */
export abstract class Step {
  /** The hash of the key that the counter belongs to. */
  owner: u64 = 0;
  /** The counter's two values. */
  first: i64 = 0;
  second: i64 = 0;

  /** Reads, changes and writes the counter; a counter of somebody else that is not idle is shared with them. */
  apply(old: SharedValue | null): Uint8Array | null {
    this.first = 0;
    this.second = 0;
    let owner = this.owner;
    if (old !== null && old.bytes.length == SIZE) {
      const address = old.bytes.dataStart;
      this.first = load<i64>(address, 8);
      this.second = load<i64>(address, 16);
      const other = load<u64>(address);
      if (other != owner) {
        if (this.isIdle()) {
          this.first = 0;
          this.second = 0;
        } else owner = other;
      }
    }
    if (!this.change()) return null;
    const bytes = newBytes(SIZE);
    store<u64>(bytes.dataStart, owner);
    store<i64>(bytes.dataStart, this.first, 8);
    store<i64>(bytes.dataStart, this.second, 16);
    return bytes;
  }

  /** Tells whether the counter says nothing any more. */
  protected abstract isIdle(): bool;

  /** Counts; false when nothing is to be written. */
  protected abstract change(): bool;
}

/** Makes the secret that all threads share: the second thread to come keeps the secret of the first. */
@final
class SeedStep extends Step {
  protected isIdle(): bool {
    return false;
  }

  protected change(): bool {
    if (this.first != 0) return false;
    this.first = (<i64>newSeed()) | 1;
    return true;
  }
}

/** The counters of one limit. The host cannot remove what it keeps, so their number is fixed. */
@final
export class Counters {
  private seed: u64 = 0;

  constructor(
    private readonly name: string,
    private readonly slots: i32,
  ) {}

  /** Counts for `key`; whether the host has done it. */
  step(key: string, step: Step): bool {
    const prefix = "limit\0" + this.name + "\0";
    if (this.seed == 0) {
      const seed = new SeedStep();
      update(prefix, seed);
      this.seed = <u64>seed.first;
    }
    const hash = keyedHash(key, this.seed);
    step.owner = hash;
    const slot = (hash >> 20) % <u64>max(this.slots, 1);
    return update(prefix + slot.toString(), step) == Status.Ok;
  }
}

function update(key: string, step: Step): Status {
  return SharedData.updateWith<Step>(key, step, (self, old) => self.apply(old));
}
