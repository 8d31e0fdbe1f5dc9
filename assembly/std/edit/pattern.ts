/**
 * Matches of a pattern that are replaced.
 *
 * @module
 */
import { BodyEditor } from "../../http/body-editor";
import { ByteSink } from "../../memory/byte-sink";
import { decode } from "../../memory/text";
import { slice, unitAt } from "../../memory/utf16";
import { Regex } from "../regex";
import { expand } from "../regex/replacement";
import { cutSize } from "./cut";

/**
 * Replaces the matches of a pattern that are at most `longest` units long. A text that may be the beginning of a match is kept
 * back until so much has come behind it. The text is looked through when twice as much is there, so that no unit is looked at
 * often.
 */
@final
export class PatternEditor extends BodyEditor {
  /** Bytes that are not decoded yet, because they may end within a character. */
  private bytes: ByteSink = new ByteSink();
  /** The text that has not gone on yet; its first unit, if `hasBefore` is 1, has gone on, and is kept for look-behind. */
  private text: string = "";
  private hasBefore: i32 = 0;

  constructor(
    private readonly regex: Regex,
    private readonly replacement: string,
    private readonly longest: i32,
  ) {
    super();
  }

  get held(): u32 {
    return this.text.length - this.hasBefore + this.bytes.size;
  }

  push(chunk: Uint8Array, last: bool): Uint8Array {
    const bytes = this.bytes;
    bytes.add(chunk);
    const longest = this.longest;
    if (!last && <i64>bytes.size + this.text.length < (<i64>longest) << 1) return new Uint8Array(0);
    const size = bytes.size - (last ? 0 : cutSize(bytes.start, bytes.size));
    let text = this.text + decode(bytes.start, size);
    const rest = bytes.take().subarray(size);
    bytes.add(rest);

    const sink = new ByteSink();
    // A match that begins here or behind may become another when more has come.
    let border = last ? text.length + 1 : text.length - longest;
    if (border > 0 && isPair(text, border)) border--;
    let done = this.hasBefore;
    const matches = this.regex.execAll(text, done);
    for (let i = 0; i < matches.length; i++) {
      const match = unchecked(matches[i]);
      if (match.start >= border) break;
      sink.addText(slice(text, done, match.start));
      sink.addText(expand(this.replacement, match));
      done = match.end;
    }
    const end = last ? text.length : max(done, border);
    sink.addText(slice(text, done, max(done, end)));
    this.hasBefore = end > 0 ? 1 : 0;
    this.text = slice(text, end - this.hasBefore, text.length);
    return sink.take();
  }
}

/** Tells whether the unit at a position is the second of a character's two. */
function isPair(text: string, at: i32): bool {
  return at < text.length && unitAt(text, at) - 0xdc00 < 0x400 && unitAt(text, at - 1) - 0xd800 < 0x400;
}
