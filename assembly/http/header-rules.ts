/**
 * Headers that a filter cannot change freely without breaking the message or the proxy's handling of it, as seen with
 * Envoy 1.40 (docs/rationale.md has the observations).
 *
 * @module
 */
import { HeaderMapType } from "../abi/enums";
import { isFraming, isHost, isNamed, isPseudo, nameKind } from "../memory/field-syntax";
import { mark, release } from "../memory/scratch";
import { equalsIgnoringCase, put, putSize } from "../memory/text";

/** Tells whether a message cannot be handled without this header: removing it ends the request with 400, 404, 502 or 503. */
export function isRequired(map: i32, address: usize, size: usize): bool {
  const kind = nameKind(address, size);
  if (isPseudo(kind)) return true;
  return map == HeaderMapType.RequestHeaders && (isHost(kind) || isNamed(address, size, "x-forwarded-proto"));
}

/** Tells whether a header must stay as it is when all are replaced. */
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
    if (!isKept(map, name) || hasName(pairs, name)) continue;
    if (name == ":authority" && hasName(pairs, "host")) continue;
    all.push(pair);
  }
  for (let i = 0; i < pairs.length; i++) all.push(unchecked(pairs[i]));
  return all;
}

/** Tells whether one of the pairs has this name, which is in lower case. */
function hasName(pairs: string[][], lowerCase: string): bool {
  return countOf(pairs, lowerCase) != 0;
}

function countOf(pairs: string[][], lowerCase: string): i32 {
  let count = 0;
  for (let i = 0; i < pairs.length; i++)
    if (equalsIgnoringCase(unchecked(unchecked(pairs[i])[0]), lowerCase)) count++;
  return count;
}
