/** The operation of a program's step; `a` and `b` are its operands. */
export enum GlobOp {
  /** The whole text matches. */
  Match,
  /** Takes the character `a`. */
  Character,
  /** Takes any character but the separator. */
  NotSeparator,
  /** Takes any character. */
  Any,
  /** Takes a character but the separator that is in one of the ranges from `a` to `b`. */
  Set,
  /** Takes a character but the separator that is in none of the ranges from `a` to `b`. */
  NotSet,
  /** Goes on at `a`, and at `b` unless it is negative. */
  Split,
}

/**
 * A pattern as a program whose steps all run at once, character by character: the time is the text's length times the
 * program's, whatever the pattern (K. Thompson, Regular Expression Search Algorithm, 1968).
 */
@final
export class GlobProgram {
  /** Three numbers for each step: what it does, `a`, `b`. */
  private steps: StaticArray<i32>;
  /** First and last characters of the sets. */
  private ranges: StaticArray<i32>;
  private count: i32 = 0;
  private rangeCount: i32 = 0;
  /** Steps that run at this character, and at the next. */
  private current: StaticArray<i32>;
  private next: StaticArray<i32>;
  private nextCount: i32 = 0;
  /** Steps that still have to be followed. */
  private stack: StaticArray<i32>;
  /** For each step the round in which it was last reached. */
  private reached: StaticArray<u32>;
  private round: u32 = 0;
  private matched: bool = false;

  /** A program of at most so many steps and numbers in ranges. */
  constructor(
    size: i32,
    rangeSize: i32,
    private separator: i32,
  ) {
    this.steps = new StaticArray<i32>(size * 3);
    this.ranges = new StaticArray<i32>(rangeSize);
    this.current = new StaticArray<i32>(size);
    this.next = new StaticArray<i32>(size);
    this.stack = new StaticArray<i32>(size * 2 + 1);
    this.reached = new StaticArray<u32>(size);
  }

  /** The number of the step that is added next. */
  get end(): i32 {
    return this.count;
  }

  get rangeEnd(): i32 {
    return this.rangeCount;
  }

  add(op: GlobOp, a: i32 = 0, b: i32 = 0): i32 {
    const step = this.count++;
    this.steps[step * 3] = op;
    this.steps[step * 3 + 1] = a;
    this.steps[step * 3 + 2] = b;
    return step;
  }

  addRange(first: i32, last: i32): void {
    this.ranges[this.rangeCount++] = first;
    this.ranges[this.rangeCount++] = last;
  }

  a(step: i32): i32 {
    return this.steps[step * 3 + 1];
  }

  setA(step: i32, a: i32): void {
    this.steps[step * 3 + 1] = a;
  }

  setB(step: i32, b: i32): void {
    this.steps[step * 3 + 2] = b;
  }

  /** Tells whether the whole of `text` matches. */
  test(text: string): bool {
    if (this.round > 0x80000000) {
      this.reached.fill(0);
      this.round = 0;
    }
    this.begin();
    this.follow(0);
    const length = text.length;
    for (let i = 0; i < length;) {
      const character = text.codePointAt(i);
      i += character > 0xffff ? 2 : 1;
      const running = this.next;
      const count = this.nextCount;
      if (count == 0) return false;
      this.next = this.current;
      this.current = running;
      this.begin();
      for (let j = 0; j < count; j++) {
        const step = unchecked(running[j]);
        if (this.takes(step, character)) this.follow(step + 1);
      }
    }
    return this.matched;
  }

  private begin(): void {
    this.round++;
    this.nextCount = 0;
    this.matched = false;
  }

  private takes(step: i32, character: i32): bool {
    const op = unchecked(this.steps[step * 3]);
    const a = unchecked(this.steps[step * 3 + 1]);
    if (op == GlobOp.Character) return a == character;
    if (op == GlobOp.Any) return true;
    if (character == this.separator || op == GlobOp.Match) return false;
    if (op == GlobOp.NotSeparator) return true;
    const b = unchecked(this.steps[step * 3 + 2]);
    for (let i = a; i < b; i += 2)
      if (character >= unchecked(this.ranges[i]) && character <= unchecked(this.ranges[i + 1]))
        return op == GlobOp.Set;
    return op == GlobOp.NotSet;
  }

  /** Makes `step` run at the next character, or the steps that it leads to. */
  private follow(step: i32): void {
    const stack = this.stack;
    let depth = 0;
    unchecked((stack[depth++] = step));
    while (depth > 0) {
      const at = unchecked(stack[--depth]);
      if (unchecked(this.reached[at]) == this.round) continue;
      unchecked((this.reached[at] = this.round));
      const op = unchecked(this.steps[at * 3]);
      if (op == GlobOp.Split) {
        const b = unchecked(this.steps[at * 3 + 2]);
        if (b >= 0) unchecked((stack[depth++] = b));
        unchecked((stack[depth++] = this.steps[at * 3 + 1]));
      } else {
        if (op == GlobOp.Match) this.matched = true;
        unchecked((this.next[this.nextCount++] = at));
      }
    }
  }
}
