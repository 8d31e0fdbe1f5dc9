import { BlockHash, putWords } from "./block-hash";

const START: usize = memory.data<u32>([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);

/** The message schedule of the block at hand. */
const SCHEDULE: usize = memory.data(320, 16);

/**
 * The 20 bytes of the SHA-1 of `bytes` (FIPS 180-4), for protocols that have it: two texts with the same SHA-1 can be made, so
 * it proves nothing about what a stranger sends. May be used everywhere.
 */
export function sha1(bytes: Uint8Array): Uint8Array {
  return new Sha1().update(bytes).digest();
}

/** The SHA-1 of bytes that come in parts; see `sha1`. */
@final
export class Sha1 extends BlockHash {
  constructor() {
    super(64, 20, 20);
  }

  /** @internal */
  protected begin(state: usize): void {
    memory.copy(state, START, 20);
  }

  /** @internal */
  protected finish(state: usize, target: usize): void {
    putWords(state, target, 5);
    memory.fill(SCHEDULE, 0, 320);
  }

  /** @internal */
  protected mix(state: usize, block: usize): void {
    putWords(block, SCHEDULE, 16);
    for (let at = SCHEDULE + 64; at < SCHEDULE + 320; at += 4)
      store<u32>(
        at,
        rotl<u32>(load<u32>(at - 12) ^ load<u32>(at - 32) ^ load<u32>(at - 56) ^ load<u32>(at - 64), 1),
      );
    let a = load<u32>(state);
    let b = load<u32>(state, 4);
    let c = load<u32>(state, 8);
    let d = load<u32>(state, 12);
    let e = load<u32>(state, 16);
    for (let i: usize = 0; i < 80; i++) {
      let f: u32;
      if (i < 20) f = (d ^ (b & (c ^ d))) + 0x5a827999;
      else if (i < 40) f = (b ^ c ^ d) + 0x6ed9eba1;
      else if (i < 60) f = ((b & c) | (d & (b | c))) + 0x8f1bbcdc;
      else f = (b ^ c ^ d) + 0xca62c1d6;
      const next = rotl<u32>(a, 5) + f + e + load<u32>(SCHEDULE + (i << 2));
      e = d;
      d = c;
      c = rotl<u32>(b, 30);
      b = a;
      a = next;
    }
    store<u32>(state, load<u32>(state) + a);
    store<u32>(state, load<u32>(state, 4) + b, 4);
    store<u32>(state, load<u32>(state, 8) + c, 8);
    store<u32>(state, load<u32>(state, 12) + d, 12);
    store<u32>(state, load<u32>(state, 16) + e, 16);
  }
}
