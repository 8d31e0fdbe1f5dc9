/**
 * The numbers of protobuf: seven bits in each byte, the lowest first.
 *
 * @module
 */

/** The number that `readVarint` read last. */
export let varint: u64 = 0;

/** Reads a number in [address, end); answers the address behind it, 0 when it has no end or more than 64 bits. */
export function readVarint(address: usize, end: usize): usize {
  let value: u64 = 0;
  for (let shift: u64 = 0; address < end; shift += 7) {
    const byte = <u64>load<u8>(address++);
    // Of the tenth byte, one bit counts.
    if (shift == 63 && byte > 1) return 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      varint = value;
      return address;
    }
  }
  return 0;
}

/** How many bytes `value` takes. */
export function varintSize(value: u64): usize {
  return ((63 - <usize>clz(value | 1)) * 9 + 73) >> 6;
}

/** Writes a number; answers the address behind it. */
export function writeVarint(address: usize, value: u64): usize {
  for (; value > 0x7f; value >>= 7) store<u8>(address++, (<u8>value) | 0x80);
  store<u8>(address, <u8>value);
  return address + 1;
}
