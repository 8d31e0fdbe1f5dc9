/**
 * Tells whether two secrets are the same, in a time that depends on their lengths alone: how long it takes tells nobody how much
 * of a guess was right. May be used everywhere.
 *
 * @example
 * if (!equalsInConstantTime(hmacSha256(key, body), signature)) return this.respond(401);
 */
export function equalsInConstantTime(left: Uint8Array, right: Uint8Array): bool {
  const length = left.length;
  if (right.length != length) return false;
  let difference: u32 = 0;
  for (let i = 0; i < length; i++) difference |= (<u32>unchecked(left[i])) ^ (<u32>unchecked(right[i]));
  return difference == 0;
}
