/**
 * Hashes and their HMACs, CRC-32, and comparing secrets. Nothing in here traps, whatever the input.
 *
 * @module
 */
export { Sha256, sha256 } from "./hash/sha256";
export { HmacSha256, hmacSha256 } from "./hash/hmac";
export { Sha512, sha512 } from "./hash/sha512";
export { Sha1, sha1 } from "./hash/sha1";
export { Md5, md5 } from "./hash/md5";
export { HmacMd5, HmacSha1, HmacSha512, hmacMd5, hmacSha1, hmacSha512 } from "./hash/hmac-of";
export { crc32 } from "./hash/crc32";
export { equalsInConstantTime } from "./hash/equals";
