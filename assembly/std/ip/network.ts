import { findUnit, unitAt } from "../../memory/utf16";
import { IpAddress, maskOf, readAddress } from "./address";

/** A network: all addresses with the same first bits. IPv4 is the part `::ffff:0:0/96` of IPv6. */
@final
export class IpNetwork {
  constructor(
    /** The first address. */
    readonly first: IpAddress,
    /** How many bits all have in common, as IPv6: 96 more than IPv4 says. */
    readonly bits: i32,
  ) {}

  /**
   * Reads `192.0.2.0/24`, `2001:db8::/32`, or a single address; null for everything else. Bits of the address beyond those
   * that count are ignored, as Envoy does: `192.0.2.7/24` is `192.0.2.0/24`.
   *
   * @example
   * const office = IpNetwork.parse("192.0.2.0/24");
   */
  static parse(text: string): IpNetwork | null {
    const length = text.length;
    const slash = findUnit(text, 0x2f, 0, length);
    const address = readAddress(text, 0, slash);
    if (address === null) return null;
    // An IPv4 address in the form of IPv6 has IPv6's number of bits.
    const before = address.isV4 && findUnit(text, 0x3a, 0, slash) == slash ? 96 : 0;
    let bits = 128;
    if (slash < length) {
      const digits = length - slash - 1;
      if (digits == 0 || digits > 3 || (digits > 1 && unitAt(text, slash + 1) == 0x30)) return null;
      bits = before;
      let number = 0;
      for (let at = slash + 1; at < length; at++) {
        const digit = unitAt(text, at) - 0x30;
        if (digit > 9) return null;
        number = number * 10 + <i32>digit;
      }
      bits += number;
      if (bits > 128) return null;
    }
    return new IpNetwork(new IpAddress(address.high & maskOf(bits), address.low & maskOf(bits - 64)), bits);
  }

  /** Tells whether the address is in the network. */
  has(address: IpAddress): bool {
    return (
      (address.high & maskOf(this.bits)) == this.first.high &&
      (address.low & maskOf(this.bits - 64)) == this.first.low
    );
  }

  /** @internal The last address. */
  get $last(): IpAddress {
    return new IpAddress(this.first.high | ~maskOf(this.bits), this.first.low | ~maskOf(this.bits - 64));
  }
}
