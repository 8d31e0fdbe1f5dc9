/**
 * The start tag of an element.
 *
 * @module
 */
import { ByteSink } from "../../memory/byte-sink";
import { decode } from "../../memory/text";
import { lowerCase } from "../../memory/utf16";
import { isSpace } from "./states";

/** The position of an attribute in its tag. */
@final
class Attribute {
  constructor(
    readonly start: i32,
    readonly nameEnd: i32,
    readonly valueStart: i32,
    readonly valueEnd: i32,
    readonly end: i32,
  ) {}
}

/** An element as its start tag has come. It is there in `onElement` only. */
@final
export class HtmlElement {
  /** @internal HTML to put before the tag, behind it, before the end tag and behind that. */
  putBefore: string = "";
  /** @internal */
  putFirst: string = "";
  /** @internal */
  putLast: string = "";
  /** @internal */
  putAfter: string = "";
  /** @internal */
  isRemoved: bool = false;
  /** @internal */
  kind: u32 = 0;
  private read: Attribute[] | null = null;

  /** @internal */
  constructor(
    /** The name in lower case. */
    readonly name: string,
    private tag: Uint8Array,
    private nameEnd: i32,
  ) {}

  /**
   * The value of an attribute as it is written, character references and all; `""` when it has none, null when it is not there.
   * `attribute` is in lower case. Of two with the same name the first counts, as in browsers.
   */
  get(attribute: string): string | null {
    const found = this.find(attribute);
    return found === null ? null : this.text(found.valueStart, found.valueEnd);
  }

  /** Tells whether there is such an attribute. */
  has(attribute: string): bool {
    return this.find(attribute) !== null;
  }

  /**
   * Sets an attribute, or adds it. `value` is written between double quotes as it is, but for these: what is text goes through
   * `escapeHtml` first. A name that is none is ignored.
   */
  set(attribute: string, value: string): void {
    if (!isName(attribute)) return;
    const found = this.find(attribute);
    const text = attribute + '="' + value.replaceAll('"', "&quot;") + '"';
    if (found !== null) this.replace(found.start, found.end, text);
    else this.replace(this.nameEnd, this.nameEnd, " " + text);
  }

  /** Removes an attribute. */
  removeAttribute(attribute: string): void {
    // There may be more of them: without the first the second counts.
    for (let found = this.find(attribute); found !== null; found = this.find(attribute))
      this.replace(found.start, found.end, "");
  }

  /** Puts HTML in front of the element. */
  before(html: string): void {
    this.putBefore += html;
  }

  /** Puts HTML at the beginning of what the element contains. */
  prepend(html: string): void {
    this.putFirst = html + this.putFirst;
  }

  /** Puts HTML at the end of what the element contains; not of `html`, `head` and `body`: see `HtmlEditor.append`. */
  append(html: string): void {
    this.putLast += html;
  }

  /** Puts HTML behind the element; not for `html`, `head` and `body`. */
  after(html: string): void {
    this.putAfter = html + this.putAfter;
  }

  /** Removes the element with all that it contains. HTML that is put before and after it stays. */
  remove(): void {
    this.isRemoved = true;
  }

  /** @internal The tag as it is now. */
  get bytes(): Uint8Array {
    return this.tag;
  }

  private text(start: i32, end: i32): string {
    return decode(this.tag.dataStart + <usize>start, <usize>(end - start));
  }

  private find(attribute: string): Attribute | null {
    const all = this.attributes();
    for (let i = 0; i < all.length; i++) {
      const each = unchecked(all[i]);
      const name = this.text(each.start, each.nameEnd);
      if (lowerCase(name, 0, name.length) == attribute) return each;
    }
    return null;
  }

  private replace(start: i32, end: i32, text: string): void {
    const sink = new ByteSink();
    sink.add(this.tag, 0, start);
    sink.addText(text);
    // Text behind an attribute's value, quoted or not, would become a part of it without a space.
    const next = end < this.tag.length ? <u32>this.tag[end] : 0x3e;
    if (text.length > 0 && next != 0x3e && next != 0x2f && !isSpace(next)) sink.addByte(0x20);
    sink.add(this.tag, end);
    this.tag = sink.take();
    this.read = null;
  }

  /** The attributes; the tokenizer has seen that the tag is complete. */
  private attributes(): Attribute[] {
    const known = this.read;
    if (known !== null) return known;
    const all = new Array<Attribute>();
    const tag = this.tag;
    const last = tag.length - 1; // ">"
    let at = this.nameEnd;
    while (true) {
      while (at < last && (isSpace(tag[at]) || tag[at] == 0x2f)) at++;
      if (at >= last) break;
      const start = at++; // also "="
      while (at < last && !isSpace(tag[at]) && tag[at] != 0x2f && tag[at] != 0x3d) at++;
      const nameEnd = at;
      let next = at;
      while (next < last && isSpace(tag[next])) next++;
      if (next >= last || tag[next] != 0x3d) {
        all.push(new Attribute(start, nameEnd, nameEnd, nameEnd, nameEnd));
        continue;
      }
      next++;
      while (next < last && isSpace(tag[next])) next++;
      const quote = next < last ? <u32>tag[next] : 0;
      if (quote == 0x22 || quote == 0x27) {
        const valueStart = next + 1;
        at = valueStart;
        while (at < last && <u32>tag[at] != quote) at++;
        all.push(new Attribute(start, nameEnd, valueStart, at, at + 1));
        at++;
      } else {
        at = next;
        while (at < last && !isSpace(tag[at])) at++;
        all.push(new Attribute(start, nameEnd, next, at, at));
      }
    }
    this.read = all;
    return all;
  }
}

/** Tells whether a text can be the name of an attribute. */
function isName(text: string): bool {
  for (let i = 0; i < text.length; i++) {
    const unit = <u32>text.charCodeAt(i);
    if (
      unit <= 0x20 ||
      unit == 0x22 ||
      unit == 0x27 ||
      unit == 0x2f ||
      unit == 0x3c ||
      unit == 0x3d ||
      unit == 0x3e
    )
      return false;
  }
  return text.length > 0;
}
