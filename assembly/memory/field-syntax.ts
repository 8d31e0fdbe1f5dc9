/**
 * The syntax of header names and values (RFC 9110, section 5), checked on their bytes before they reach the host: Envoy 1.40 writes
 * CR, LF and NUL that a module sets in a response straight to the peer, which splits the message. The result of a check is kept with
 * a literal's bytes, so that each literal is checked once.
 *
 * @module
 */
import { note, noteOf } from "./text";

/** The token characters of RFC 9110, section 5.6.2, as bits: those below 0x40, and those from 0x40 on. */
const TOKEN_LOW: u64 = 0x03ff6cfa00000000;
const TOKEN_HIGH: u64 = 0x57ffffffc7fffffe;

/** The results of checks, as flags. The bytes are a field value, or are none. */
const VALUE: u32 = 1;
const NO_VALUE: u32 = 2;

/** The bytes are a field name, or are none: one or more token characters, behind a ":" in a pseudo-header's. */
export const NAME: u32 = 4;
const NO_NAME: u32 = 8;

/** The name begins with ":". */
export const PSEUDO: u32 = 16;

/** The name is of a header that tells where the message ends, or is about the connection. */
const FRAMING: u32 = 32;

/** The name is "host", which means the same as ":authority" in a request. */
const HOST: u32 = 64;
// 128 is `PATH` of context/http-call.ts, in the same word.

/** The sizes of the names of `isOwn`, as bits. */
const OWN_SIZES: u32 = (1 << 2) | (1 << 6) | (1 << 7) | (1 << 10) | (1 << 14) | (1 << 16) | (1 << 17);

/** Checks the `size` bytes at `address`, which `put` answered, as a name. Answers flags, which the functions below read. */
export function nameKind(address: usize, size: usize): u32 {
  const known = noteOf(address);
  return (known & (NAME | NO_NAME)) != 0 ? known : newKind(address, size, known);
}

function newKind(address: usize, size: usize, kind: u32): u32 {
  const end = address + size;
  let at = address;
  if (size > 0 && load<u8>(at) == 0x3a) {
    kind |= PSEUDO;
    if (size > 1) at++;
  }
  if (!isToken(at, end)) kind |= NO_NAME;
  else {
    kind |= NAME;
    if (size == 4 && lowerHalf(address) == 0x74736f68) kind |= HOST;
    else if (size <= 17 && ((OWN_SIZES >> (<u32>size)) & 1) != 0 && isOwn(address, size)) kind |= FRAMING;
  }
  note(address, kind);
  return kind;
}

// @ts-ignore: decorator
@inline
export function isFieldName(kind: u32): bool {
  return (kind & NAME) != 0;
}

// @ts-ignore: decorator
@inline
export function isPseudo(kind: u32): bool {
  return (kind & PSEUDO) != 0;
}

/** Tells whether the header says what a request is about, beside its pseudo-headers. */
// @ts-ignore: decorator
@inline
export function isHost(kind: u32): bool {
  return (kind & HOST) != 0;
}

/** Tells whether the header is the host's own to set: it says where the message ends, or is about the connection. */
// @ts-ignore: decorator
@inline
export function isFraming(kind: u32): bool {
  return (kind & FRAMING) != 0;
}

/** Tells whether a byte's bit is set. */
// @ts-ignore: decorator
@inline
export function isOneOf(byte: u64, low: u64, high: u64): bool {
  return byte < 0x80 && (((byte < 0x40 ? low : high) >> (byte & 0x3f)) & 1) != 0;
}

/** Tells whether the bytes are one or more token characters. */
export function isToken(address: usize, end: usize): bool {
  if (address == end) return false;
  while (address < end) {
    if (!isOneOf(<u64>load<u8>(address++), TOKEN_LOW, TOKEN_HIGH)) return false;
  }
  return true;
}

/**
 * Tells whether a name is one of what is the host's own to set: with another value, a peer takes the rest for another message, or
 * refuses the message.
 */
function isOwn(address: usize, size: usize): bool {
  const names = "content-length transfer-encoding connection upgrade te expect keep-alive proxy-connection ";
  let word = changetype<usize>(names);
  const end = word + ((<usize>names.length) << 1);
  while (word < end) {
    let at: usize = 0;
    while (at < size && lower(<u32>load<u8>(address + at)) == <u32>load<u16>(word + (at << 1))) at++;
    if (at == size && load<u16>(word + (at << 1)) == 0x20) return true;
    while (load<u16>(word) != 0x20) word += 2;
    word += 2;
  }
  return false;
}

/** Eight characters of a token, letters in lower case. */
// @ts-ignore: decorator
@inline
export function lowerWord(address: usize): u64 {
  return load<u64>(address) | 0x2020202020202020;
}

/** Four of them. */
// @ts-ignore: decorator
@inline
export function lowerHalf(address: usize): u32 {
  return load<u32>(address) | 0x20202020;
}

/** Tells whether the bytes are `name`, letters A to Z and a to z taken as equal. */
export function isNamed(address: usize, size: usize, name: string): bool {
  if (size != <usize>name.length) return false;
  const units = changetype<usize>(name);
  for (let i: usize = 0; i < size; i++) {
    if (lower(<u32>load<u8>(address + i)) != lower(<u32>load<u16>(units + (i << 1)))) return false;
  }
  return true;
}

// @ts-ignore: decorator
@inline
function lower(unit: u32): u32 {
  return unit - 0x41 < 26 ? unit | 0x20 : unit;
}

/**
 * Tells whether the bytes, which `put` answered, are a field value: no control character but tab; those from 0x80 on are. With
 * 0x7f, Envoy answers a request with 503.
 */
export function isFieldValue(address: usize, size: usize): bool {
  const known = noteOf(address);
  if ((known & (VALUE | NO_VALUE)) != 0) return (known & VALUE) != 0;
  const found = hasNoControl(address, size);
  note(address, known | (found ? VALUE : NO_VALUE));
  return found;
}

function hasNoControl(address: usize, size: usize): bool {
  const end = address + size;
  for (; address < end; address += 8) {
    const bytes = load<u64>(address);
    // A byte below 0x20 sets its top bit on the left, 0x7f on the right; others do so only behind one that does.
    const deleted = bytes ^ 0x7f7f7f7f7f7f7f7f;
    const suspects = ((bytes - 0x2020202020202020) & ~bytes) | ((deleted - 0x0101010101010101) & ~deleted);
    if ((suspects & 0x8080808080808080) == 0) continue;
    while (address < end) {
      const byte = load<u8>(address++);
      if ((byte < 0x20 && byte != 0x09) || byte == 0x7f) return false;
    }
  }
  return true;
}

/** Tells whether a name is one of what gRPC sets itself: "content-type", "host", or "grpc-" without "-bin" at the end. */
export function isGrpcsOwn(address: usize, size: usize): bool {
  if (isNamed(address, size, "content-type") || isNamed(address, size, "host")) return true;
  if (size <= 4 || lowerHalf(address) != 0x63707267 || load<u8>(address + 4) != 0x2d) return false;
  return lowerHalf(address + size - 4) != 0x6e69622d;
}
