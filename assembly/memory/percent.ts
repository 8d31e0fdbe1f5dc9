/**
 * The percent coding of URLs, in which gRPC also sends the message of a status.
 *
 * @module
 */

/**
 * Decodes `size` bytes at `address` in place, and answers how many are left. A "%" that no two hexadecimal digits follow
 * stays as it is.
 */
export function percentDecode(address: usize, size: usize): usize {
  return decodeWith(0x2b, address, size);
}

/** Like `percentDecode`, of a form's or query's names and values, in which "+" is a space. */
export function formDecode(address: usize, size: usize): usize {
  return decodeWith(0x20, address, size);
}

/** Decodes, with `plus` in the place of each "+". */
function decodeWith(plus: i32, address: usize, size: usize): usize {
  const end = address + size;
  let target = address;
  let source = address;
  while (source < end) {
    let byte = <i32>load<u8>(source++);
    if (byte == 0x2b) byte = plus;
    else if (byte == 0x25 && source + 2 <= end) {
      const value = (hexDigit(load<u8>(source)) << 4) | hexDigit(load<u8>(source, 1));
      if (value >= 0) {
        byte = value;
        source += 2;
      }
    }
    store<u8>(target++, byte);
  }
  return target - address;
}

/** The value of a hexadecimal digit; negative for everything else. */
export function hexDigit(byte: u32): i32 {
  if (byte - 0x30 < 10) return byte - 0x30;
  const letter = byte | 0x20;
  return letter - 0x61 < 6 ? letter - 0x57 : -256;
}
