/**
 * Names and values of pseudo-headers, looked at as bytes that are a field name or value already. The eight bytes in front of any
 * are memory, too.
 *
 * @module
 */
import { isOneOf, lowerHalf, lowerWord } from "./field-syntax";

/** Seven characters, the first in the lowest byte, letters in lower case. */
// @ts-ignore: decorator
@inline
function seven(address: usize): u64 {
  return lowerWord(address - 1) >> 8;
}

// @ts-ignore: decorator
@inline
export function isPathName(address: usize, size: usize): bool {
  return size == 5 && lowerHalf(address + 1) == 0x68746170;
}

// @ts-ignore: decorator
@inline
export function isMethodName(address: usize, size: usize): bool {
  return size == 7 && seven(address) == 0x646f6874656d3a;
}

// @ts-ignore: decorator
@inline
export function isSchemeName(address: usize, size: usize): bool {
  return size == 7 && seven(address) == 0x656d656863733a;
}

// @ts-ignore: decorator
@inline
export function isStatusName(address: usize, size: usize): bool {
  return size == 7 && seven(address) == 0x7375746174733a;
}

export function isAuthorityName(address: usize, size: usize): bool {
  return size == 10 && lowerHalf(address + 1) == 0x68747561 && lowerWord(address + 2) == 0x797469726f687475;
}

/** Tells whether a name, which is one, is that of a pseudo-header. */
// @ts-ignore: decorator
@inline
export function hasSign(address: usize): bool {
  return load<u8>(address) == 0x3a;
}

/** Tells whether the header is "te: trailers", by the size of its name. */
export function asksForTrailers(nameSize: usize, value: usize, size: usize): bool {
  return nameSize == 2 && size == 8 && load<u64>(value) == 0x7372656c69617274;
}

/** Tells whether the bytes, which are a field value, are a path with its query: they begin with "/" and have no white space. */
export function isTarget(address: usize, size: usize): bool {
  if (size == 0 || load<u8>(address) != 0x2f) return false;
  for (const end = address + size; address < end; address++) {
    const byte = load<u8>(address);
    if (byte <= 0x20 || byte == 0x7f) return false;
  }
  return true;
}

/** The characters of a host and port (RFC 3986, section 3.2), as bits: those below 0x40, and those from 0x40 on. */
const AUTHORITY_LOW: u64 = 0x2fff7ff200000000;
const AUTHORITY_HIGH: u64 = 0x47fffffeaffffffe;

/** Tells whether the bytes are a host, and maybe a port: no user's name, no white space. */
export function isAuthority(address: usize, size: usize): bool {
  if (size == 0) return false;
  for (const end = address + size; address < end; address++)
    if (!isOneOf(<u64>load<u8>(address), AUTHORITY_LOW, AUTHORITY_HIGH)) return false;
  return true;
}

/** Tells whether a response to this method ends otherwise than others: to HEAD it has no body, after CONNECT bytes follow. */
export function hasOwnEnd(method: usize, size: usize): bool {
  if (size == 4) return lowerHalf(method) == 0x64616568;
  return size == 7 && seven(method) == 0x7463656e6e6f63;
}

export function isScheme(value: usize, size: usize): bool {
  if (size - 4 > 1 || load<u32>(value) != 0x70747468) return false;
  return size == 4 || load<u8>(value, 4) == 0x73;
}
