import { BlockHash } from "./block-hash";

const START: usize = memory.data<u32>([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]);

/** 2³² times the sine of 1 to 64, without its sign. */
const ROUNDS: usize = memory.data<u32>([
  0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8,
  0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340,
  0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87,
  0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c,
  0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039,
  0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92,
  0xffeff47d, 0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
  0xeb86d391,
]);

/** How far each round turns, four for each sixteen rounds. */
const TURNS: usize = memory.data<u8>([7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]);

/**
 * The 16 bytes of the MD5 of `bytes` (RFC 1321), for protocols that have it: two texts with the same MD5 are made in seconds,
 * so it proves nothing about what a stranger sends. May be used everywhere.
 */
export function md5(bytes: Uint8Array): Uint8Array {
  return new Md5().update(bytes).digest();
}

/** The MD5 of bytes that come in parts; see `md5`. */
@final
export class Md5 extends BlockHash {
  constructor() {
    super(64, 16, 16);
  }

  /** @internal */
  protected begin(state: usize): void {
    memory.copy(state, START, 16);
  }

  /** @internal */
  protected finish(state: usize, target: usize): void {
    memory.copy(target, state, 16);
  }

  /** @internal */
  protected get isBigEndian(): bool {
    return false;
  }

  /** @internal */
  protected mix(state: usize, block: usize): void {
    let a = load<u32>(state);
    let b = load<u32>(state, 4);
    let c = load<u32>(state, 8);
    let d = load<u32>(state, 12);
    for (let i: usize = 0; i < 64; i++) {
      let f: u32;
      let word = i;
      if (i < 16) f = d ^ (b & (c ^ d));
      else if (i < 32) {
        f = c ^ (d & (b ^ c));
        word = i * 5 + 1;
      } else if (i < 48) {
        f = b ^ c ^ d;
        word = i * 3 + 5;
      } else {
        f = c ^ (b | ~d);
        word = i * 7;
      }
      const sum = a + f + load<u32>(ROUNDS + (i << 2)) + load<u32>(block + ((word & 15) << 2));
      a = d;
      d = c;
      c = b;
      b += rotl<u32>(sum, <u32>load<u8>(TURNS + ((i >> 4) << 2) + (i & 3)));
    }
    store<u32>(state, load<u32>(state) + a);
    store<u32>(state, load<u32>(state, 4) + b, 4);
    store<u32>(state, load<u32>(state, 8) + c, 8);
    store<u32>(state, load<u32>(state, 12) + d, 12);
  }
}
