import { findUnit, lowerCase, unitAt } from "../../memory/utf16";
import { isQuotable, isToken, quoteUnlessToken, skipSpace, trimSpace, unquote } from "./syntax";

/** Parameters beyond these are left out: nobody needs more, and looking for repeats must not take long. */
const MOST_PARAMETERS = 32;

/**
 * A media type, as in `content-type` (https://mimesniff.spec.whatwg.org/#parsing-a-mime-type): type and names in lower
 * case, the first of repeated parameters, and without those that are wrong. May be used everywhere.
 *
 * @example
 * const type = MediaType.parse(this.request.headers.get("content-type")!);
 * if (type === null || type.essence != "application/json") return this.respond(415);
 */
@final
export class MediaType {
  /** Names and values of the parameters, in order. */
  readonly parameters: string[][] = new Array<string[]>();

  constructor(
    /** The part before the "/": `text`. `text`. */
    readonly type: string,
    /** The part behind the "/": `html`. `html`. */
    readonly subtype: string,
  ) {}

  /** Reads a media type; null when it has no type or subtype, or one that is no token. */
  static parse(text: string): MediaType | null {
    const length = trimSpace(text, 0, text.length);
    const start = skipSpace(text, 0, length);
    const slash = findUnit(text, 0x2f, start, length);
    let semicolon = findUnit(text, 0x3b, slash, length);
    const end = trimSpace(text, min(slash + 1, length), semicolon);
    if (!isToken(text, start, slash) || !isToken(text, min(slash + 1, length), end)) return null;
    const media = new MediaType(lowerCase(text, start, slash), lowerCase(text, slash + 1, end));
    while (semicolon < length) semicolon = media.readParameter(text, semicolon + 1, length);
    return media;
  }

  /** Reads the parameter at `start`; answers the index of the ";" behind it, or `length`. */
  private readParameter(text: string, start: i32, length: i32): i32 {
    start = skipSpace(text, start, length);
    let at = start;
    while (at < length && unitAt(text, at) != 0x3b && unitAt(text, at) != 0x3d) at++;
    if (at == length || unitAt(text, at) == 0x3b) return at;
    const value = at + 1;
    const isQuoted = value < length && unitAt(text, value) == 0x22;
    let end = value;
    if (isQuoted) {
      for (end++; end < length && unitAt(text, end) != 0x22; end++) if (unitAt(text, end) == 0x5c) end++;
      end = min(end + 1, length);
    }
    const next = findUnit(text, 0x3b, end, length);
    if (!isQuoted) end = trimSpace(text, value, next);
    if ((!isQuoted && end == value) || !isToken(text, start, at) || this.parameters.length >= MOST_PARAMETERS)
      return next;
    const name = lowerCase(text, start, at);
    const content = unquote(text, value, end);
    if (isQuotable(content) && this.get(name) === null) this.parameters.push([name, content]);
    return next;
  }

  /** Type and subtype: `text/html`. */
  get essence(): string {
    return this.type + "/" + this.subtype;
  }

  /** The value of the parameter `name`, which is in lower case; null when there is none. */
  get(name: string): string | null {
    for (let i = 0; i < this.parameters.length; i++)
      if (this.parameters[i][0] == name) return this.parameters[i][1];
    return null;
  }

  /** The media type as text, in one form for all ways to write it. */
  toString(): string {
    let text = this.essence;
    for (let i = 0; i < this.parameters.length; i++)
      text += ";" + this.parameters[i][0] + "=" + quoteUnlessToken(this.parameters[i][1]);
    return text;
  }
}
