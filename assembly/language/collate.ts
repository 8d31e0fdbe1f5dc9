/**
 * `a.localeCompare(b)`: letters before their accents, those before upper and lower case, as JavaScript's hosts compare without a
 * language. Characters beyond Latin letters follow in the order of their code points.
 *
 * @module
 */

/** ASCII's punctuation in its order; digits and letters follow. */
const ORDER = "\t\n\v\f\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789";

/** The letters of U+00C0 to U+00FF without their accents; a space stands for those that are no letters with accents. */
const BASES = "AAAAAA CEEEEIIII NOOOOO  UUUUY  aaaaaa ceeeeiiii nooooo  uuuuy y";

/** The accents of the same characters: the order in which they come. */
const ACCENTS = "324765 832463246 732476  32462  324765 832463246 732476  32462 6";

/** Less than, equal to, or more than 0. */
export function localeCompare(a: string, b: string): i32 {
  if (a == b) return 0;
  for (let level = 0; level < 3; level++) {
    let i = 0;
    let j = 0;
    for (;;) {
      const left = i < a.length ? weight(a.charCodeAt(i), level) : 0;
      const right = j < b.length ? weight(b.charCodeAt(j), level) : 0;
      if (left != right) return left < right ? -1 : 1;
      if (i >= a.length && j >= b.length) break;
      i++;
      j++;
    }
  }
  return 0;
}

/** The weight of a character: as a letter, by its accent, and by its case. */
function weight(unit: i32, level: i32): i32 {
  let letter = unit;
  let accent = 1;
  if (unit >= 0xc0 && unit <= 0xff && BASES.charCodeAt(unit - 0xc0) != 0x20) {
    letter = BASES.charCodeAt(unit - 0xc0);
    accent = ACCENTS.charCodeAt(unit - 0xc0) - 0x30 + 1;
  }
  if (level == 1) return accent;
  const lower = letter | 32;
  const isLetter = letter < 0x80 && lower >= 0x61 && lower <= 0x7a;
  if (level == 2) return isLetter && letter < 0x61 ? 2 : 1;
  if (isLetter) return 0x100 + lower;
  if (letter >= 0x80) return 0x1000 + letter;
  return ORDER.indexOf(String.fromCharCode(letter)) + 2;
}
