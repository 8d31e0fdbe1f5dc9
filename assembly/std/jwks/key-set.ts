/**
 * JSON Web Key Sets (RFC 7517).
 *
 * @module
 */
import { base64url } from "../encoding/base64";
import { JsonCursor, JsonType } from "../json/cursor";
import { json } from "../json/document";
import { Es256Verifier } from "../jwt/es256";
import { Rs256Verifier } from "../jwt/rs256";
import { JwtVerifier } from "../jwt/verifier";
import { p256Key, rsaKey } from "./der";

/** The most keys of a set that are looked at; issuers have two or three. */
const MOST_KEYS: i32 = 100;

/** A key of an issuer. */
@final
export class IssuerKey {
  constructor(
    /** Its name (`kid`); null when it has none. */
    readonly name: string | null,
    readonly algorithm: string,
    readonly verifier: JwtVerifier,
  ) {}
}

/** The keys of a set that can be used, of its first hundred; none when it is no set. */
export function readKeySet(text: string, algorithms: string[]): IssuerKey[] {
  const found = new Array<IssuerKey>();
  const list = json.parse(text, 32).root.get("keys");
  if (list.type != JsonType.Array) return found;
  let count = 0;
  for (let item = list.first(); item.exists && count < MOST_KEYS; item = item.next(), count++) {
    const key = readKey(item);
    if (key !== null && algorithms.includes(key.algorithm)) found.push(key);
  }
  return found;
}

/** A key for signatures with RSA or on P-256, and SHA-256; null when it is for something else. */
function readKey(item: JsonCursor): IssuerKey | null {
  const use = item.get("use");
  if (use.exists && !use.equals("sig")) return null;
  const kind = item.get("kty");
  const isRsa = kind.equals("RSA");
  if (!isRsa && !(kind.equals("EC") && item.get("crv").equals("P-256"))) return null;
  const algorithm = isRsa ? "RS256" : "ES256";
  const named = item.get("alg");
  if (named.exists && !named.equals(algorithm)) return null;
  const first = bytesOf(item, isRsa ? "n" : "x");
  const second = bytesOf(item, isRsa ? "e" : "y");
  if (first === null || second === null) return null;
  const der = isRsa ? rsaKey(first, second) : p256Key(first, second);
  if (der === null) return null;
  const verifier: JwtVerifier = isRsa ? new Rs256Verifier(der) : new Es256Verifier(der);
  return new IssuerKey(item.get("kid").text(), algorithm, verifier);
}

function bytesOf(item: JsonCursor, name: string): Uint8Array | null {
  const text = item.get(name).text();
  return text === null || text.length > 2000 ? null : base64url.decode(text);
}
