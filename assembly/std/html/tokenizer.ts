/**
 * Finds tags, comments and text in a stream of bytes.
 *
 * @module
 */
import { BodyEditor } from "../../http/body-editor";
import { ByteSink } from "../../memory/byte-sink";
import { decode } from "../../memory/text";
import { lowerCase } from "../../memory/utf16";
import { ScriptText } from "./script";
import { Content, Script, State, afterAside, afterTag, endsName, isLetter } from "./states";

/** The longest tag that is shown; what is longer passes as it is. */
export const MOST_OF_TAG = 1 << 16;

/** The beginning of a section, behind `<!`, in SVG and MathML: text in which `<` means nothing. */
const CDATA = "[CDATA[";

/**
 * WHATWG's tokenizer over bytes of an encoding that has ASCII's. It gives back all bytes that it is given, in order: text,
 * comments and all else that is no tag in pieces by `passes`, tags whole by `startTag` and `endTag`. Nothing but a tag is kept.
 */
export abstract class HtmlTokenizer extends BodyEditor {
  private state: State = State.Text;
  private content: Content = Content.Data;
  private readonly script: ScriptText = new ScriptText();
  /** The tag, or what may become one. */
  protected readonly tag: ByteSink = new ByteSink();
  private isEndTag: bool = false;
  /** The end of the tag's name; 0 before it has ended. */
  protected nameEnd: i32 = 0;
  /** It was too long to be kept: this is its name. */
  private longName: string | null = null;
  /** The name of the element whose text is raw. */
  private rawName: string = "";
  /** The byte that was read has been passed on: it is not kept. */
  private hasPassed: bool = false;
  /** `/` stands before the `>`. */
  protected isSelfClosing: bool = false;

  /** Tells whether elements are those of SVG or MathML now. */
  protected abstract get isForeign(): bool;

  /** Bytes that are part of no tag; `isText`: and not of a comment, a doctype or the like. */
  protected abstract passes(bytes: Uint8Array, start: i32, end: i32, isText: bool): void;

  /** A start tag is whole, and in `tag`; or it was too long, and is not. Its bytes are to be passed on. */
  protected abstract startTag(name: string, isLong: bool): void;

  /** A start tag is too long; what there is of it passes next. */
  protected abstract longTag(name: string): void;

  /** An end tag; see `startTag`. */
  protected abstract endTag(name: string, isLong: bool): void;

  /** Raw text follows: that of the element that has just begun. */
  protected expectText(content: Content, name: string): void {
    this.content = content;
    this.rawName = name;
    this.script.state = Script.Plain;
  }

  /** How many bytes are kept. */
  protected get kept(): i32 {
    return this.tag.size;
  }

  /** Reads what has come. */
  protected read(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.state == State.Text) at = this.readText(chunk, at);
      else if (this.state >= State.CommentStart && this.state <= State.CdataEnd)
        at = this.readAside(chunk, at);
      else {
        const byte = <u32>unchecked(chunk[at]);
        if (this.readMarkup(byte)) {
          at++;
          this.keep(byte);
        }
      }
    }
  }

  /** Nothing follows: what has begun ends here. */
  protected finish(): void {
    this.giveBack(true);
  }

  private readText(chunk: Uint8Array, start: i32): i32 {
    const content = this.content;
    let at = start;
    if (content == Content.Plain) at = chunk.length;
    else if (content == Content.Script) {
      const script = this.script;
      for (; at < chunk.length; at++) {
        const byte = <u32>unchecked(chunk[at]);
        if (byte == 0x3c && script.mayEnd) break;
        script.next(byte);
      }
    } else while (at < chunk.length && unchecked(chunk[at]) != 0x3c) at++;
    if (at > start) this.passes(chunk, start, at, true);
    if (at == chunk.length) return at;
    this.state = content == Content.Data ? State.TagOpen : State.RawOpen;
    this.tag.addByte(0x3c);
    return at + 1;
  }

  /** Comments and the like, which are not kept. */
  private readAside(chunk: Uint8Array, start: i32): i32 {
    let state = this.state;
    let at = start;
    while (at < chunk.length && state != State.Text) state = afterAside(state, <u32>unchecked(chunk[at++]));
    this.state = state;
    this.passes(chunk, start, at, false);
    return at;
  }

  /** Tells whether a byte is part of what has begun with `<`; otherwise it is to be read again, in another state. */
  private readMarkup(byte: u32): bool {
    switch (this.state) {
      case State.TagOpen:
        this.isEndTag = false;
        this.nameEnd = 0;
        if (isLetter(byte)) this.state = State.TagName;
        else if (byte == 0x2f) this.state = State.EndTagOpen;
        else if (byte == 0x21) this.state = State.Declaration;
        else if (byte == 0x3f) return this.setAside(State.Bogus);
        else return this.giveBack(true);
        return true;
      case State.EndTagOpen:
        this.isEndTag = true;
        if (isLetter(byte)) this.state = State.TagName;
        else return this.setAside(State.Bogus);
        return true;
      case State.Declaration:
        return this.readDeclaration(byte);
      case State.RawOpen:
        return this.readRawOpen(byte);
      case State.RawEndOpen:
        if (!isLetter(byte)) return this.giveBack(true);
        this.state = State.RawEndName;
        return true;
      case State.RawEndName:
        return this.readRawName(byte);
      default:
        return this.readTag(byte);
    }
  }

  private readTag(byte: u32): bool {
    const state = this.state;
    const next = afterTag(state, byte);
    if (state == State.TagName && next != state) this.nameEnd = this.tag.size;
    if (next == State.Text) return this.endsTag(byte);
    this.state = next;
    return true;
  }

  private readDeclaration(byte: u32): bool {
    const tag = this.tag;
    const at = tag.size - 2; // behind "<!"
    if (at == 0 && byte == 0x2d) return true;
    const first = at > 0 ? <u32>load<u8>(tag.start + 2) : byte;
    if (first == 0x2d) {
      tag.addByte(byte);
      return this.setAside(byte == 0x2d ? State.CommentStart : byte == 0x3e ? State.Text : State.Bogus, true);
    }
    if (first == 0x5b && this.isForeign) {
      if (byte != CDATA.charCodeAt(at)) return this.setAside(State.Bogus);
      if (at + 1 < CDATA.length) return true;
      tag.addByte(byte);
      return this.setAside(State.Cdata, true);
    }
    // A doctype ends where what is none does.
    return this.setAside(State.Bogus);
  }

  private readRawOpen(byte: u32): bool {
    if (byte == 0x2f) {
      this.isEndTag = true;
      this.nameEnd = 0;
      this.state = State.RawEndOpen;
      return true;
    }
    if (this.content == Content.Script) {
      const script = this.script;
      if (script.state < Script.Escaped) {
        const opens = byte == 0x21;
        this.giveBack(true);
        if (opens) {
          // The "!" is text; what follows it decides.
          this.tag.addByte(byte);
          this.giveBack(true);
          script.state = Script.EscapeStart;
        }
        this.hasPassed = opens;
        return opens;
      }
      this.giveBack(true);
      if (isLetter(byte)) script.beginName();
      return false;
    }
    return this.giveBack(true);
  }

  private readRawName(byte: u32): bool {
    if (isLetter(byte)) return this.tag.size < 16 || this.giveBack(true);
    if (!endsName(byte) || this.nameIn(2, this.tag.size) != this.rawName) return this.giveBack(true);
    this.state = State.TagName;
    return this.readTag(byte);
  }

  /** Keeps a byte of what has begun with `<`, until there is too much of it. */
  private keep(byte: u32): void {
    if (this.hasPassed) {
      this.hasPassed = false;
      return;
    }
    if (this.state == State.Text) return; // the tag has ended with it
    const tag = this.tag;
    tag.addByte(byte);
    if (tag.size < MOST_OF_TAG) return;
    if (this.longName === null) {
      const name = this.nameEnd > 0 ? this.nameIn(this.nameStart, this.nameEnd) : "";
      this.longName = name;
      if (!this.isEndTag) this.longTag(name);
    }
    this.giveBack(false);
  }

  private get nameStart(): i32 {
    return this.isEndTag ? 2 : 1;
  }

  /** A part of the tag in lower case. */
  private nameIn(start: i32, end: i32): string {
    const name = decode(this.tag.start + <usize>start, <usize>(end - start));
    return lowerCase(name, 0, name.length);
  }

  private endsTag(byte: u32): bool {
    this.tag.addByte(byte);
    this.isSelfClosing = this.state == State.SelfClosing;
    this.state = State.Text;
    this.content = Content.Data;
    const longName = this.longName;
    this.longName = null;
    const name = longName !== null ? longName : this.nameIn(this.nameStart, this.nameEnd);
    if (this.isEndTag) this.endTag(name, longName !== null);
    else this.startTag(name, longName !== null);
    this.tag.cut(0);
    return true;
  }

  /**
   * Ends markup that turned out to be text: it passes, and text follows. Or goes on with the tag, if it is one. Answers false.
   */
  private giveBack(isText: bool): bool {
    if (isText) {
      this.state = State.Text;
      if (this.content == Content.Script) this.script.resume();
    }
    if (this.tag.size > 0) {
      const bytes = this.tag.take();
      this.passes(bytes, 0, bytes.length, isText);
    }
    return false;
  }

  /** Begins a comment or the like: the bytes so far pass. Answers `taken`. */
  private setAside(state: State, taken: bool = false): bool {
    const bytes = this.tag.take();
    this.passes(bytes, 0, bytes.length, false);
    this.state = state;
    this.hasPassed = taken;
    return taken;
  }
}
