import { newBytes } from "../../memory/byte-array";
import { BlockHash } from "./block-hash";
import { Md5 } from "./md5";
import { Sha1 } from "./sha1";
import { Sha512 } from "./sha512";

/** The HMAC (RFC 2104) of bytes that come in parts, by the hash `H`. */
export class HmacOf<H extends BlockHash> {
  private inner: H = instantiate<H>();
  private outer: H = instantiate<H>();

  constructor(key: Uint8Array) {
    const size = this.inner.$blockSize;
    if (key.length > size) key = this.inner.update(key).digest();
    const block = newBytes(size);
    memory.fill(block.dataStart, 0, size);
    memory.copy(block.dataStart, key.dataStart, key.length);
    for (let i = 0; i < size; i++) unchecked((block[i] ^= 0x36));
    this.inner.update(block);
    for (let i = 0; i < size; i++) unchecked((block[i] ^= 0x36 ^ 0x5c));
    this.outer.update(block);
    memory.fill(block.dataStart, 0, size);
  }

  /** Authenticates more bytes; answers this. */
  update(bytes: Uint8Array): this {
    this.inner.update(bytes);
    return this;
  }

  /** Authenticates the UTF-8 of `text`; answers this. */
  updateText(text: string): this {
    this.inner.updateText(text);
    return this;
  }

  /** The bytes of the code. May be called once: the key is gone afterwards. */
  digest(): Uint8Array {
    return this.outer.update(this.inner.digest()).digest();
  }
}

/** The HMAC-SHA-1 of bytes that come in parts; see `HmacSha256`. */
@final
export class HmacSha1 extends HmacOf<Sha1> {}

/** The HMAC-SHA-512 of bytes that come in parts; see `HmacSha256`. */
@final
export class HmacSha512 extends HmacOf<Sha512> {}

/** The HMAC-MD5 of bytes that come in parts; see `HmacSha256`. */
@final
export class HmacMd5 extends HmacOf<Md5> {}

/** The 20 bytes of the HMAC-SHA-1 of `bytes` under `key`, which may have any length. Compare it with `equalsInConstantTime`. */
export function hmacSha1(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return new HmacSha1(key).update(bytes).digest();
}

/** The 64 bytes of the HMAC-SHA-512 of `bytes` under `key`, which may have any length. */
export function hmacSha512(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return new HmacSha512(key).update(bytes).digest();
}

/** The 16 bytes of the HMAC-MD5 of `bytes` under `key`, which may have any length. */
export function hmacMd5(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return new HmacMd5(key).update(bytes).digest();
}
