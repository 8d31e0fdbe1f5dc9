/**
 * Numbers that a JSON text has and a double has not.
 *
 * @module
 */
import { numbersIn } from "./json.js";

/** The numbers of a JSON text that change when they are read as doubles, as Envoy's and Istio's `Struct` reads them. */
export function changedNumbers(json: string): { readonly written: string; readonly becomes: string }[] {
  const found = [];
  for (const token of numbersIn(json)) {
    const becomes = String(Number(token));
    if (canonical(token) !== canonical(becomes)) found.push({ written: token, becomes });
  }
  return found;
}

/** A decimal number as sign, digits without zeroes around them, and the power of ten that they are below. */
function canonical(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) return text; // Infinity
  const [, sign, whole, fraction = "", exponent = 0] = match;
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  if (digits === "") return digits; // zero, of either sign
  const power = Number(exponent) - fraction.length + digits.length;
  return `${sign}${digits.replace(/0+$/, "")}e${power}`;
}
