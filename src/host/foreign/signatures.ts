/** Envoy's `verify_signature` and `sign`, by Node's cryptography. */
import { createPrivateKey, createPublicKey, sign as signBytes, verify as verifyBytes } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { Status } from "../abi/status.js";
import { bytesOf, noBytes } from "../abi/text.js";
import type { ForeignFunction } from "../services/foreign.js";
import { readFields, writeFields } from "./messages.js";

/** The hash functions that Envoy knows, in whatever letter case. */
const hashes = new Set(["sha1", "sha224", "sha256", "sha384", "sha512"]);

/** The kinds of keys that Envoy's BoringSSL makes digests for. */
const keyTypes = new Set(["rsa", "ec"]);

/** BoringSSL has no others that keys are read of. */
const curves = new Set(["secp224r1", "prime256v1", "secp384r1", "secp521r1"]);

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? noBytes).toString("latin1");

/** A key that is given in exactly one of two forms; "unreadable" when it is none, undefined for none or both forms. */
function readKey(
  der: Uint8Array | undefined,
  pem: Uint8Array | undefined,
  read: (key: Uint8Array | string) => KeyObject,
): KeyObject | "unreadable" | undefined {
  const hasDer = der !== undefined && der.length > 0;
  const hasPem = pem !== undefined && pem.length > 0;
  if (hasDer === hasPem) return undefined;
  try {
    const key = read(hasDer ? der : text(pem));
    const curve = key.asymmetricKeyDetails?.namedCurve;
    return curve === undefined || curves.has(curve) ? key : "unreadable";
  } catch {
    return "unreadable";
  }
}

const readPublicKey = (key: Uint8Array | string): KeyObject => {
  if (typeof key !== "string") return createPublicKey({ key: Buffer.from(key), format: "der", type: "spki" });
  if (!key.includes("-----BEGIN PUBLIC KEY-----")) throw new Error("Envoy reads no other form");
  return createPublicKey(key);
};

const readPrivateKey = (key: Uint8Array | string): KeyObject =>
  typeof key === "string"
    ? createPrivateKey(key)
    : createPrivateKey({ key: Buffer.from(key), format: "der", type: "pkcs8" });

/** `VerifySignatureArguments`: 1 hash, 2 key in DER, 3 signature, 4 data, 5 key in PEM. */
export const verifySignature: ForeignFunction = (argument, { vm }) => {
  const fields = readFields(argument);
  if (fields === undefined) return Status.BadArgument;
  // An Envoy that knows no PEM takes any key for one in DER, and none for one that cannot be read.
  const key = vm.environment.rules.readsPem
    ? readKey(fields.get(2), fields.get(5), readPublicKey)
    : (readKey(fields.get(2), undefined, readPublicKey) ?? "unreadable");
  if (key === undefined) return Status.BadArgument;
  const failed = (error: string): Uint8Array => writeFields([[2, bytesOf(error)]]);
  const hash = text(fields.get(1));
  if (!hashes.has(hash.toLowerCase())) return failed(`${hash} is not supported.`);
  if (key === "unreadable" || !keyTypes.has(key.asymmetricKeyType ?? ""))
    return failed("Failed to initialize digest verify.");
  let isValid: boolean;
  try {
    isValid = verifyBytes(hash.toLowerCase(), fields.get(4) ?? noBytes, key, fields.get(3) ?? noBytes);
  } catch {
    isValid = false;
  }
  return isValid ? writeFields([[1, true]]) : failed("Failed to verify digest. Error code: 0");
};

/** `SignArguments`: 1 hash, 2 key in DER, 3 data, 4 key in PEM. */
export const sign: ForeignFunction = (argument) => {
  const fields = readFields(argument);
  if (fields === undefined) return Status.BadArgument;
  const key = readKey(fields.get(2), fields.get(4), readPrivateKey);
  if (key === undefined) return Status.BadArgument;
  const failed = (error: string): Uint8Array => writeFields([[3, bytesOf(error)]]);
  const hash = text(fields.get(1));
  if (!hashes.has(hash.toLowerCase())) return failed(`${hash} is not supported.`);
  if (key === "unreadable") return failed("Invalid key type: private key required for signing operation.");
  if (!keyTypes.has(key.asymmetricKeyType ?? ""))
    return failed("Invalid private key: key data is corrupted or malformed.");
  const signature = signBytes(hash.toLowerCase(), fields.get(3) ?? noBytes, key);
  return writeFields([
    [1, true],
    [2, signature],
  ]);
};
