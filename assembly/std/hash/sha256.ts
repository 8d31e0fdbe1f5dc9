import { newBytes } from "../../memory/byte-array";
import { mark, release } from "../../memory/scratch";
import { SHA256_STATE, sha256Begin, sha256End, sha256Update } from "../../codec/sha256";
import { put, putSize } from "../../memory/text";

/** The 32 bytes of the SHA-256 of `bytes` (FIPS 180-4). May be used everywhere. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return new Sha256().update(bytes).digest();
}

/**
 * The SHA-256 of bytes that come in parts.
 *
 * @example
 * const hash = new Sha256(); // a field of the stream
 * hash.update(this.request.body.bytes()); // in each onRequestBody
 * const digest = hex.encode(hash.digest());
 */
@final
export class Sha256 {
  /** @internal */
  readonly state: StaticArray<u8> = new StaticArray<u8>(SHA256_STATE);

  constructor() {
    sha256Begin(this.state);
  }

  /** Hashes more bytes; answers this hash. */
  update(bytes: Uint8Array): Sha256 {
    sha256Update(this.state, bytes.dataStart, bytes.length);
    return this;
  }

  /** Hashes the UTF-8 of `text`; answers this hash. */
  updateText(text: string): Sha256 {
    const before = mark();
    const address = put(text);
    sha256Update(this.state, address, putSize);
    release(before);
    return this;
  }

  /** The 32 bytes of the hash. The next `update` begins a new one. */
  digest(): Uint8Array {
    const bytes = newBytes(32);
    sha256End(this.state, bytes.dataStart);
    sha256Begin(this.state);
    return bytes;
  }
}
