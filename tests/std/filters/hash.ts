import {
  HmacSha256,
  Md5,
  Sha1,
  Sha256,
  Sha512,
  crc32,
  equalsInConstantTime,
  hmacMd5,
  hmacSha1,
  hmacSha256,
  hmacSha512,
  md5,
  sha1,
  sha256,
  sha512,
} from "../../../assembly/std/hash";
import { BlockHash } from "../../../assembly/std/hash/block-hash";

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

/** The digest of the algorithm `which`, in parts of `step` bytes after one that was begun and ended. */
export function other(which: i32, bytes: Uint8Array, step: i32): Uint8Array {
  if (which == 0) return inParts<Md5>(new Md5(), bytes, step);
  if (which == 1) return inParts<Sha1>(new Sha1(), bytes, step);
  return inParts<Sha512>(new Sha512(), bytes, step);
}

function inParts<H extends BlockHash>(hash: H, bytes: Uint8Array, step: i32): Uint8Array {
  hash.update(bytes).digest();
  for (let from = 0; from < bytes.length; from += step)
    hash.update(bytes.subarray(from, min(from + step, bytes.length)));
  return hash.digest();
}

export function whole(which: i32, bytes: Uint8Array): Uint8Array {
  return which == 0 ? md5(bytes) : which == 1 ? sha1(bytes) : sha512(bytes);
}

export function wholeText(which: i32, text: string): Uint8Array {
  if (which == 0) return new Md5().updateText(text).digest();
  return which == 1 ? new Sha1().updateText(text).digest() : new Sha512().updateText(text).digest();
}

export function otherHmac(which: i32, key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return which == 0 ? hmacMd5(key, bytes) : which == 1 ? hmacSha1(key, bytes) : hmacSha512(key, bytes);
}

export function checksum(first: Uint8Array, second: Uint8Array): u32 {
  return crc32(second, crc32(first));
}
