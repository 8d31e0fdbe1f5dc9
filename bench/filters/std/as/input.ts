/** What the measured modules take: an input, and a pattern or key. */
let input = "";
let inputBytes = new Uint8Array(0);
let pattern = "";
let patternBytes = new Uint8Array(0);

export function setInput(text: string): void {
  input = text;
  inputBytes = Uint8Array.wrap(String.UTF8.encode(text));
}

export function setPattern(text: string): void {
  pattern = text;
  patternBytes = Uint8Array.wrap(String.UTF8.encode(text));
}

export function inputText(): string {
  return input;
}

export function inputAsBytes(): Uint8Array {
  return inputBytes;
}

export function patternText(): string {
  return pattern;
}

export function patternAsBytes(): Uint8Array {
  return patternBytes;
}
