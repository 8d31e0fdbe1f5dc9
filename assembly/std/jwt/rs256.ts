import { checkPublicKeySignature } from "./public-key";
import { JwtError, JwtVerifier } from "./verifier";

/**
 * Verifies tokens that are signed with RSA and SHA-256 (`RS256`), with the host's help: Envoy's foreign function
 * `verify_signature`. Hosts without it have `JwtError.Unsupported`. Use it in callbacks only, not at module scope.
 *
 * @example
 * const key = pemToDer(pem);
 * if (key === null) return false; // in onConfigure
 * this.verifier = new Rs256Verifier(key);
 */
@final
export class Rs256Verifier extends JwtVerifier {
  /** Takes the public key in DER, as `SubjectPublicKeyInfo`; see `pemToDer`. */
  constructor(private key: Uint8Array) {
    super("RS256");
  }

  protected checkSignature(text: string, signature: Uint8Array): JwtError {
    return checkPublicKeySignature(this.key, text, signature);
  }
}
