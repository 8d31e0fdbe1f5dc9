/**
 * The percent coding of URLs, in which gRPC also sends the message of a status.
 *
 * @module
 */
import { mark, release } from "../memory/scratch";
import { put, putSize } from "../memory/text";
import { cutText, isInSet, newText, setUnit } from "../memory/utf16";

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

/** Tells whether a byte means itself everywhere in a URL: letters, digits, "-", ".", "_" and "~". */
export function isUnreserved(byte: u32): bool {
  return isInSet(byte, 0x03ff600000000000, 0x47fffffe87fffffe);
}

/** Sets the percent code of `byte` at `at` of a new text; answers the index behind it. */
export function setPercent(text: string, at: i32, byte: u32): i32 {
  const address = changetype<usize>(text) + ((<usize>at) << 1);
  store<u16>(address, 0x25);
  store<u16>(address, digitOf(byte >> 4), 2);
  store<u16>(address, digitOf(byte & 15), 4);
  return at + 3;
}

function digitOf(value: u32): u32 {
  return value < 10 ? value + 0x30 : value + 0x37;
}

/** `text` with the percent codes of all bytes that do not mean themselves everywhere. */
export function percentEncode(text: string): string {
  const before = mark();
  const bytes = put(text);
  const size = putSize;
  const encoded = newText(<i32>size * 3);
  let at = 0;
  for (let i: usize = 0; i < size; i++) {
    const byte = <u32>load<u8>(bytes + i);
    if (isUnreserved(byte)) setUnit(encoded, at++, byte);
    else at = setPercent(encoded, at, byte);
  }
  release(before);
  return cutText(encoded, at);
}
