/** How many random cases a test has that has `usual` of them; `ROUNDS=20 npm test -- tests/std` makes 20 times as many. */
export const rounds = (usual: number): number => usual * Number(process.env["ROUNDS"] ?? 1);

/** Random numbers that a seed repeats; `SEED` makes others. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed + 1000 * Number(process.env["SEED"] ?? 0);
  }

  /** From 0 to below `limit` (mulberry32). */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  }

  pick<T>(values: ArrayLike<T>): T {
    return values[this.below(values.length)]!;
  }

  /** Up to `most` picks of `values` in a row. */
  join(values: ArrayLike<string>, most: number): string {
    let text = "";
    for (let i = this.below(most + 1); i > 0; i--) text += this.pick(values);
    return text;
  }

  bytes(most: number): Uint8Array {
    return Uint8Array.from({ length: this.below(most + 1) }, () => this.below(256));
  }

  /** Text of any code units, surrogates with and without partners among them. */
  text(most: number): string {
    let text = "";
    for (let i = this.below(most + 1); i > 0; i--) text += this.unit();
    return text;
  }

  private unit(): string {
    const kind = this.below(8);
    if (kind < 4) return String.fromCharCode(this.below(128));
    if (kind === 4) return String.fromCharCode(0xd800 + this.below(0x800));
    if (kind === 5) return String.fromCodePoint(0x10000 + this.below(0x100000));
    return String.fromCharCode(this.below(0x10000));
  }
}
