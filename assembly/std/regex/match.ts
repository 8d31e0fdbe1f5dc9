/**
 * The result of a match.
 *
 * @module
 */
import { Integers } from "../../memory/integers";
import { slice } from "../../memory/utf16";
import { Program } from "./program";
import { slot } from "./search";

/** A match with its groups: number 0 is the whole match, the others count from 1 in the order of their parentheses. */
@final
export class RegexMatch {
  private positions: Integers = new Integers();

  /** @internal */
  constructor(
    /** The text that was searched. */
    readonly input: string,
    private program: Program,
  ) {}

  /** @internal Takes the positions of the match that was found last. */
  read(): this {
    this.positions.length = 0;
    for (let i = 0; i < this.program.groupCount * 2; i++) this.positions.push(slot(i));
    return this;
  }

  /** The position of the match, in code units. */
  get start(): i32 {
    return this.positions.at(0);
  }

  /** The end of the match. */
  get end(): i32 {
    return this.positions.at(1);
  }

  /** The text that matched. */
  get text(): string {
    return slice(this.input, this.start, this.end);
  }

  /** How many groups the pattern has, without the whole match. */
  get groupCount(): i32 {
    return this.positions.length / 2 - 1;
  }

  /** The text of group `number`; null when it took no part in the match, or does not exist. */
  group(number: i32): string | null {
    const start = this.startOf(number);
    return start < 0 ? null : slice(this.input, start, this.endOf(number));
  }

  /** The text of the group `(?P<name>…)` or `(?<name>…)`; null when it took no part in the match, or does not exist. */
  named(name: string): string | null {
    return this.group(this.numberOf(name));
  }

  /** The number of the group of this name; -1 when there is none. */
  numberOf(name: string): i32 {
    return this.program.numberOf(name);
  }

  /** The position of group `number`; -1 when it took no part in the match. */
  startOf(number: i32): i32 {
    return this.position(number, 0);
  }

  /** The end of group `number`; -1 when it took no part in the match. */
  endOf(number: i32): i32 {
    return this.position(number, 1);
  }

  private position(number: i32, side: i32): i32 {
    if (<u32>number > <u32>this.groupCount) return -1;
    // A group that began in a round that was given up has no end.
    if (this.positions.at(number * 2 + 1) < 0) return -1;
    return this.positions.at(number * 2 + side);
  }
}
