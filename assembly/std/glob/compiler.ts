import { unitAt } from "../../memory/utf16";
import { GlobOp, GlobProgram } from "./program";

/** The position of the error in the last compilation, or -1. */
export let globError: i32 = -1;

/** Turns a pattern into a program, in one pass without recursion. */
@final
class GlobCompiler {
  private program: GlobProgram;
  private at: i32 = 0;
  /** For each open group the step where its last alternative begins, and the last of the jumps behind its alternatives. */
  private groups: i32[] = [];

  constructor(
    private pattern: string,
    private separator: i32,
  ) {
    // "*" makes three steps, everything else fewer for each character; a set two numbers for each of its own.
    this.program = new GlobProgram(3 * pattern.length + 1, 2 * pattern.length + 2, separator);
  }

  /** The program, or null when the pattern is wrong at `globError`. */
  compile(): GlobProgram | null {
    const length = this.pattern.length;
    const program = this.program;
    let error = -1;
    while (this.at < length && error < 0) error = this.element();
    if (error < 0 && this.groups.length > 0) error = length;
    globError = error;
    if (error >= 0) return null;
    program.add(GlobOp.Match);
    return program;
  }

  /** The unit at `index`, -1 behind the end. */
  private unit(index: i32): i32 {
    return index < this.pattern.length ? <i32>unitAt(this.pattern, index) : -1;
  }

  /** Compiles what is at `at`; answers the index of an error, or -1. */
  private element(): i32 {
    const unit = this.unit(this.at);
    const program = this.program;
    if (unit == 0x2a) this.star();
    else if (unit == 0x3f) {
      program.add(GlobOp.NotSeparator);
      this.at++;
    } else if (unit == 0x5b) return this.set();
    else if (unit == 0x7b) {
      this.groups.push(program.add(GlobOp.Split, program.end + 1, -1));
      this.groups.push(-1);
      this.at++;
    } else if (unit == 0x2c && this.groups.length > 0) this.alternative();
    else if (unit == 0x7d && this.groups.length > 0) this.closeGroup();
    else if (unit == this.separator && this.at > 0 && this.isEnd(this.doubleStarsEnd())) {
      // The separator and all behind it, or nothing.
      const split = program.add(GlobOp.Split, program.end + 1);
      program.add(GlobOp.Character, unit);
      this.addRun(GlobOp.Any);
      program.setB(split, program.end);
      this.at = this.doubleStarsEnd();
    } else {
      if (unit == 0x5c && ++this.at == this.pattern.length) return this.at;
      const character = this.pattern.codePointAt(this.at);
      program.add(GlobOp.Character, character);
      this.at += character > 0xffff ? 2 : 1;
    }
    return -1;
  }

  /** Tells whether an alternative or the pattern ends at `index`. */
  private isEnd(index: i32): bool {
    const unit = this.unit(index);
    return unit < 0 || (this.groups.length > 0 && (unit == 0x2c || unit == 0x7d));
  }

  private isDoubleStar(index: i32): bool {
    return this.unit(index) == 0x2a && this.unit(index + 1) == 0x2a;
  }

  /** The index behind the segments `**` that follow the separator at `at`; `at` when none does. */
  private doubleStarsEnd(): i32 {
    let end = this.at;
    while (this.unit(end) == this.separator && this.isDoubleStar(end + 1)) end += 3;
    return end;
  }

  /** Tells whether a segment begins at `at`. */
  private isStart(): bool {
    if (this.at == 0) return true;
    const before = this.unit(this.at - 1);
    return before == this.separator || (this.groups.length > 0 && (before == 0x7b || before == 0x2c));
  }

  /** Any number of what `op` takes. */
  private addRun(op: GlobOp): void {
    const split = this.program.add(GlobOp.Split, this.program.end + 1);
    this.program.add(op);
    this.program.add(GlobOp.Split, split, -1);
    this.program.setB(split, this.program.end);
  }

  private star(): void {
    const program = this.program;
    if (this.isDoubleStar(this.at) && this.isStart()) {
      if (this.isEnd(this.at + 2)) {
        this.addRun(GlobOp.Any);
        this.at += 2;
        return;
      }
      if (this.unit(this.at + 2) == this.separator) {
        // Segments with a separator behind the last one, or nothing.
        const split = program.add(GlobOp.Split, program.end + 1);
        this.addRun(GlobOp.Any);
        program.add(GlobOp.Character, this.separator);
        program.setB(split, program.end);
        // More of the same change nothing.
        do this.at += 3;
        while (this.isDoubleStar(this.at) && this.unit(this.at + 2) == this.separator);
        return;
      }
    }
    while (this.unit(this.at) == 0x2a) this.at++;
    this.addRun(GlobOp.NotSeparator);
  }

  /** Ends an alternative: jumps to the end of the group, whose place is not known yet, and begins the next one. */
  private alternative(): void {
    const groups = this.groups;
    const top = groups.length - 2;
    const program = this.program;
    groups[top + 1] = program.add(GlobOp.Split, groups[top + 1], -1);
    program.setB(groups[top], program.end);
    groups[top] = program.add(GlobOp.Split, program.end + 1, -1);
    this.at++;
  }

  private closeGroup(): void {
    let jump = this.groups.pop();
    this.groups.pop();
    // The jumps are a list: each holds the one before in place of its target.
    while (jump >= 0) {
      const before = this.program.a(jump);
      this.program.setA(jump, this.program.end);
      jump = before;
    }
    this.at++;
  }

  /** Compiles a set; answers the index of an error, or -1. */
  private set(): i32 {
    const start = this.at++;
    const program = this.program;
    const first = program.rangeEnd;
    const isNegated = this.unit(this.at) == 0x21 || this.unit(this.at) == 0x5e;
    if (isNegated) this.at++;
    for (let isFirst = true; isFirst || this.unit(this.at) != 0x5d; isFirst = false) {
      const low = this.member();
      if (low < 0) return start;
      let high = low;
      if (this.unit(this.at) == 0x2d && this.unit(this.at + 1) != 0x5d) {
        const dash = this.at++;
        high = this.member();
        if (high < 0) return start;
        if (high < low) return dash;
      }
      program.addRange(low, high);
    }
    this.at++;
    program.add(isNegated ? GlobOp.NotSet : GlobOp.Set, first, program.rangeEnd);
    return -1;
  }

  /** The character of a set at `at`, which is then behind it; -1 when the pattern ends. */
  private member(): i32 {
    if (this.unit(this.at) == 0x5c) this.at++;
    if (this.at >= this.pattern.length) return -1;
    const character = this.pattern.codePointAt(this.at);
    this.at += character > 0xffff ? 2 : 1;
    return character;
  }
}

/** The program of a pattern; null when it is wrong at `globError`. */
export function compileGlob(pattern: string, separator: i32): GlobProgram | null {
  return new GlobCompiler(pattern, separator).compile();
}
