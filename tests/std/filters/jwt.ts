import {
  Es256Verifier,
  Hs256Verifier,
  Jwt,
  JwtVerifier,
  Rs256Verifier,
  pemToDer,
} from "../../../assembly/std/jwt";
import { hostAllocate } from "../../../assembly/memory/host-values";

export const u8ArrayId = idof<Uint8Array>();

let verifier: JwtVerifier = new Hs256Verifier(new Uint8Array(0));

/** What a host calls to answer `proxy_call_foreign_function`. */
export function allocate(size: usize): usize {
  return hostAllocate(size);
}

export function useHs256(secret: Uint8Array): void {
  verifier = new Hs256Verifier(secret);
}

export function useRs256(key: Uint8Array): void {
  verifier = new Rs256Verifier(key);
}

export function useEs256(key: Uint8Array): void {
  verifier = new Es256Verifier(key);
}

export function expect(audience: string | null, issuer: string | null, skew: i64, requireExpiry: bool): void {
  verifier.audience = audience;
  verifier.issuer = issuer;
  verifier.skew = skew;
  verifier.requireExpiry = requireExpiry;
}

let last: Jwt | null = null;

/** Answers the error. */
export function verify(token: string, now: i64): i32 {
  const jwt = verifier.verifyAt(token, now);
  last = jwt;
  return jwt.error;
}

export function claims(): string {
  return last!.claims.raw();
}

export function subject(): string | null {
  return last!.subject;
}

export function der(pem: string): Uint8Array | null {
  return pemToDer(pem);
}
