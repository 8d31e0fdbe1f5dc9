/**
 * Signatures that the host verifies: Envoy's `verify_signature` (envoy: source/extensions/common/wasm/foreign.cc).
 *
 * @module
 */
import { Status } from "../../abi/enums";
import { lastStatus } from "../../runtime/status";
import { callForeignFunction } from "../../services/foreign";
import { utf8 } from "../encoding/utf8";
import { JwtError } from "./verifier";

/** Tells whether `signature` is that of `text` with SHA-256, under a public key in DER. */
export function checkPublicKeySignature(key: Uint8Array, text: string, signature: Uint8Array): JwtError {
  if (key.length == 0) return JwtError.Key;
  const hash = utf8.encode("sha256");
  const signed = utf8.encode(text);
  // VerifySignatureArguments: hash_function = 1, public_key = 2, signature = 3, text = 4.
  const message = new Uint8Array(hash.length + key.length + signature.length + signed.length + 4 * 6);
  let at = putField(message, 0, 1, hash);
  at = putField(message, at, 2, key);
  at = putField(message, at, 3, signature);
  at = putField(message, at, 4, signed);
  const result = callForeignFunction("verify_signature", message.subarray(0, at));
  if (result === null) return lastStatus() == Status.NotFound ? JwtError.Unsupported : JwtError.Key;
  // VerifySignatureResult: result = 1, which comes first and is left out when it is false.
  const isValid = result.length >= 2 && result[0] == 0x08 && result[1] == 0x01;
  return isValid ? JwtError.None : JwtError.Signature;
}

/** Puts a protobuf field of bytes at `at`; answers the index behind it. */
function putField(message: Uint8Array, at: i32, field: i32, bytes: Uint8Array): i32 {
  message[at++] = <u8>((field << 3) | 2);
  let length = bytes.length;
  for (; length > 0x7f; length >>= 7) message[at++] = <u8>(length | 0x80);
  message[at++] = <u8>length;
  memory.copy(message.dataStart + at, bytes.dataStart, bytes.length);
  return at + bytes.length;
}
