/**
 * What may stand in a header on the wire. Envoy 1.40 writes CR, LF and NUL that a module sets in a response straight to
 * the peer, which splits the message; so names and values are checked here, on their bytes, before they reach the host.
 * What is found about a literal is noted with it.
 *
 * @module
 */
import { note, noteOf } from "./text";

/** The token characters of RFC 9110, section 5.6.2, as bits: those below 0x40, and those from 0x40 on. */
const TOKEN_LOW: u64 = 0x03ff6cfa00000000;
const TOKEN_HIGH: u64 = 0x57ffffffc7fffffe;

/** What is noted about bytes: whether they are a field value … */
const VALUE: u32 = 1;
const NO_VALUE: u32 = 2;

/** … and a field name: one or more token characters, after one ":" in a pseudo-header … */
export const NAME: u32 = 4;
const NO_NAME: u32 = 8;

/** … or begin with ":" … */
const PSEUDO: u32 = 16;

/** … or are the name of a header that says where the message ends. */
const FRAMING: u32 = 32;

/** What the `size` bytes at `address`, which `put` answered, are as a name; the functions below read it. */
export function nameKind(address: usize, size: usize): u32 {
  let kind = noteOf(address);
  if ((kind & (NAME | NO_NAME)) != 0) return kind;
  const end = address + size;
  let at = address;
  if (size > 0 && load<u8>(at) == 0x3a) {
    kind |= PSEUDO;
    if (size > 1) at++;
  }
  if (!isToken(at, end)) kind |= NO_NAME;
  else kind |= isFramingName(address, size) ? NAME | FRAMING : NAME;
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

/** Whether the header says where the message ends: with a wrong one, the rest is taken for another message. */
// @ts-ignore: decorator
@inline
export function isFraming(kind: u32): bool {
  return (kind & FRAMING) != 0;
}

function isToken(address: usize, end: usize): bool {
  if (address == end) return false;
  while (address < end) {
    const byte = <u64>load<u8>(address++);
    if (byte > 0x7f || (((byte < 0x40 ? TOKEN_LOW : TOKEN_HIGH) >> (byte & 0x3f)) & 1) == 0) return false;
  }
  return true;
}

/** Whether a name is content-length or transfer-encoding: no other token characters make their letters and "-". */
function isFramingName(address: usize, size: usize): bool {
  const start = lowerWord(address);
  const end = lowerWord(address + size - 8);
  if (size == 14) return start == 0x2d746e65746e6f63 && end == 0x6874676e656c2d74; // content- t-length
  if (size != 17 || start != 0x726566736e617274) return false; // transfer
  return load<u8>(address, 8) == 0x2d && end == 0x676e69646f636e65; // - encoding
}

/** Eight characters of a token, letters in lower case. */
// @ts-ignore: decorator
@inline
function lowerWord(address: usize): u64 {
  return load<u64>(address) | 0x2020202020202020;
}

/** Whether the bytes are `name`, letters A to Z and a to z taken as equal. */
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
 * Whether the bytes, which `put` answered, are a field value: no control character but tab; those from 0x80 on are. With
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
