/**
 * Envoy's foreign functions for compression.
 *
 * @module
 */
import { callForeignFunction } from "../services/foreign";

/**
 * Compresses bytes (zlib); null when the host has no such function. May be called in every callback. Source: Envoy's
 * foreign function `compress`.
 *
 * @example
 * const packed = compress(this.request.body.bytes());
 */
export function compress(bytes: Uint8Array): Uint8Array | null {
  return callForeignFunction("compress", bytes);
}

/**
 * Undoes `compress`; null when the bytes are not such (`Status.SerializationFailure`), or the host has no such function. Envoy sets
 * no limit to what comes out: do not give it what strangers send. May be called in every callback. Source: Envoy's foreign
 * function `uncompress`.
 *
 * @example
 * const plain = uncompress(packed);
 * if (plain === null) log.warn("not compressed by zlib");
 */
export function uncompress(bytes: Uint8Array): Uint8Array | null {
  return callForeignFunction("uncompress", bytes);
}
