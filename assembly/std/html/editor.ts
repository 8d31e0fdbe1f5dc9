/**
 * Changing HTML as it passes.
 *
 * @module
 */
import { ByteSink } from "../../memory/byte-sink";
import { HtmlElement } from "./element";
import { Place, Rules } from "./rules";
import { Structure } from "./structure";
import { BORDER, RAW, TABLE, VOID, endsAt, kindOf } from "./names";
import { OpenElement } from "./open-element";
import { Content, isSpace } from "./states";
import { HtmlTokenizer } from "./tokenizer";
import { Namespaces } from "./namespaces";

/** The kind of text in an element. */
function textOf(name: string): Content {
  if (name == "script") return Content.Script;
  return name == "plaintext" ? Content.Plain : Content.Raw;
}

/** So many elements in each other are told apart. */
const MOST_OPEN = 512;

/**
 * Changes HTML as it passes, in chunks of any size: puts HTML at the beginning or end of elements, before or after them, replaces
 * attributes, and removes elements. Tokens begin and end where WHATWG's rules have them, in broken markup, too. Unchanged parts
 * pass byte by byte as they came. Nothing but a tag that has not ended is kept, 64 KiB at most: a longer one passes, and only
 * removing sees it. For encodings that have ASCII's characters, as UTF-8 has.
 *
 * The head and the body are where browsers have them, also in a document without their tags. Another element ends at its end
 * tag, or where one around it ends or another begins that it cannot contain.
 *
 * @example
 * const editor = new HtmlEditor()
 *   .append("head", '<script src="/consent.js"></script>')
 *   .replaceInAttribute("a", "href", "http://internal/", "https://example.com/")
 *   .remove("iframe");
 */
export class HtmlEditor extends HtmlTokenizer {
  private readonly rules: Rules = new Rules();
  private out: ByteSink = new ByteSink();
  private open: OpenElement[] = new Array<OpenElement>();
  /** How many are open beyond those. */
  private beyond: i32 = 0;
  /** How many elements are removed now, each in the one before. */
  private removing: i32 = 0;
  private readonly namespaces: Namespaces = new Namespaces();
  private readonly structure: Structure = new Structure();
  /** The element that began last has content. */
  private hasContent: bool = false;
  private isLongRemoved: bool = false;
  /** How many elements are open around the one in the head that has content of its own. */
  private innerAt: i32 = 0;

  /** Called for each start tag; it may change the tag and say what becomes of the element. */
  onElement(element: HtmlElement): void {}

  /** Puts HTML at the beginning of what each element of this name contains. */
  prepend(name: string, html: string): this {
    return this.rule(name, Place.First, html);
  }

  /** Puts HTML at the end of what each element of this name contains. */
  append(name: string, html: string): this {
    return this.rule(name, Place.Last, html);
  }

  /** Puts HTML before each element of this name; not for `head` and `body`. */
  before(name: string, html: string): this {
    return this.rule(name, Place.Before, html);
  }

  /** Puts HTML behind each element of this name; not for `head` and `body`. */
  after(name: string, html: string): this {
    return this.rule(name, Place.After, html);
  }

  /** Removes each element of this name with all that it contains; not for `html`, `head` and `body`. */
  remove(name: string): this {
    return this.rule(name, Place.Removed, "");
  }

  /**
   * Replaces each `search` in an attribute's value, as it is written, of the elements of this name, `""` for those of all
   * names.
   */
  replaceInAttribute(name: string, attribute: string, search: string, by: string): this {
    this.rules.add(name, Place.Attribute, search, attribute, by);
    return this;
  }

  get held(): u32 {
    return this.kept;
  }

  push(chunk: Uint8Array, last: bool): Uint8Array {
    this.read(chunk);
    if (last) {
      this.finish();
      while (this.open.length > 0) this.close();
      this.putEdges(this.structure.end());
    }
    return this.out.take();
  }

  private rule(name: string, place: Place, html: string): this {
    this.rules.add(name, place, html);
    return this;
  }

  protected get isForeign(): bool {
    return this.namespaces.isForeign;
  }

  protected passes(bytes: Uint8Array, start: i32, end: i32, isText: bool): void {
    if (isText && this.structure.awaitsText) {
      // White space is in no head and no body until something else comes.
      let at = start;
      while (at < end && isSpace(unchecked(bytes[at]))) at++;
      this.pass(bytes, start, at);
      if (at == end) return;
      this.putEdges(this.structure.text());
      start = at;
    }
    this.pass(bytes, start, end);
  }

  protected longTag(name: string): void {
    const element = new HtmlElement(name, new Uint8Array(0), 0);
    if (this.removing == 0) this.rules.apply(element);
    this.isLongRemoved = element.isRemoved;
    if (element.isRemoved) this.removing++;
  }

  protected startTag(name: string, isLong: bool): void {
    const bytes = this.tag.take();
    const namespaces = this.namespaces;
    const element = isLong
      ? new HtmlElement(name, new Uint8Array(0), 0)
      : new HtmlElement(name, bytes, this.nameEnd);
    const kind = kindOf(name);
    element.kind = kind;
    if (namespaces.isForeign && namespaces.endsAt(element)) this.leaveForeign();
    const wasForeign = namespaces.isForeign;
    const depth = namespaces.depth;
    const isForeign = namespaces.start(element, this.isSelfClosing);
    if (!wasForeign) {
      while (this.open.length > 0 && endsAt(this.open[this.open.length - 1].name, name, kind)) this.close();
      const structure = this.structure;
      const wasInner = structure.isInner;
      this.putEdges(structure.start(name, kind));
      if (!wasInner) this.innerAt = this.open.length;
      if (!isForeign && (kind & RAW) != 0) this.expectText(textOf(name), name);
    }
    if (isLong) {
      this.pass(bytes, 0, bytes.length);
      element.isRemoved = this.isLongRemoved;
      if (this.isLongRemoved) this.removing--;
      this.isLongRemoved = false;
      this.enter(element, isForeign, depth);
    } else this.startShort(element, isForeign, depth);
    if (!wasForeign) this.putEdges(this.structure.entered(name));
  }

  private leaveForeign(): void {
    while (this.open.length > 0 && this.namespaces.isForeign) this.close();
    if (this.namespaces.isForeign) this.namespaces.cut(0);
  }

  private startShort(element: HtmlElement, isForeign: bool, depth: i32): void {
    const name = element.name;
    if (this.removing == 0) {
      this.rules.apply(element);
      this.onElement(element);
      if (name == "html" || name == "head" || name == "body") element.isRemoved = false;
      this.put(element.putBefore);
      if (!element.isRemoved) {
        const bytes = element.bytes;
        this.pass(bytes, 0, bytes.length);
      }
    }
    this.enter(element, isForeign, depth);
    if (!element.isRemoved && this.hasContent) this.put(element.putFirst);
  }

  /** Notes that an element is open, if it can have content. */
  private enter(element: HtmlElement, isForeign: bool, depth: i32): void {
    const name = element.name;
    this.hasContent = true;
    if (name == "html" || name == "head" || name == "body") return;
    if (isForeign ? this.isSelfClosing : (element.kind & VOID) != 0) {
      this.put(element.putAfter);
      this.hasContent = false;
      return;
    }
    if (this.open.length == MOST_OPEN) {
      this.beyond++;
      this.namespaces.cut(depth);
      return;
    }
    if (element.isRemoved) this.removing++;
    const holdsHtml = isForeign && !this.namespaces.isForeign;
    this.open.push(
      new OpenElement(
        name,
        element.kind,
        element.putLast,
        element.putAfter,
        element.isRemoved,
        isForeign,
        holdsHtml,
        depth,
      ),
    );
  }

  protected endTag(name: string, isLong: bool): void {
    const bytes = this.tag.take();
    if (this.namespaces.isForeign && (name == "p" || name == "br")) this.leaveForeign();
    if (this.beyond > 0) this.beyond--;
    else {
      const at = this.openAt(name);
      if (at >= 0) {
        while (this.open.length > at + 1) this.close();
        this.closeWith(bytes);
        return;
      }
    }
    if (!this.isForeign) this.putEdges(this.structure.endTag(name));
    this.pass(bytes, 0, bytes.length);
  }

  /** Which of the open elements an end tag ends; -1 for none. */
  private openAt(name: string): i32 {
    const open = this.open;
    const isTable = (kindOf(name) & TABLE) != 0;
    let inForeign = true;
    for (let i = open.length - 1; i >= 0; i--) {
      const element = unchecked(open[i]);
      if (element.isForeign) {
        // HTML in SVG ends nothing around itself.
        if (!inForeign) break;
        if (element.name == name) return i;
        if (element.holdsHtml && i < open.length - 1) break;
        continue;
      }
      inForeign = false;
      if (element.name == name) return i;
      if (!isTable && (element.kind & BORDER) != 0) break;
    }
    return -1;
  }

  /** Ends the innermost element. */
  private close(): void {
    this.closeWith(new Uint8Array(0));
  }

  private closeWith(endTag: Uint8Array): void {
    const element = this.open.pop();
    this.namespaces.cut(element.depth);
    if (this.open.length == this.innerAt) this.structure.isInner = false;
    if (element.isRemoved) this.removing--;
    else {
      this.put(element.putLast);
      this.pass(endTag, 0, endTag.length);
    }
    this.put(element.putAfter);
  }

  /** Puts what belongs at the edges of head and body that have just been reached. */
  private putEdges(edges: u32): void {
    if (edges == 0) return;
    if ((edges & Structure.HEAD_FIRST) != 0) this.put(this.rules.at("head", Place.First));
    if ((edges & Structure.HEAD_LAST) != 0) this.put(this.rules.at("head", Place.Last));
    if ((edges & Structure.BODY_FIRST) != 0) this.put(this.rules.at("body", Place.First));
    if ((edges & Structure.BODY_LAST) != 0) this.put(this.rules.at("body", Place.Last));
  }

  private put(html: string): void {
    if (html.length > 0 && this.removing == 0) this.out.addText(html);
  }

  private pass(bytes: Uint8Array, start: i32, end: i32): void {
    if (this.removing == 0) this.out.add(bytes, start, end);
  }
}
