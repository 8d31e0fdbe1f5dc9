/**
 * Headers that a filter cannot change freely without breaking the message or the proxy's handling of it, as seen with
 * Envoy 1.40 (docs/rationale.md has the observations).
 *
 * @module
 */
import { HeaderMapType } from "../abi/enums";
import { isFraming, isNamed, isPseudo, nameKind } from "../memory/field";
import { mark, release } from "../memory/scratch";
import { equalsIgnoringCase, put, putSize } from "../memory/text";

/** Whether a message cannot be handled without this header: removing it ends the request with 404, 502 or 503. */
export function isRequired(map: i32, address: usize, size: usize): bool {
  if (isPseudo(nameKind(address, size))) return true;
  return map == HeaderMapType.RequestHeaders && isNamed(address, size, "x-forwarded-proto");
}

/** Whether a header must stay as it is when all are replaced. */
function isKept(map: i32, name: string): bool {
  const before = mark();
  const address = put(name);
  const size = putSize;
  const kept = isFraming(nameKind(address, size)) || isRequired(map, address, size);
  release(before);
  return kept;
}

/** `pairs`, with the required and framing headers of `current` that it lacks put in front. */
export function withRequired(map: i32, current: string[][], pairs: string[][]): string[][] {
  const all = new Array<string[]>();
  for (let i = 0; i < current.length; i++) {
    const pair = unchecked(current[i]);
    const name = unchecked(pair[0]);
    if (isKept(map, name) && !hasName(pairs, name)) all.push(pair);
  }
  for (let i = 0; i < pairs.length; i++) all.push(unchecked(pairs[i]));
  return all;
}

/** Whether a pair has this name, which comes from the host and so is in lower case. */
function hasName(pairs: string[][], lowerCase: string): bool {
  for (let i = 0; i < pairs.length; i++)
    if (equalsIgnoringCase(unchecked(unchecked(pairs[i])[0]), lowerCase)) return true;
  return false;
}
