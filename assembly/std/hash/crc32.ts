/** The remainders of the 16 values of four bits. */
const TABLE: usize = memory.data<u32>([
  0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c, 0xedb88320,
  0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
]);

/**
 * The CRC-32 of `bytes`, as gzip, zip and PNG have it; `previous` is that of the bytes in front of them. It finds accidents,
 * not forgeries. May be used everywhere.
 *
 * @example
 * const first = crc32(utf8.encode("hello, "));
 * const whole = crc32(utf8.encode("world"), first); // the same as that of "hello, world"
 */
export function crc32(bytes: Uint8Array, previous: u32 = 0): u32 {
  let crc = ~previous;
  for (let at = bytes.dataStart, end = at + bytes.length; at < end; at++) {
    crc ^= <u32>load<u8>(at);
    crc = (crc >> 4) ^ load<u32>(TABLE + ((crc & 15) << 2));
    crc = (crc >> 4) ^ load<u32>(TABLE + ((crc & 15) << 2));
  }
  return ~crc;
}
