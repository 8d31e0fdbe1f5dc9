import { HmacSha256, Sha256, equalsInConstantTime, hmacSha256, sha256 } from "../../../assembly/std/hash";

export const u8ArrayId = idof<Uint8Array>();

export function hash(bytes: Uint8Array): Uint8Array {
  return sha256(bytes);
}

/** Hashes in parts of `first`, then `step` bytes, and twice, to see that a digest begins anew. */
export function hashParts(bytes: Uint8Array, first: i32, step: i32): Uint8Array {
  const hash = new Sha256();
  hash.update(bytes).digest();
  for (let from = 0, to = min(first, bytes.length); ;) {
    hash.update(bytes.subarray(from, to));
    if (to == bytes.length) break;
    from = to;
    to = min(to + step, bytes.length);
  }
  return hash.digest();
}

export function hashText(text: string): Uint8Array {
  return new Sha256().updateText(text).digest();
}

export function hmac(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return hmacSha256(key, bytes);
}

export function hmacText(key: Uint8Array, text: string): Uint8Array {
  return new HmacSha256(key).updateText(text).updateText("").digest();
}

export function equal(left: Uint8Array, right: Uint8Array): bool {
  return equalsInConstantTime(left, right);
}
