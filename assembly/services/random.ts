/**
 * Random numbers that nobody can guess.
 *
 * @module
 */
import { random_get } from "../abi/wasi";
import { newBytes } from "../memory/byte-array";
import { receivedU32, receivedU64 } from "../memory/host-values";
import { OUT } from "../memory/scratch";
import { newText, setUnit } from "../memory/utf16";

/** How many bytes a host gives at once. */
const MOST: i32 = 65536;

/** Fills memory; a host that has no random bytes must not leave a filter with bytes that can be guessed. */
function fill(address: usize, size: i32): void {
  for (let at = 0; at < size; at += MOST) {
    const part = min(MOST, size - at);
    if (random_get(address + <usize>at, part) != 0) abort("the host gives no random bytes");
  }
}

/** Sets a digit of `uuid`. */
function setDigit(text: string, at: i32, value: u32): void {
  setUnit(text, at, value < 10 ? value + 0x30 : value + 0x57);
}

/** `u32` is a function in the namespace below. */
type Word = u32;

/** 16 bytes as a UUID. */
function uuidOf(digits: Uint8Array): string {
  const text = newText(36);
  unchecked((digits[6] = (digits[6] & 0x0f) | 0x40));
  unchecked((digits[8] = (digits[8] & 0x3f) | 0x80));
  let at = 0;
  for (let i = 0; i < 16; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) setUnit(text, at++, 0x2d);
    const byte = <u32>unchecked(digits[i]);
    setDigit(text, at++, byte >> 4);
    setDigit(text, at++, byte & 15);
  }
  return text;
}

/**
 * Random numbers fit for secrets: session ids, tokens, nonces, keys. May be used in every callback, not at module scope. A host that
 * gives none ends the request with 500. `Math.random` is not fit for secrets, whatever its seed. Source: WASI `random_get`,
 * which in Envoy asks BoringSSL.
 *
 * @example
 * const session = base64url.encode(random.bytes(16));
 * const request = random.uuid();
 */
export namespace random {
  /** `count` random bytes. */
  export function bytes(count: i32): Uint8Array {
    const filled = newBytes(max(count, 0));
    fill(filled.dataStart, filled.length);
    return filled;
  }

  /** A random number of 32 bits. */
  export function u32(): Word {
    fill(OUT, 4);
    return receivedU32();
  }

  /** A random UUID (RFC 9562, version 4), in lower case. */
  export function uuid(): string {
    return uuidOf(bytes(16));
  }
}

/** JavaScript's `crypto`, as far as AssemblyScript has it. */
export namespace crypto {
  /** Fills an array. */
  export function getRandomValues(array: Uint8Array): void {
    fill(array.dataStart, array.length);
  }
}

/** Seeds `Math.random()` in a filter that asks for random bytes anyway. */
export function seed(): f64 {
  fill(OUT, 8);
  return reinterpret<f64>(receivedU64());
}
