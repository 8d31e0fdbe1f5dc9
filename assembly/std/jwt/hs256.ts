import { equalsInConstantTime } from "../hash/equals";
import { HmacSha256 } from "../hash/hmac";
import { JwtError, JwtVerifier } from "./verifier";

/** Verifies tokens that are signed with HMAC-SHA-256 (`HS256`), that is with a secret that the issuer and we share. */
@final
export class Hs256Verifier extends JwtVerifier {
  /** Takes the secret: 32 random bytes or more (RFC 7518, section 3.2); with an empty one every token has `JwtError.Key`. */
  constructor(private secret: Uint8Array) {
    super("HS256");
  }

  protected checkSignature(text: string, signature: Uint8Array): JwtError {
    if (this.secret.length == 0) return JwtError.Key;
    const expected = new HmacSha256(this.secret).updateText(text).digest();
    return equalsInConstantTime(expected, signature) ? JwtError.None : JwtError.Signature;
  }
}
