import { allocate, mark, release } from "../../memory/scratch";
import { Sha256, sha256 } from "./sha256";

const BLOCK: usize = 64;

/**
 * The 32 bytes of the HMAC-SHA-256 (RFC 2104) of `bytes` under `key`, which may have any length. May be used everywhere.
 *
 * @example
 * const expected = hmacSha256(utf8.encode(secret), utf8.encode(payload));
 * if (!equalsInConstantTime(expected, signature)) return this.respond(401);
 */
export function hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return new HmacSha256(key).update(bytes).digest();
}

/** The HMAC-SHA-256 of bytes that come in parts. */
@final
export class HmacSha256 {
  private inner: Sha256 = new Sha256();
  private outer: Sha256 = new Sha256();

  constructor(key: Uint8Array) {
    if (<usize>key.length > BLOCK) key = sha256(key);
    const before = mark();
    const block = allocate(BLOCK);
    memory.fill(block, 0, BLOCK);
    memory.copy(block, key.dataStart, key.length);
    mix(block, 0x3636363636363636);
    this.inner.updateFrom(block, BLOCK);
    mix(block, 0x3636363636363636 ^ 0x5c5c5c5c5c5c5c5c);
    this.outer.updateFrom(block, BLOCK);
    memory.fill(block, 0, BLOCK);
    release(before);
  }

  /** Authenticates more bytes; answers this. */
  update(bytes: Uint8Array): HmacSha256 {
    this.inner.update(bytes);
    return this;
  }

  /** Authenticates the UTF-8 of `text`; answers this. */
  updateText(text: string): HmacSha256 {
    this.inner.updateText(text);
    return this;
  }

  /** The 32 bytes of the code. May be called once: the key is gone afterwards. */
  digest(): Uint8Array {
    return this.outer.update(this.inner.digest()).digest();
  }
}

/** Adds (modulo 2) `pad` to each eight bytes of a block. */
function mix(block: usize, pad: u64): void {
  for (let at = block; at < block + BLOCK; at += 8) store<u64>(at, load<u64>(at) ^ pad);
}
