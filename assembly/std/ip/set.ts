import { IpAddress } from "./address";
import { IpNetwork } from "./network";

/** Addresses from one to another. */
@final
class Range {
  constructor(
    readonly first: IpAddress,
    public last: IpAddress,
  ) {}
}

/** Tells whether an address stands in front of another. */
function isBefore(one: IpAddress, other: IpAddress): bool {
  return one.high != other.high ? one.high < other.high : one.low < other.low;
}

/**
 * A set of networks. Asking takes a few steps, however many there are. Build it where the configuration is read. May be used
 * everywhere.
 *
 * @example
 * const blocked = IpSet.parse(["192.0.2.0/24", "2001:db8::/32", "203.0.113.7"]);
 * if (blocked === null) return false; // one of them is wrong
 */
@final
export class IpSet {
  private ranges: Range[] = new Array<Range>();
  private isSorted: bool = true;

  /** The set of all networks of a list; null when one of them is none (see `errorAt`). */
  static parse(networks: string[]): IpSet | null {
    const set = new IpSet();
    for (let i = 0; i < networks.length; i++) if (!set.add(networks[i])) return null;
    return set;
  }

  /** The index of the first text of a list that is no network; or -1. */
  static errorAt(networks: string[]): i32 {
    for (let i = 0; i < networks.length; i++) if (IpNetwork.parse(networks[i]) === null) return i;
    return -1;
  }

  /** Adds a network or address; false when `network` is neither. */
  add(network: string): bool {
    const parsed = IpNetwork.parse(network);
    if (parsed === null) return false;
    this.ranges.push(new Range(parsed.first, parsed.$last));
    this.isSorted = false;
    return true;
  }

  /** Tells whether an address is in one of the networks. */
  has(address: IpAddress): bool {
    if (!this.isSorted) this.sort();
    const ranges = this.ranges;
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(address, unchecked(ranges[middle]).first)) high = middle;
      else low = middle + 1;
    }
    return low > 0 && !isBefore(unchecked(ranges[low - 1]).last, address);
  }

  /** Tells whether `text` is an address that is in one of the networks. */
  hasText(text: string): bool {
    const address = IpAddress.parse(text);
    return address !== null && this.has(address);
  }

  /** Sorts the ranges, and leaves out those that lie in others. */
  private sort(): void {
    this.isSorted = true;
    const ranges = this.ranges;
    ranges.sort((one, other) =>
      isBefore(one.first, other.first) ? -1 : isBefore(other.first, one.first) ? 1 : 0,
    );
    let kept = 0;
    for (let i = 0; i < ranges.length; i++) {
      const range = ranges[i];
      if (kept > 0 && !isBefore(ranges[kept - 1].last, range.first)) {
        if (isBefore(ranges[kept - 1].last, range.last)) ranges[kept - 1].last = range.last;
      } else ranges[kept++] = range;
    }
    ranges.length = kept;
  }
}
