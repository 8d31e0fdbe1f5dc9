import { SHA256_BLOCK, hmacBegin } from "../../codec/sha256";
import { Sha256, sha256 } from "./sha256";

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
    if (key.length > SHA256_BLOCK) key = sha256(key);
    hmacBegin(this.inner.state, this.outer.state, key.dataStart, key.length);
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
