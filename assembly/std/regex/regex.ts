/**
 * Regular expressions.
 *
 * @module
 */
import { cutText, newText, setUnits, slice, withRoom } from "../../memory/utf16";
import { compile } from "./compiler";
import { faultText } from "./fault";
import { pointAt } from "./input";
import { RegexMatch } from "./match";
import { Program } from "./program";
import { expand } from "./replacement";
import { Slots, close, next, open, search, slot } from "./search";

/**
 * A regular expression in RE2's syntax (docs/std-regex.md): no look-around and no references back, and in return the
 * time to match is linear in the text, whatever the pattern and the text are. Compile it once, in a plugin's constructor
 * or at module scope. One with an error matches nothing.
 *
 * @example
 * const userPath = new Regex("^/users/([0-9]+)(?:/|$)");
 * const match = userPath.exec(path);
 * const id = match !== null ? match.group(1) : null;
 */
@final
export class Regex {
  private program: Program;

  /** Compiles `pattern`. Flags are those of RE2's `(?flags)`: `i`, `m`, `s`, `U`. */
  constructor(
    /** The pattern from which it was compiled. */
    readonly pattern: string,
    flags: string = "",
  ) {
    this.program = compile(pattern, flags);
  }

  /** The position of the error in the pattern, in code units; -1 when there is none. */
  get errorPosition(): i32 {
    return this.program.faultPosition;
  }

  /** The error in the pattern, such as `position 3: missing )`; null when there is none. */
  get error(): string | null {
    if (this.errorPosition < 0) return null;
    return "position " + this.errorPosition.toString() + ": " + faultText(this.program.fault);
  }

  /** Tells whether the pattern matches somewhere in `text`. */
  test(text: string): bool {
    return this.errorPosition < 0 && search(this.program, text, 0, false, Slots.None);
  }

  /** Tells whether the pattern matches all of `text`, as Envoy's `safe_regex` wants it. */
  testWhole(text: string): bool {
    return this.errorPosition < 0 && search(this.program, text, 0, true, Slots.None);
  }

  /**
   * The first match in `text`, from the position `from` on; null when there is none. Of matches that begin at the same
   * place it is the one that comes first when the alternatives are tried in their order.
   */
  exec(text: string, from: i32 = 0): RegexMatch | null {
    if (this.errorPosition >= 0 || from < 0 || from > text.length) return null;
    return search(this.program, text, from, false, Slots.All)
      ? new RegexMatch(text, this.program).read()
      : null;
  }

  /** All matches in `text` that do not overlap, first to last, from the position `from` on. */
  execAll(text: string, from: i32 = 0): RegexMatch[] {
    const matches = new Array<RegexMatch>();
    if (this.errorPosition >= 0 || from < 0 || from > text.length) return matches;
    open(this.program, text, from, Slots.All, true);
    for (; from <= text.length && next(this.program, from, false); from = after(text))
      matches.push(new RegexMatch(text, this.program).read());
    close();
    return matches;
  }

  /**
   * `text` with the first match replaced. In `replacement`, `$1` to `$99` stand for groups, `$&` for the match,
   * `$<name>` for the group of this name, and `$$` for a dollar sign, as in JavaScript.
   */
  replace(text: string, replacement: string): string {
    const match = this.exec(text);
    if (match === null) return text;
    return slice(text, 0, match.start) + expand(replacement, match) + slice(text, match.end, text.length);
  }

  /** `text` with all matches replaced; see `replace`. */
  replaceAll(text: string, replacement: string): string {
    if (this.errorPosition >= 0) return text;
    const match = new RegexMatch(text, this.program);
    let replaced = "";
    let size = 0;
    let end = 0;
    open(this.program, text, 0, Slots.All, true);
    for (let from = 0; from <= text.length && next(this.program, from, false); from = after(text)) {
      match.read();
      if (size == 0 && end == 0) replaced = newText(text.length);
      const added = expand(replacement, match);
      replaced = withRoom(replaced, size, match.start - end + added.length);
      size = setUnits(replaced, size, text, end, match.start);
      size = setUnits(replaced, size, added, 0, added.length);
      end = match.end;
    }
    close();
    if (replaced.length == 0) return text;
    replaced = withRoom(replaced, size, text.length - end);
    return cutText(replaced, setUnits(replaced, size, text, end, text.length));
  }

  /** The parts of `text` between matches, at most `limit` of them; the groups of the matches are not among them. */
  split(text: string, limit: i32 = i32.MAX_VALUE): string[] {
    const parts = new Array<string>();
    let end = 0;
    let from = this.errorPosition < 0 ? 0 : text.length;
    open(this.program, text, 0, Slots.Match, true);
    while (parts.length < limit && from < text.length && next(this.program, from, false)) {
      const start = slot(0);
      const stop = slot(1);
      from = after(text);
      // An empty match at the end of a part, or of the text, does not separate anything.
      if (start == text.length || (start == stop && start == end)) continue;
      parts.push(slice(text, end, start));
      end = stop;
    }
    close();
    if (parts.length < limit && (text.length > 0 || !this.test(text)))
      parts.push(slice(text, end, text.length));
    return parts;
  }
}

/** The position from which to look for the match after the one in the slots: an empty one is passed by a character. */
function after(text: string): i32 {
  const end = slot(1);
  if (end > slot(0)) return end;
  return end + (end < text.length && pointAt(end) > 0xffff ? 2 : 1);
}
