/**
 * SHA-256, HMAC-SHA-256, and comparing secrets. Nothing in here traps, whatever the input.
 *
 * @module
 */
export { Sha256, sha256 } from "./hash/sha256";
export { HmacSha256, hmacSha256 } from "./hash/hmac";
export { equalsInConstantTime } from "./hash/equals";
