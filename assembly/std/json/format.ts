/**
 * Numbers as JSON writes them.
 *
 * @module
 */

/** Digits that read back as the same double; `null` when it is infinite or NaN, which JSON does not have. */
export function numberText(value: f64): string {
  if (!isFinite(value)) return "null";
  if (value == Math.trunc(value) && Math.abs(value) < 9007199254740992) return (<i64>value).toString();
  return value.toString();
}
