/**
 * Public keys as hosts take them: `SubjectPublicKeyInfo` in DER (RFC 5280, section 4.1; RFC 8017; RFC 5480).
 *
 * @module
 */
import { newBytes } from "../../memory/byte-array";

/** The bytes before the numbers of an RSA key: the algorithm `rsaEncryption`, without parameters. */
// prettier-ignore
const RSA: StaticArray<u8> = [
  0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
];
/** The bytes before the point of a key on P-256, which is not compressed. */
// prettier-ignore
const P256: StaticArray<u8> = [
  0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
  0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
];

/** An RSA key of 2048 to 8192 bits; null when it is another. */
export function rsaKey(modulus: Uint8Array, exponent: Uint8Array): Uint8Array | null {
  const n = integer(modulus);
  const e = integer(exponent);
  const size = modulus.length - leadingZeros(modulus);
  const last = exponent.length > 0 ? exponent[exponent.length - 1] : 0;
  if (size < 256 || size > 1024 || exponent.length > 8 || (last & 1) == 0 || (e.length == 3 && last == 1))
    return null;
  const numbers = tagged(0x30, joined(n, e));
  return tagged(0x30, joined(fixed(RSA), tagged(0x03, joined(new Uint8Array(1), numbers))));
}

/** A key on the curve P-256; null when the numbers are not of 32 bytes. */
export function p256Key(x: Uint8Array, y: Uint8Array): Uint8Array | null {
  return x.length == 32 && y.length == 32 ? joined(fixed(P256), joined(x, y)) : null;
}

function leadingZeros(bytes: Uint8Array): i32 {
  let zeros = 0;
  while (zeros < bytes.length - 1 && bytes[zeros] == 0) zeros++;
  return zeros;
}

/** A number from 0 on as an `INTEGER`. */
function integer(bytes: Uint8Array): Uint8Array {
  const digits = bytes.subarray(leadingZeros(bytes));
  return tagged(0x02, digits.length > 0 && digits[0] >= 0x80 ? joined(new Uint8Array(1), digits) : digits);
}

/** A value with its tag and length before it. */
function tagged(tag: u8, value: Uint8Array): Uint8Array {
  const length = value.length;
  const head = newBytes(length < 0x80 ? 2 : length < 0x100 ? 3 : 4);
  head[0] = tag;
  head[1] = <u8>(head.length == 2 ? length : 0x7e + head.length); // 0x81: one byte of length follows
  if (head.length == 3) head[2] = <u8>length;
  if (head.length == 4) {
    head[2] = <u8>(length >> 8);
    head[3] = <u8>length;
  }
  return joined(head, value);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = newBytes(first.length + second.length);
  bytes.set(first, 0);
  bytes.set(second, first.length);
  return bytes;
}

function fixed(values: StaticArray<u8>): Uint8Array {
  const bytes = newBytes(values.length);
  for (let i = 0; i < values.length; i++) bytes[i] = values[i];
  return bytes;
}
