/** How many of the `size` bytes at an address are the beginning of a UTF-8 sequence that is not whole: 0 to 3. */
export function cutSize(address: usize, size: i32): i32 {
  for (let back = 1; back <= min(size, 3); back++) {
    const byte = <u32>load<u8>(address + <usize>(size - back));
    if ((byte & 0xc0) == 0x80) continue;
    return byte >= 0xc2 && <i32>clz(~(byte << 24)) > back ? back : 0;
  }
  return 0;
}
