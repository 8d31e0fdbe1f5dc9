import { newBytes } from "../../memory/byte-array";
import { findUnit, slice } from "../../memory/utf16";
import { clock } from "../../services/clock";
import { base64url } from "../encoding/base64";
import { JsonCursor, JsonType } from "../json/cursor";
import { JsonDocument, json } from "../json/document";

/** The errors of a token, in the order in which they are looked for. */
export enum JwtError {
  /** Nothing: the token is to be believed. */
  None,
  /** It is not three parts of base64url, the first and second of them JSON objects. */
  Malformed,
  /** Its header names another algorithm than the verifier's, or demands an extension (`crit`). */
  Algorithm,
  /** The verifier's key is empty, or no public key that the host can read. */
  Key,
  /** The host cannot verify such signatures. */
  Unsupported,
  /** The signature is wrong. */
  Signature,
  /** A claim that has to be a number (`exp`, `nbf`) is none. */
  Claim,
  /** It has ended (`exp`), or does not say when it ends while `requireExpiry` is set. */
  Expired,
  /** It is not valid yet (`nbf`). */
  NotYetValid,
  /** It is not meant for the verifier's audience (`aud`). */
  Audience,
  /** It was not issued by the verifier's issuer (`iss`). */
  Issuer,
  /** `Jwks`: the issuer has no key of the name that the token gives (`kid`), or its keys are not known yet. */
  UnknownKey,
}

/** The result of a verifier. */
@final
export class Jwt {
  /** @internal */
  constructor(
    /** The error of the token. */
    readonly error: JwtError,
    /** Its claims: a JSON object; of type `Missing`, so that nothing can be read, when there is an error. */
    readonly claims: JsonCursor,
  ) {}

  /** The subject of the token (`sub`); null when it names none. */
  get subject(): string | null {
    return this.claims.get("sub").text();
  }
}

/** A JSON object in base64url; its root is of type `Missing` when it is none. */
function decodeObject(text: string): JsonCursor {
  const bytes = base64url.decode(text);
  const document: JsonDocument = json.parseBytes(bytes === null ? newBytes(0) : bytes, 32);
  const root = document.root;
  return root.type == JsonType.Object ? root : new JsonCursor(new ArrayBuffer(0), -1, -1);
}

/** The header of a token, which nobody has verified; of type `Missing` when it is none. */
export function tokenHeader(token: string): JsonCursor {
  return decodeObject(slice(token, 0, findUnit(token, 0x2e, 0, token.length)));
}

/** The answer for a token that is not to be believed. */
export function failed(error: JwtError): Jwt {
  return new Jwt(error, new JsonCursor(new ArrayBuffer(0), -1, -1));
}

/**
 * Decides whether a token is to be believed. The algorithm is the verifier's, not the token's: a token signed in another
 * way, or not at all (`none`), is refused. Make one where the configuration is read: `Hs256Verifier`, `Rs256Verifier` or
 * `Es256Verifier`.
 *
 * @example
 * this.verifier = new Hs256Verifier(utf8.encode(secret)); // in onConfigure
 * this.verifier.audience = "api";
 * const token = this.verifier.verify(bearer); // in the stream
 * if (token.error != JwtError.None) return this.respond(401);
 */
export abstract class JwtVerifier {
  /** The audience that the token must name, in `aud`. Not looked at when null. */
  audience: string | null = null;
  /** The issuer that the token must have: `iss`. Not looked at when null. */
  issuer: string | null = null;
  /** The seconds by which the clocks of issuer and host may differ, for `exp` and `nbf`. */
  skew: i64 = 60;
  /** Tells whether a token without `exp`, which never ends, is refused. */
  requireExpiry: bool = true;

  constructor(private algorithm: string) {}

  /** Verifies a token against the host's clock. May be called in every callback. */
  verify(token: string): Jwt {
    return this.verifyAt(token, clock.milliseconds() / 1000);
  }

  /** Verifies a token as if it were `now`, in seconds since 1970-01-01 UTC. */
  verifyAt(token: string, now: i64): Jwt {
    const length = token.length;
    const first = findUnit(token, 0x2e, 0, length);
    const second = findUnit(token, 0x2e, min(first + 1, length), length);
    if (second == length || findUnit(token, 0x2e, second + 1, length) < length)
      return failed(JwtError.Malformed);
    const header = decodeObject(slice(token, 0, first));
    const signature = base64url.decode(slice(token, second + 1, length));
    if (!header.exists || signature === null) return failed(JwtError.Malformed);
    if (!header.get("alg").equals(this.algorithm) || header.get("crit").exists)
      return failed(JwtError.Algorithm);
    const error = this.checkSignature(slice(token, 0, second), signature);
    if (error != JwtError.None) return failed(error);
    const claims = decodeObject(slice(token, first + 1, second));
    if (!claims.exists) return failed(JwtError.Malformed);
    const wrong = this.checkClaims(claims, <f64>now);
    return wrong == JwtError.None ? new Jwt(JwtError.None, claims) : failed(wrong);
  }

  /** Tells whether `signature` is that of `text`, which is ASCII when it is. */
  protected abstract checkSignature(text: string, signature: Uint8Array): JwtError;

  private checkClaims(claims: JsonCursor, now: f64): JwtError {
    const skew = <f64>this.skew;
    const expiry = claims.get("exp");
    const start = claims.get("nbf");
    if (!isDateOrMissing(expiry) || !isDateOrMissing(start)) return JwtError.Claim;
    if (expiry.exists ? expiry.numberOr(0) + skew <= now : this.requireExpiry) return JwtError.Expired;
    if (start.exists && start.numberOr(0) - skew > now) return JwtError.NotYetValid;
    const audience = this.audience;
    if (audience !== null && !names(claims.get("aud"), audience)) return JwtError.Audience;
    const issuer = this.issuer;
    if (issuer !== null && !claims.get("iss").equals(issuer)) return JwtError.Issuer;
    return JwtError.None;
  }
}

function isDateOrMissing(claim: JsonCursor): bool {
  return !claim.exists || claim.type == JsonType.Number;
}

/** Tells whether a claim is the text `name`, or a list with it. */
function names(claim: JsonCursor, name: string): bool {
  if (claim.type != JsonType.Array) return claim.equals(name);
  for (let item = claim.first(); item.exists; item = item.next()) if (item.equals(name)) return true;
  return false;
}
