/**
 * From the text of a pattern to a program, in one pass. Groups are kept on a stack of its own, so that no pattern is
 * nested too deeply. A piece of program is left where it was written, and ends where the next begins; what a `*` or `|`
 * needs in front of it is put in, and what it needs behind it comes next.
 *
 * @module
 */
import { Assertion, Op, Program, instruction } from "./program";
import { addNamed, addRange, addToPool, negate, normalize } from "./ranges";

/** The most instructions of a program: with a text of 1 KiB, they take a few milliseconds at worst. */
const MAX_SIZE: i32 = 20000;

/** The most groups that note their position. */
const MAX_GROUPS: i32 = 250;

const IGNORE_CASE: i32 = 1;
const MULTILINE: i32 = 2;
const DOT_ALL: i32 = 4;
const UNGREEDY: i32 = 8;

const END: u32 = 0xffffffff;

/** An open group. */
@final
class Group {
  /** Alternatives that end with a jump behind the group. */
  jumps: Array<i32> = [];
  /** Whether one of the alternatives up to now can be empty. */
  nullable: bool = false;
  /** Where the current alternative begins. */
  start: i32 = 0;
  /** Whether the current alternative without its last atom can be empty. */
  restNullable: bool = true;
  /** The last atom: what a `*` behind it applies to; -1 when there is none. */
  atom: i32 = -1;
  atomNullable: bool = true;

  constructor(
    /** Where its parenthesis is in the pattern. */
    readonly position: i32,
    /** Where its program begins. */
    readonly code: i32,
    /** Its number; 0 when it notes nothing. */
    readonly number: i32,
    /** The flags outside. */
    readonly flags: i32,
  ) {}
}

/** Compiles one pattern. */
@final
export class Compiler {
  readonly program: Program = new Program();
  error: string | null = null;
  errorPosition: i32 = -1;
  private at: i32 = 0;
  private flags: i32 = 0;
  private code: Array<i32> = this.program.code;
  private groups: Group[] = [];
  private group: Group = new Group(0, 0, 0, 0);
  /** What an escape stood for: a character, or one of the letters d, s, w and their upper case, negative. */
  private escaped: i32 = 0;

  constructor(private pattern: string) {}

  /** Compiles the pattern with flags as in `(?flags)`. */
  compile(flags: string): void {
    for (let i = 0; i < flags.length; i++) {
      const flag = flagOf(flags.charCodeAt(i));
      if (flag == 0) return this.fail("unknown flag", 0);
      this.flags |= flag;
    }
    this.put(instruction(Op.Save, 0));
    this.group.start = this.code.length;
    let repeated = false;
    while (this.peek() != END && this.error === null) {
      const position = this.at;
      const unit = this.peek();
      const repeats = this.repetition();
      if (repeats) {
        if (repeated) this.fail("a repetition of a repetition", position);
        repeated = true;
        continue;
      }
      if (this.error !== null) return;
      repeated = false;
      const point = this.next();
      if (unit == 0x28) this.open(position);
      else if (unit == 0x29) this.close(position);
      else if (unit == 0x7c) this.alternative();
      else if (unit == 0x5b) this.charClass(position);
      else if (unit == 0x2e) this.atom((this.flags & DOT_ALL) != 0 ? Op.Any : Op.NotNewline, 0);
      else if (unit == 0x5e)
        this.atom(Op.Assert, (this.flags & MULTILINE) != 0 ? Assertion.LineStart : Assertion.TextStart);
      else if (unit == 0x24)
        this.atom(Op.Assert, (this.flags & MULTILINE) != 0 ? Assertion.LineEnd : Assertion.TextEnd);
      else if (unit == 0x5c) this.escape(position);
      else this.literal(point);
      if (this.code.length > MAX_SIZE) this.fail("the pattern is too large", position);
    }
    if (this.groups.length > 0) this.fail("missing )", this.group.position);
    if (this.error !== null) return;
    this.finishAlternatives();
    this.put(instruction(Op.Save, 1));
    this.put(Op.Match);
    this.prepareStart();
  }

  private fail(error: string, position: i32): void {
    if (this.error !== null) return;
    this.error = "position " + position.toString() + ": " + error;
    this.errorPosition = position;
  }

  /** The next code unit; `END` when there is none. */
  private peek(ahead: i32 = 0): u32 {
    const at = this.at + ahead;
    return at < this.pattern.length ? <u32>this.pattern.charCodeAt(at) : END;
  }

  /** Takes the next character. */
  private next(): u32 {
    const point = <u32>this.pattern.codePointAt(this.at);
    this.at += point > 0xffff ? 2 : 1;
    return point;
  }

  /** Takes `unit` when it is the next. */
  private take(unit: u32): bool {
    if (this.peek() != unit) return false;
    this.at++;
    return true;
  }

  private put(word: i32): void {
    this.code.push(word);
  }

  /** Puts an instruction in at `at`; what is there moves on. */
  private insert(at: i32, word: i32): void {
    const code = this.code;
    code.push(0);
    memory.copy(code.dataStart + ((at + 1) << 2), code.dataStart + (at << 2), (code.length - 1 - at) << 2);
    code[at] = word;
  }

  private beginAtom(at: i32, nullable: bool): void {
    const group = this.group;
    group.restNullable = group.restNullable && group.atomNullable;
    group.atom = at;
    group.atomNullable = nullable;
  }

  private atom(op: Op, value: i32): void {
    this.beginAtom(this.code.length, op == Op.Assert);
    this.put(instruction(op, value));
  }

  private literal(point: u32): void {
    const isLetter = (point | 0x20) - 0x61 < 26 && (this.flags & IGNORE_CASE) != 0;
    this.atom(isLetter ? Op.Letter : Op.Char, isLetter ? point | 0x20 : point);
  }

  /** Reads `*`, `+`, `?` or `{n,m}` and repeats the last atom; false when there is none of these. */
  private repetition(): bool {
    const position = this.at;
    let least = 0;
    let most = -1;
    if (this.take(0x2b)) least = 1;
    else if (this.take(0x3f)) most = 1;
    else if (this.take(0x7b)) {
      least = this.count();
      most = least;
      if (least >= 0 && this.take(0x2c)) most = this.peek() == 0x7d ? -1 : this.count();
      if (least < 0 || most < -1 || !this.take(0x7d)) {
        // Not a repetition, and so just a brace.
        this.at = position;
        return false;
      }
    } else if (!this.take(0x2a)) return false;
    if (this.group.atom < 0) this.fail("nothing to repeat", position);
    else if (least > 1000 || most > 1000 || (most >= 0 && most < least)) this.fail("bad repetition count", position);
    else this.repeat(least, most, this.take(0x3f) != ((this.flags & UNGREEDY) != 0), position);
    return true;
  }

  /** Reads a number, of which more than 1,000 counts as 1,001; -2 when there is none. */
  private count(): i32 {
    let count = -2;
    while (this.peek() - 0x30 < 10) count = min(max(count, 0) * 10 + <i32>(this.next() - 0x30), 1001);
    return count;
  }

  private repeat(least: i32, most: i32, lazy: bool, position: i32): void {
    const group = this.group;
    const code = this.code;
    const onward: Op = lazy ? Op.SplitTarget : Op.SplitNext;
    const back: Op = lazy ? Op.SplitNext : Op.SplitTarget;
    let start = group.atom;
    const size = code.length - start;
    const nullable = group.atomNullable;
    if (least == 0) group.atomNullable = true;
    if (most == 0) {
      code.length = start;
      return;
    }
    if (max(least, most) * (size + 1) > MAX_SIZE) return this.fail("the pattern is too large", position);
    if (least == 0 && most < 0 && !nullable) {
      this.put(instruction(Op.Jump, -size - 1));
      this.insert(start, instruction(onward, size + 2));
      return;
    }
    for (let i = 1; i < least; i++) this.copy(start, size);
    // That what can be empty is tried once before it is skipped is how RE2 and Go do it.
    if (most < 0) this.put(instruction(back, -size));
    if (least == 0) {
      const optional = most < 0 ? size + 2 : most * (size + 1);
      this.insert(start++, instruction(onward, optional));
      least = 1;
    }
    for (let left = most - least; left > 0; left--) {
      this.put(instruction(onward, left * (size + 1)));
      this.copy(start, size);
    }
  }

  /** Repeats a piece of program at the end. */
  private copy(start: i32, size: i32): void {
    for (let i = 0; i < size; i++) this.put(this.code[start + i]);
  }

  /** Reads what follows an opening parenthesis. */
  private open(position: i32): void {
    const flags = this.flags;
    let number = 0;
    let name = "";
    if (!this.take(0x3f)) number = -1;
    else if ((this.peek() == 0x50 && this.peek(1) == 0x3c) || this.peek() == 0x3c) {
      this.take(0x50);
      this.take(0x3c);
      const start = this.at;
      while (isWord(this.peek())) this.at++;
      name = this.pattern.substring(start, this.at);
      if (name.length == 0 || !this.take(0x3e)) return this.fail("bad group name", position);
      if (this.program.names.includes(name)) return this.fail("two groups of one name", position);
      number = -1;
    } else if (!this.readFlags(position)) return;
    if (number < 0) {
      number = this.program.names.length;
      if (number > MAX_GROUPS) return this.fail("too many groups", position);
      this.program.names.push(name);
    }
    this.groups.push(this.group);
    this.group = new Group(position, this.code.length, number, flags);
    if (number > 0) this.put(instruction(Op.Save, number * 2));
    this.group.start = this.code.length;
  }

  /** Reads flags; true when a group follows, false when they are for the rest of the group around, or wrong. */
  private readFlags(position: i32): bool {
    let flags = this.flags;
    let clear = false;
    let any = false;
    while (this.peek() != END) {
      const unit = this.next();
      const flag = flagOf(unit);
      if (flag != 0) {
        flags = clear ? flags & ~flag : flags | flag;
        any = true;
      } else if (unit == 0x2d && !clear) {
        clear = true;
        any = false;
      } else if ((unit == 0x29 && any) || (unit == 0x3a && (any || !clear))) {
        this.flags = flags;
        return unit == 0x3a;
      } else break;
    }
    this.fail("unknown group", position);
    return false;
  }

  private close(position: i32): void {
    if (this.groups.length == 0) return this.fail("unexpected )", position);
    this.finishAlternatives();
    const group = this.group;
    if (group.number > 0) this.put(instruction(Op.Save, group.number * 2 + 1));
    this.flags = group.flags;
    this.group = this.groups.pop();
    this.beginAtom(group.code, group.nullable);
  }

  private alternative(): void {
    const group = this.group;
    this.finishAlternative();
    this.insert(group.start, instruction(Op.SplitNext, this.code.length - group.start + 2));
    group.jumps.push(this.code.length);
    this.put(Op.Jump);
    group.start = this.code.length;
    group.restNullable = true;
    group.atom = -1;
    group.atomNullable = true;
  }

  private finishAlternative(): void {
    const group = this.group;
    if (group.restNullable && group.atomNullable) group.nullable = true;
  }

  private finishAlternatives(): void {
    this.finishAlternative();
    const jumps = this.group.jumps;
    for (let i = 0; i < jumps.length; i++)
      this.code[jumps[i]] = instruction(Op.Jump, this.code.length - jumps[i]);
  }

  /** Reads what follows a backslash outside of classes. */
  private escape(position: i32): void {
    const unit = this.peek();
    let assertion = -1;
    if (unit == 0x41) assertion = Assertion.TextStart;
    else if (unit == 0x7a) assertion = Assertion.TextEnd;
    else if (unit == 0x62) assertion = Assertion.WordBoundary;
    else if (unit == 0x42) assertion = Assertion.NotWordBoundary;
    else if (unit == 0x51) return this.quote();
    if (assertion >= 0) {
      this.at++;
      return this.atom(Op.Assert, assertion);
    }
    const point = this.escapedPoint(position);
    if (point >= 0) return this.literal(point);
    if (this.error !== null) return;
    const ranges: Array<u32> = [];
    this.addPerl(ranges, point);
    this.putClass(ranges, false);
  }

  /** Reads `\Q…\E`: all of it literally. */
  private quote(): void {
    this.at++;
    while (this.peek() != END && !(this.peek() == 0x5c && this.peek(1) == 0x45)) this.literal(this.next());
    this.at += 2;
  }

  /** Reads an escape that stands for a character; for one of Perl's classes it answers its letter, negative. */
  private escapedPoint(position: i32): i32 {
    if (this.peek() != END) {
      const point = this.next();
      const letter = point | 0x20;
      if (letter == 0x64 || letter == 0x73 || letter == 0x77) return -(<i32>point);
      if (point < 0x80 && (point == 0x5f || !isWord(point))) return <i32>point;
      if (point == 0x61) return 0x07;
      if (point == 0x66) return 0x0c;
      if (point == 0x6e) return 0x0a;
      if (point == 0x72) return 0x0d;
      if (point == 0x74) return 0x09;
      if (point == 0x76) return 0x0b;
      if (point == 0x78) {
        const braces = this.take(0x7b);
        const value = this.digits(16, braces ? 8 : 2);
        if (value >= 0 && value <= 0x10ffff && (!braces || this.take(0x7d))) return value;
      } else if (point == 0x30 || (point - 0x31 < 7 && this.peek() - 0x30 < 8)) {
        this.at--;
        return this.digits(8, 3);
      }
    }
    this.fail("unknown escape", position);
    return -1;
  }

  /** Reads a number of up to `most` digits; -1 when it has none, or two are wanted and only one is there. */
  private digits(base: i32, most: i32): i32 {
    let value = 0;
    let count = 0;
    while (count < most) {
      const unit = this.peek();
      const letter = (unit | 0x20) - 0x57;
      const digit = unit - 0x30 < 10 ? unit - 0x30 : letter > 9 ? letter : 99;
      if (digit >= <u32>base) break;
      value = value * base + digit;
      if (value > 0x10ffff) return -1;
      this.at++;
      count++;
    }
    return count == 0 || (most == 2 && count == 1) ? -1 : value;
  }

  private addPerl(ranges: Array<u32>, letter: i32): void {
    addNamed(ranges, String.fromCharCode(-letter | 0x20), -letter < 0x60, false);
  }

  /** Reads what follows an opening bracket. */
  private charClass(position: i32): void {
    const ranges: Array<u32> = [];
    const ignoreCase = (this.flags & IGNORE_CASE) != 0;
    const negated = this.take(0x5e);
    for (let first = true; first || this.peek() != 0x5d; first = false) {
      if (this.peek() == END) return this.fail("missing ]", position);
      const start = this.at;
      if (this.peek() == 0x5b && this.peek(1) == 0x3a) {
        const end = this.pattern.indexOf(":]", start + 2);
        if (end >= 0) {
          const inverse = this.peek(2) == 0x5e;
          const name = this.pattern.substring(start + (inverse ? 3 : 2), end);
          if (name.length < 2 || !addNamed(ranges, name, inverse, ignoreCase))
            return this.fail("unknown class", start);
          this.at = end + 2;
          continue;
        }
      }
      const low = this.classPoint();
      if (this.error !== null) return;
      if (low < 0) {
        this.addPerl(ranges, low);
        continue;
      }
      let high = low;
      if (this.peek() == 0x2d && this.peek(1) != 0x5d && this.peek(1) != END) {
        this.at++;
        high = this.classPoint();
        if (high < low) return this.fail("bad range", start);
      }
      addRange(ranges, low, high, ignoreCase);
    }
    this.at++;
    this.putClass(ranges, negated);
  }

  private classPoint(): i32 {
    const position = this.at;
    const point = this.next();
    return point == 0x5c ? this.escapedPoint(position) : <i32>point;
  }

  private putClass(ranges: Array<u32>, negated: bool): void {
    if (negated) negate(ranges);
    else normalize(ranges);
    this.atom(Op.Class, addToPool(this.program.pool, ranges));
  }

  /** Finds out where a match can begin. */
  private prepareStart(): void {
    const program = this.program;
    const code = this.code;
    program.anchored = code[1] == instruction(Op.Assert, Assertion.TextStart);
    const seen = new StaticArray<bool>(code.length);
    const open: Array<i32> = [0];
    let low: u64 = 0;
    let high: u64 = 0;
    while (open.length > 0) {
      const at = open.pop();
      if (seen[at]) continue;
      seen[at] = true;
      const op: Op = code[at] & 15;
      const value = code[at] >> 4;
      if (op <= Op.Class) {
        if (op == Op.Class) {
          const pool = program.pool;
          low |= <u64>pool[value] | (<u64>pool[value + 1] << 32);
          high |= <u64>pool[value + 2] | (<u64>pool[value + 3] << 32);
        } else if (op <= Op.Letter) {
          if (value < 64) low |= <u64>1 << value;
          else if (value < 128) high |= <u64>1 << (value - 64);
          if (op == Op.Letter) high |= <u64>1 << (value - 96);
        } else low = high = <u64>-1;
      } else if (op == Op.Match) low = high = <u64>-1;
      else {
        if (op >= Op.Jump) open.push(at + value);
        if (op != Op.Jump) open.push(at + 1);
      }
    }
    program.firstLow = low;
    program.firstHigh = high;
  }
}

function flagOf(unit: u32): i32 {
  if (unit == 0x69) return IGNORE_CASE;
  if (unit == 0x6d) return MULTILINE;
  if (unit == 0x73) return DOT_ALL;
  return unit == 0x55 ? UNGREEDY : 0;
}

/** Whether a unit is a letter, digit or underscore of ASCII. */
export function isWord(unit: u32): bool {
  return (unit | 0x20) - 0x61 < 26 || unit - 0x30 < 10 || unit == 0x5f;
}
