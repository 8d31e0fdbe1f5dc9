/**
 * Signatures that Envoy makes and verifies.
 *
 * @module
 */
import { callForeignFunction } from "../services/foreign";
import { ProtobufReader } from "../codec/protobuf-reader";
import { ProtobufWriter } from "../codec/protobuf-writer";

/**
 * Tells whether `signature` is that of `data` by the owner of the public key, RSA (PKCS #1 v1.5) or ECDSA, in DER, as
 * `SubjectPublicKeyInfo`. `hash` is `"sha256"` or another that Envoy's OpenSSL knows. False also when the key cannot be
 * read; `lastStatus()` then tells whether the host has the function (`Status.NotFound`) and understood the call. May be
 * called in every callback. Source: Envoy's foreign function `verify_signature`.
 *
 * @example
 * if (!verifySignature("sha256", publicKey, signature, this.request.body.bytes())) return this.respond(403);
 */
export function verifySignature(
  hash: string,
  publicKey: Uint8Array,
  signature: Uint8Array,
  data: Uint8Array,
): bool {
  const call = new ProtobufWriter();
  call.text(1, hash).bytes(2, publicKey).bytes(3, signature).bytes(4, data);
  return verify(call);
}

/**
 * `verifySignature` with a key as PEM text.
 *
 * @example
 * const isGenuine = verifySignatureByPem("sha256", "-----BEGIN PUBLIC KEY-----…", signature, data);
 */
export function verifySignatureByPem(
  hash: string,
  publicKey: string,
  signature: Uint8Array,
  data: Uint8Array,
): bool {
  const call = new ProtobufWriter();
  call.text(1, hash).bytes(3, signature).bytes(4, data).text(5, publicKey);
  return verify(call);
}

function verify(call: ProtobufWriter): bool {
  const result = callForeignFunction("verify_signature", call.toBytes());
  if (result === null) return false;
  const reader = new ProtobufReader(result);
  while (reader.next()) if (reader.field == 1) return reader.number != 0;
  return false;
}

/**
 * Signs `data` with a private key, in DER as PKCS #8; null when the key cannot be read or the host has no such function,
 * which Envoy has since 1.37. May be called in every callback. Source: Envoy's foreign function `sign`.
 *
 * @example
 * const signature = sign("sha256", privateKey, Uint8Array.wrap(String.UTF8.encode(text)));
 */
export function sign(hash: string, privateKey: Uint8Array, data: Uint8Array): Uint8Array | null {
  const call = new ProtobufWriter();
  return signed(call.text(1, hash).bytes(2, privateKey).bytes(3, data));
}

/**
 * `sign` with a key as PEM text.
 *
 * @example
 * const signature = signByPem("sha256", "-----BEGIN PRIVATE KEY-----…", data);
 */
export function signByPem(hash: string, privateKey: string, data: Uint8Array): Uint8Array | null {
  const call = new ProtobufWriter();
  return signed(call.text(1, hash).bytes(3, data).text(4, privateKey));
}

function signed(call: ProtobufWriter): Uint8Array | null {
  const result = callForeignFunction("sign", call.toBytes());
  if (result === null) return null;
  const reader = new ProtobufReader(result);
  let isSigned = false;
  let signature: Uint8Array | null = null;
  while (reader.next()) {
    if (reader.field == 1) isSigned = reader.number != 0;
    if (reader.field == 2) signature = reader.bytes;
  }
  return isSigned ? signature : null;
}
