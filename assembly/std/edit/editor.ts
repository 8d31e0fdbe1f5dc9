/**
 * Editors of streams.
 *
 * @module
 */
import { BodyEditor } from "../../http/body-editor";
import { utf8 } from "../encoding/utf8";
import { Regex } from "../regex";
import { LiteralEditor } from "./literal";
import { PatternEditor } from "./pattern";

/**
 * Replaces texts, bytes and patterns in a body as it passes, also those that its chunks cut in two. Rules work in the order in
 * which they were added, each on the result of those before. It keeps back no more than the beginning of a possible match. Text
 * that is compressed is not text: see to it that no `content-encoding` comes.
 *
 * @example
 * const digits = new Regex("[0-9]{12,19}");
 * const editor = new StreamEditor().replace("http://internal/", "https://example.com/").replacePattern(digits, "#", 20);
 */
export class StreamEditor extends BodyEditor {
  private stages: BodyEditor[] = new Array<BodyEditor>();

  /** Puts `replacement` in the place of each `search`, compared as bytes; an empty one is nowhere. */
  replace(search: string, replacement: string): this {
    return this.replaceBytes(utf8.encode(search), utf8.encode(replacement));
  }

  /** `replace` with bytes. */
  replaceBytes(search: Uint8Array, replacement: Uint8Array): this {
    return search.length > 0 ? this.through(new LiteralEditor(search, replacement)) : this;
  }

  /**
   * Puts `replacement` in the place of each match of `regex` that is at most `longest` UTF-16 units long; of a longer one, its
   * parts are found. `$1` to `$99`, `$&`, `$<name>` and `$$` are as in `Regex.replace`. Up to twice so many units are kept back.
   */
  replacePattern(regex: Regex, replacement: string, longest: i32 = 256): this {
    return this.through(new PatternEditor(regex, replacement, max(longest, 1)));
  }

  /** Has what the editors before have answered go through another. */
  through(editor: BodyEditor): this {
    this.stages.push(editor);
    return this;
  }

  get held(): u32 {
    let held: u32 = 0;
    for (let i = 0; i < this.stages.length; i++) held += this.stages[i].held;
    return held;
  }

  push(chunk: Uint8Array, last: bool): Uint8Array {
    for (let i = 0; i < this.stages.length; i++) chunk = this.stages[i].push(chunk, last);
    return chunk;
  }
}
