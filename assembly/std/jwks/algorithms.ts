/** The algorithm with a shared secret. */
export const HS256: string = "HS256";

/** Tells whether tokens of an algorithm can be verified. */
export function known(name: string): bool {
  return name == HS256 || name == "RS256" || name == "ES256";
}
