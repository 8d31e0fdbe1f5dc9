/** Modules that are as large as a test needs. */

/** A valid module whose one custom section has `size` bytes, most of them zero. */
export function moduleOf(size: number, fill = 1): Uint8Array {
  const name = [1, 120]; // "x"
  const bytes = new Uint8Array(8 + 6 + name.length + size);
  bytes.set([0, 97, 115, 109, 1, 0, 0, 0, 0]);
  const length = name.length + size;
  for (let i = 0; i < 5; i++) bytes[9 + i] = ((length >>> (7 * i)) & 127) | (i < 4 ? 128 : 0);
  bytes.set(name, 14);
  bytes[bytes.length - 1] = fill;
  return bytes;
}
