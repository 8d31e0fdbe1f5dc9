/** Random JSON, right and slightly wrong; the same for the same seed. */
import assert from "node:assert/strict";

/** Random numbers from 0 to `below` - 1 (mulberry32). */
export function randomSource(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const letters = [
  "a",
  "b",
  "é",
  "€",
  "😀",
  '"',
  "\\",
  "/",
  "\n",
  "\t",
  "\u0001",
  "\u007f",
  "\u2028",
  " ",
  "{",
  "]",
  ",",
];

function value(random: (below: number) => number, depth: number): unknown {
  const text = (): string =>
    Array.from({ length: random(12) }, () => letters[random(letters.length)]!).join("");
  switch (random(depth > 0 ? 9 : 6)) {
    case 0:
      return null;
    case 1:
      return random(2) === 0;
    case 2:
      return random(1000) - 500;
    case 3:
      return (random(1 << 30) - (1 << 29)) / 10 ** random(12);
    case 4:
    case 5:
      return text();
    case 6:
    case 7:
      return Array.from({ length: random(6) }, () => value(random, depth - 1));
    default:
      return Object.fromEntries(
        Array.from({ length: random(6) }, () => [`k${text()}`, value(random, depth - 1)]),
      );
  }
}

export const randomValue = (seed: number): unknown => value(randomSource(seed), 5);

const pieces = [
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  '"',
  '"a"',
  '"a":',
  "1",
  "-",
  ".",
  "e",
  "0",
  "null",
  "true",
  " ",
  "\n",
  "\\",
  "u12",
  "\u0000",
  "é",
];

/** JSON with up to three pieces added, removed or replaced. */
export function randomText(seed: number): string {
  const random = randomSource(seed);
  let text = JSON.stringify(value(random, 3), null, random(3));
  for (let change = random(4); change > 0; change--) {
    const at = random(text.length + 1);
    const piece = random(3) === 0 ? "" : pieces[random(pieces.length)]!;
    text = text.slice(0, at) + piece + text.slice(at + random(3));
  }
  return text;
}

/** Numbers as JSON writes them, many of them hard to round. */
export function randomNumbers(count: number, seed: number): string[] {
  const random = randomSource(seed);
  const digits = (length: number): string => Array.from({ length }, () => random(10)).join("");
  const halfway = (): string => {
    // Exactly between two doubles, or a little beside.
    const exponent = random(120) - 60;
    const mantissa = (2n ** 53n + BigInt(random(2 ** 31)) * 2n + BigInt(random(2))) * 2n + 1n;
    const exact =
      exponent >= 0 ? `${mantissa << BigInt(exponent)}` : `${mantissa * 5n ** BigInt(-exponent)}e${exponent}`;
    return random(2) === 0 ? exact : exact.replace(/^\d+/, (all) => `${all}.${"0".repeat(random(900))}1`);
  };
  return Array.from({ length: count }, () => {
    switch (random(6)) {
      case 0:
        return String((random(2 ** 31) - 2 ** 30) / 2 ** random(40));
      case 1:
        return halfway();
      case 2:
        return `${random(10)}.${digits(random(30) + 1)}e${random(700) - 350}`;
      case 3:
        return `-${random(9) + 1}${digits(random(400))}`;
      case 4:
        return `${random(10)}.${digits(17)}e-${random(20) + 305}`;
      default:
        return `0.${"0".repeat(random(400))}${digits(random(40) + 1)}E+${random(500)}`;
    }
  });
}

/** Asks `accepts` for random texts; fails when JSON.parse thinks otherwise. */
export function compareTexts(count: number, seed: number, accepts: (text: string) => boolean): void {
  const seen = { right: 0, wrong: 0 };
  for (let i = 0; i < count; i++) {
    const text = randomText(seed * 1_000_003 + i);
    let right = true;
    try {
      JSON.parse(text);
    } catch {
      right = false;
    }
    assert.equal(accepts(text), right, text);
    seen[right ? "right" : "wrong"]++;
  }
  assert.ok(seen.right > count / 10 && seen.wrong > count / 10, JSON.stringify(seen));
}
