import { hexDigit } from "../../codec/percent";
import { findUnit, unitAt } from "../../memory/utf16";
import { isIpv4, isIpv6 } from "../url/host";

/** The lower half of an IPv4 address as IPv6 has it, `::ffff:0:0`, without the address. */
const MAPPED: u64 = 0xffff00000000;

/**
 * An IP address. An IPv4 address that is written as IPv6, `::ffff:192.0.2.1`, is that IPv4 address: one address, one answer.
 * May be used everywhere.
 *
 * @example
 * const address = IpAddress.ofSocket(property.text(["source", "address"])!);
 * if (address === null || !address.isV4) return this.respond(403);
 */
@final
export class IpAddress {
  constructor(
    /** The first 64 bits of the address as IPv6. */
    readonly high: u64,
    /** The last 64 bits of it; those of an IPv4 address are the last 32, behind `ffff`. */
    readonly low: u64,
  ) {}

  /**
   * Reads an address in its usual form, without brackets, zone, port or white space; null for everything else, such as
   * `127.1`, `0x7f.0.0.1` and `010.0.0.1`, which others read in different ways.
   */
  static parse(text: string): IpAddress | null {
    return readAddress(text, 0, text.length);
  }

  /** Reads an address with a port behind it, as `source.address` has it: `192.0.2.1:80`, `[2001:db8::1]:80`. */
  static ofSocket(text: string): IpAddress | null {
    const length = text.length;
    if (length > 0 && unitAt(text, 0) == 0x5b) {
      const end = findUnit(text, 0x5d, 0, length);
      return end < length && isPort(text, end + 1) ? readV6(text, 1, end) : null;
    }
    const end = findUnit(text, 0x3a, 0, length);
    return isPort(text, end) ? readV4(text, 0, end) : null;
  }

  /** Tells whether it is an IPv4 address. */
  get isV4(): bool {
    return this.high == 0 && this.low >> 32 == 0xffff;
  }

  /** Tells whether both are the same address. */
  equals(other: IpAddress): bool {
    return this.high == other.high && this.low == other.low;
  }

  /** The first address of the network of so many bits that it is in: 0 to 32 of IPv4, 0 to 128 of IPv6. */
  masked(bits: i32): IpAddress {
    if (this.isV4) bits = bits < 0 ? 96 : bits + 96;
    return new IpAddress(this.high & maskOf(bits), this.low & maskOf(bits - 64));
  }

  /** The address in the form of RFC 5952; IPv4 as four numbers. */
  toString(): string {
    if (this.isV4) {
      const low = <u32>this.low;
      return `${low >> 24}.${(low >> 16) & 255}.${(low >> 8) & 255}.${low & 255}`;
    }
    // The longest run of zeros, of several the first; one alone is written.
    let gap = -1;
    let gapLength = 1;
    for (let i = 0; i < 8; i++) {
      let length = 0;
      while (i + length < 8 && this.group(i + length) == 0) length++;
      if (length > gapLength) {
        gap = i;
        gapLength = length;
      }
      i += length;
    }
    let text = "";
    for (let i = 0; i < 8; i++) {
      if (i == gap) {
        text += "::";
        i += gapLength - 1;
      } else {
        if (i > 0 && (gap < 0 || i != gap + gapLength)) text += ":";
        text += this.group(i).toString(16);
      }
    }
    return text;
  }

  private group(index: i32): u32 {
    const half = index < 4 ? this.high : this.low;
    return (<u32>(half >> (48 - ((index & 3) << 4)))) & 0xffff;
  }
}

/** The first `bits` of 64 bits. */
export function maskOf(bits: i32): u64 {
  return bits <= 0 ? 0 : bits >= 64 ? u64.MAX_VALUE : ~(u64.MAX_VALUE >> bits);
}

/** The address that the units [start, end) are; null when they are none. */
export function readAddress(text: string, start: i32, end: i32): IpAddress | null {
  return findUnit(text, 0x3a, start, end) == end ? readV4(text, start, end) : readV6(text, start, end);
}

function readV4(text: string, start: i32, end: i32): IpAddress | null {
  return isIpv4(text, start, end) ? new IpAddress(0, MAPPED | v4At(text, start, end)) : null;
}

/** The four numbers of the units [start, end), which are an IPv4 address. */
function v4At(text: string, start: i32, end: i32): u64 {
  let address: u64 = 0;
  let part: u64 = 0;
  for (; start < end; start++) {
    const unit = unitAt(text, start);
    if (unit == 0x2e) {
      address = (address | part) << 8;
      part = 0;
    } else part = part * 10 + (unit - 0x30);
  }
  return address | part;
}

function readV6(text: string, start: i32, end: i32): IpAddress | null {
  if (!isIpv6(text, start, end)) return null;
  let high: u64 = 0;
  let low: u64 = 0;
  // Groups behind "::" are read once more from where they begin: how many there are says how far they are shifted.
  let gapHigh: u64 = 0;
  let gapLow: u64 = 0;
  let groups = 0;
  let gapAt = -1;
  for (let i = start; i < end;) {
    if (unitAt(text, i) == 0x3a) {
      if (i + 1 < end && unitAt(text, i + 1) == 0x3a) {
        gapAt = groups;
        gapHigh = high;
        gapLow = low;
        high = 0;
        low = 0;
        i++;
      }
      i++;
      continue;
    }
    const stop = findUnit(text, 0x3a, i, end);
    let shift: u64 = 16;
    let group: u64 = 0;
    if (findUnit(text, 0x2e, i, stop) < stop) {
      group = v4At(text, i, stop);
      shift = 32;
      groups++;
    } else for (let at = i; at < stop; at++) group = (group << 4) | hexDigit(unitAt(text, at));
    high = (high << shift) | (low >> (64 - shift));
    low = (low << shift) | group;
    groups++;
    i = stop;
  }
  if (gapAt >= 0) {
    // The numbers in front of the gap go to the beginning.
    const bits: u64 = (<u64>(8 - gapAt)) << 4;
    if (bits >= 128) {
      gapHigh = 0;
      gapLow = 0;
    } else if (bits >= 64) {
      gapHigh = gapLow << (bits - 64);
      gapLow = 0;
    } else if (bits > 0) {
      gapHigh = (gapHigh << bits) | (gapLow >> (64 - bits));
      gapLow <<= bits;
    }
    high |= gapHigh;
    low |= gapLow;
  }
  return new IpAddress(high, low);
}

/** Tells whether a ":" and a port are all that is left of `text` from `at` on. */
function isPort(text: string, at: i32): bool {
  const length = text.length;
  if (length - at < 2 || length - at > 6 || unitAt(text, at) != 0x3a) return false;
  let port: u32 = 0;
  for (at++; at < length; at++) {
    const digit = unitAt(text, at) - 0x30;
    if (digit > 9) return false;
    port = port * 10 + digit;
  }
  return port < 65536;
}
