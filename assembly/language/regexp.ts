/**
 * Regular expressions as TypeScript writes them, by std/regex: `/a+/g`, `text.match(/a/)` and the like.
 *
 * @module
 */
import { Regex } from "../std/regex/regex";
export { Regex };
import { RegexMatch } from "../std/regex/match";
import { Record } from "./record";

/** The regular expression of a literal; the build has translated it. */
export function compileLiteral(pattern: string, flags: string): Regex {
  const regex = new Regex(pattern, flags);
  if (regex.errorPosition >= 0) throw new Error("this regular expression cannot be had: " + pattern);
  return regex;
}

/** The result of a match: the whole match first, then the groups; or all matches of an expression with the flag `g`. */
export class RegExpMatch extends Array<string> {
  index: i32 = 0;
  input: string = "";
  groups: Record<string> | null = null;
}

/** A regular expression. */
@final
export class RegExp {
  lastIndex: i32 = 0;

  constructor(
    private regex: Regex,
    readonly source: string,
    readonly flags: string,
    private names: string,
  ) {}

  get global(): bool {
    return this.flags.includes("g");
  }

  get ignoreCase(): bool {
    return this.flags.includes("i");
  }

  test(text: string): bool {
    return this.global ? this.next(text) !== null : this.regex.test(text);
  }

  exec(text: string): RegExpMatch | null {
    const found = this.next(text);
    return found === null ? null : this.listed(found);
  }

  toString(): string {
    return "/" + this.source + "/" + this.flags;
  }

  /** The next match; with the flag `g` it goes on where the last one ended. */
  private next(text: string): RegexMatch | null {
    if (!this.global) return this.regex.exec(text);
    const found = this.regex.exec(text, this.lastIndex);
    this.lastIndex = found === null ? 0 : found.end;
    return found;
  }

  private listed(found: RegexMatch): RegExpMatch {
    const list = new RegExpMatch();
    list.index = found.start;
    list.input = found.input;
    for (let i = 0; i <= found.groupCount; i++) list.push(changetype<string>(found.group(i)));
    if (this.names.length > 0) {
      const groups = new Record<string>();
      const names = this.names.split(",");
      for (let i = 0; i < names.length; i++) {
        const group = found.named(names[i]);
        if (group !== null) groups.__entries.set(names[i], group);
      }
      list.groups = groups;
    }
    return list;
  }

  /** @internal */
  match(text: string): RegExpMatch | null {
    if (!this.global) return this.exec(text);
    this.lastIndex = 0;
    const all = this.regex.execAll(text);
    if (all.length == 0) return null;
    const list = new RegExpMatch();
    for (let i = 0; i < all.length; i++) list.push(all[i].text);
    return list;
  }

  /** @internal */
  matchAll(text: string): RegExpMatch[] {
    const all = this.regex.execAll(text);
    const list = new Array<RegExpMatch>();
    for (let i = 0; i < all.length; i++) list.push(this.listed(all[i]));
    return list;
  }

  /** @internal */
  replace(text: string, replacement: string): string {
    return this.global ? this.regex.replaceAll(text, replacement) : this.regex.replace(text, replacement);
  }

  /** @internal */
  replaceWith<T>(text: string, make: (match: T) => string): string {
    const all = this.global ? this.regex.execAll(text) : this.first(text);
    let result = "";
    let from = 0;
    for (let i = 0; i < all.length; i++) {
      const match = isString<T>() ? changetype<T>(all[i].text) : changetype<T>(this.listed(all[i]));
      result += text.substring(from, all[i].start) + make(match);
      from = all[i].end;
    }
    return result + text.substring(from);
  }

  private first(text: string): RegexMatch[] {
    const found = this.regex.exec(text);
    return found === null ? [] : [found];
  }

  /** @internal Groups are among the parts, as in JavaScript. */
  split(text: string, limit: i32): string[] {
    const parts = new Array<string>();
    if (text.length == 0) {
      const found = this.regex.exec(text);
      if (found === null) parts.push(text);
      return limit == 0 ? [] : parts;
    }
    const all = this.regex.execAll(text);
    let from = 0;
    for (let i = 0; i < all.length; i++) {
      const match = all[i];
      // An empty match splits between characters only.
      if (match.end == match.start && (match.start == from || match.start == text.length)) continue;
      parts.push(text.substring(from, match.start));
      for (let group = 1; group <= match.groupCount; group++)
        parts.push(changetype<string>(match.group(group)));
      from = match.end;
    }
    parts.push(text.substring(from));
    return limit < parts.length && limit >= 0 ? parts.slice(0, limit) : parts;
  }

  /** @internal */
  search(text: string): i32 {
    const found = this.regex.exec(text);
    return found === null ? -1 : found.start;
  }
}

export function textMatch(text: string, regExp: RegExp): RegExpMatch | null {
  return regExp.match(text);
}

export function textMatchAll(text: string, regExp: RegExp): RegExpMatch[] {
  return regExp.matchAll(text);
}

export function textReplace(text: string, regExp: RegExp, replacement: string): string {
  return regExp.replace(text, replacement);
}

export function textReplaceWith(text: string, regExp: RegExp, make: (match: string) => string): string {
  return regExp.replaceWith<string>(text, make);
}

export function textReplaceParts(text: string, regExp: RegExp, make: (parts: RegExpMatch) => string): string {
  return regExp.replaceWith<RegExpMatch>(text, make);
}

/** The parameter `index` of a replacing function, of which the code says that it is a text. */
export function replacedGroup(parts: RegExpMatch, index: i32): string {
  const group = replacedGroupOrNull(parts, index);
  if (group === null)
    throw new Error(
      `group ${index} has no part in this match, and the replacing function takes it for a text: write \`: string | undefined\` behind it`,
    );
  return group;
}

/** The same, of which the code expects that it may be missing. */
export function replacedGroupOrNull(parts: RegExpMatch, index: i32): string | null {
  if (index == parts.length + 1) return parts.input;
  if (index >= parts.length)
    throw new Error(
      `parameter ${index} of the replacing function is no group, the pattern has ${parts.length - 1}: behind them comes the offset, \`offset: number\``,
    );
  return changetype<string | null>(unchecked(parts[index]));
}

/** The parameter `index` of a replacing function, of which the code says that it is a number: only the offset is one. */
export function replacedOffset(parts: RegExpMatch, index: i32): f64 {
  if (index != parts.length)
    throw new Error(
      `parameter ${index} of the replacing function is not the offset, which comes behind all ${parts.length - 1} groups`,
    );
  return parts.index;
}

export function textSplit(text: string, regExp: RegExp, limit: i32 = i32.MAX_VALUE): string[] {
  return regExp.split(text, limit);
}

export function textSearch(text: string, regExp: RegExp): i32 {
  return regExp.search(text);
}
