/**
 * Headers that a filter cannot change freely without breaking the message or the proxy's handling of it, as seen with
 * Envoy 1.40 (docs/rationale.md has the observations).
 *
 * @module
 */
import { HeaderMapType } from "../abi/enums";
import { equalsIgnoringCase } from "../memory/text";

/** Whether a message cannot be handled without this header: removing it ends the request with 404, 502 or 503. */
export function isRequired(map: i32, name: string): bool {
  if (name.startsWith(":")) return true;
  return map == HeaderMapType.RequestHeaders && equalsIgnoringCase(name, "x-forwarded-proto");
}

/** Whether the header says where the message ends: with a wrong one, the rest is taken for another message. */
export function isFraming(name: string): bool {
  return equalsIgnoringCase(name, "content-length") || equalsIgnoringCase(name, "transfer-encoding");
}

/** `pairs`, with the required and framing headers of `current` that it lacks put in front. */
export function withRequired(map: i32, current: string[][], pairs: string[][]): string[][] {
  const all = new Array<string[]>();
  for (let i = 0; i < current.length; i++) {
    const name = current[i][0];
    if ((isFraming(name) || isRequired(map, name)) && !hasName(pairs, name)) all.push(current[i]);
  }
  for (let i = 0; i < pairs.length; i++) all.push(pairs[i]);
  return all;
}

/** Whether a pair has this name, which comes from the host and so is in lower case. */
function hasName(pairs: string[][], lowerCase: string): bool {
  for (let i = 0; i < pairs.length; i++) if (equalsIgnoringCase(pairs[i][0], lowerCase)) return true;
  return false;
}
