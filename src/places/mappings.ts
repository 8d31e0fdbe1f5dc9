/**
 * A source map's mappings.
 *
 * @module
 */

/** From `offset` on, the module's code is that of this place; lines and columns begin with 0. Undefined: of no source. */
export interface Mapping {
  readonly offset: number;
  readonly place: { readonly source: number; readonly line: number; readonly column: number } | undefined;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const values = new Map([...DIGITS].map((digit, value) => [digit, value]));

/** Reads the mappings of a WebAssembly module: one line, whose columns are offsets in the binary. */
export function decodeMappings(text: string): Mapping[] {
  const result: Mapping[] = [];
  let offset = 0;
  const last = [0, 0, 0];
  for (const segment of text.split(",")) {
    const numbers = decodeNumbers(segment);
    if (numbers.length === 0) continue;
    offset += numbers[0]!;
    if (numbers.length < 4) {
      result.push({ offset, place: undefined });
      continue;
    }
    for (let i = 0; i < 3; i++) last[i]! += numbers[i + 1]!;
    result.push({ offset, place: { source: last[0]!, line: last[1]!, column: last[2]! } });
  }
  return result;
}

function decodeNumbers(segment: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let factor = 1;
  for (const digit of segment) {
    const bits = values.get(digit);
    if (bits === undefined) throw new RangeError(`"${digit}" is not a digit of a source map`);
    value += (bits & 31) * factor;
    factor *= 32;
    if ((bits & 32) !== 0) continue;
    numbers.push(value % 2 === 1 ? -Math.floor(value / 2) : value / 2);
    value = 0;
    factor = 1;
  }
  return numbers;
}

/** The mappings for code that stands `by` bytes further on: each offset is told from the one before it. */
export function shiftMappings(text: string, by: number): string {
  const end = text.search(/[,;]|$/);
  const [first = 0, ...rest] = decodeNumbers(text.slice(0, end));
  return by === 0 || end === 0 ? text : [first + by, ...rest].map(encodeNumber).join("") + text.slice(end);
}

function encodeNumber(value: number): string {
  let rest = value < 0 ? -2 * value + 1 : 2 * value;
  let digits = "";
  do {
    const low = rest % 32;
    rest = (rest - low) / 32;
    digits += DIGITS[rest > 0 ? low + 32 : low]!;
  } while (rest > 0);
  return digits;
}

/** The last of a sorted list whose offset is not above this one; undefined before the first. */
export function lastUpTo<T extends { readonly offset: number }>(
  list: readonly T[],
  offset: number,
): T | undefined {
  let from = 0;
  let to = list.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (list[middle]!.offset <= offset) from = middle + 1;
    else to = middle;
  }
  return list[from - 1];
}
