/** A source of random bytes, which it writes over the given ones. */
export type RandomSource = (bytes: Uint8Array) => void;

/** This machine's own random bytes, which nobody can guess. */
export const secretBytes: RandomSource = (bytes) => {
  for (let at = 0; at < bytes.length; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
};

/** Bytes that are the same for the same seed, for tests: SplitMix32. No secret. */
export function seededBytes(seed: number): RandomSource {
  let state = seed >>> 0;
  return (bytes) => {
    for (let i = 0; i < bytes.length; i++) {
      state = (state + 0x9e3779b9) >>> 0;
      let mixed = state ^ (state >>> 16);
      mixed = Math.imul(mixed, 0x21f0aaad);
      mixed ^= mixed >>> 15;
      mixed = Math.imul(mixed, 0x735a2d97);
      bytes[i] = (mixed ^ (mixed >>> 15)) & 0xff;
    }
  };
}
