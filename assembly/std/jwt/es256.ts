import { checkPublicKeySignature } from "./public-key";
import { JwtError, JwtVerifier } from "./verifier";

/**
 * Verifies tokens that are signed with ECDSA on the curve P-256 and SHA-256 (`ES256`), with the host's help; see
 * `Rs256Verifier`.
 */
@final
export class Es256Verifier extends JwtVerifier {
  /** Takes the public key in DER, as `SubjectPublicKeyInfo`; see `pemToDer`. */
  constructor(private key: Uint8Array) {
    super("ES256");
  }

  protected checkSignature(text: string, signature: Uint8Array): JwtError {
    if (signature.length != 64) return JwtError.Signature;
    return checkPublicKeySignature(this.key, text, toDer(signature));
  }
}

/** Two numbers of 32 bytes as the sequence of two integers that hosts expect. */
function toDer(signature: Uint8Array): Uint8Array {
  const r = integerSize(signature, 0);
  const s = integerSize(signature, 32);
  const der = new Uint8Array(6 + r + s);
  der[0] = 0x30;
  der[1] = <u8>(4 + r + s);
  putInteger(der, 2, signature, 0, r);
  putInteger(der, 4 + r, signature, 32, s);
  return der;
}

/** How many bytes the number at `start` has without zeros in front, but with one before a bit that would be a sign. */
function integerSize(signature: Uint8Array, start: i32): i32 {
  let first = start;
  while (first < start + 31 && signature[first] == 0) first++;
  return start + 32 - first + (signature[first] >= 0x80 ? 1 : 0);
}

function putInteger(der: Uint8Array, at: i32, signature: Uint8Array, start: i32, size: i32): void {
  der[at] = 0x02;
  der[at + 1] = <u8>size;
  const taken = min(size, 32);
  memory.copy(der.dataStart + at + 2 + size - taken, signature.dataStart + start + 32 - taken, taken);
}
