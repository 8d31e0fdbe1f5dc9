/**
 * What may stand in a header on the wire. Envoy 1.40 writes CR, LF and NUL that a module sets in a response straight to
 * the peer, which splits the message; so names and values are checked here, on their bytes, before they reach the host.
 *
 * @module
 */

/** The token characters of RFC 9110, section 5.6.2, as bits: those below 0x40, and those from 0x40 on. */
const TOKEN_LOW: u64 = 0x03ff6cfa00000000;
const TOKEN_HIGH: u64 = 0x57ffffffc7fffffe;

/** Whether the bytes are a field name: one or more token characters, after one ":" in a pseudo-header. */
export function isFieldName(address: usize, size: usize): bool {
  const end = address + size;
  if (size > 1 && load<u8>(address) == 0x3a) address++;
  if (address == end) return false;
  while (address < end) {
    const byte = <u64>load<u8>(address++);
    if (byte > 0x7f || (((byte < 0x40 ? TOKEN_LOW : TOKEN_HIGH) >> (byte & 0x3f)) & 1) == 0) return false;
  }
  return true;
}

/**
 * Whether the bytes are a field value: no control character but tab; bytes from 0x80 on are allowed. With 0x7f, Envoy
 * answers a request with 503.
 */
export function isFieldValue(address: usize, size: usize): bool {
  const end = address + size;
  while (address + 8 <= end) {
    const bytes = load<u64>(address);
    // A byte below 0x20 sets its top bit on the left, 0x7f on the right; others do so only behind one that does.
    const deleted = bytes ^ 0x7f7f7f7f7f7f7f7f;
    const suspects = ((bytes - 0x2020202020202020) & ~bytes) | ((deleted - 0x0101010101010101) & ~deleted);
    if ((suspects & 0x8080808080808080) != 0 && !isPlain(address, address + 8)) return false;
    address += 8;
  }
  return isPlain(address, end);
}

function isPlain(address: usize, end: usize): bool {
  while (address < end) {
    const byte = load<u8>(address++);
    if ((byte < 0x20 && byte != 0x09) || byte == 0x7f) return false;
  }
  return true;
}
