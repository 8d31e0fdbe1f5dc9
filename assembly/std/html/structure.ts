/**
 * The beginning and end of a document's head and body, also without tags for them.
 *
 * @module
 */
import { HEAD, VOID } from "./names";

const enum Part {
  BeforeHead,
  Head,
  AfterHead,
  Body,
  /** The body's end has been seen, or there is none: its place is taken by frames. */
  AfterBody,
}

/** Follows a document; each method answers the edges that are reached in front of what it is told of. */
@final
export class Structure {
  static readonly HEAD_FIRST: u32 = 1;
  static readonly HEAD_LAST: u32 = 2;
  static readonly BODY_FIRST: u32 = 4;
  static readonly BODY_LAST: u32 = 8;

  private part: Part = Part.BeforeHead;
  /** An element of the head with content of its own is open. */
  isInner: bool = false;

  /** Tells whether text decides something. */
  get awaitsText(): bool {
    return this.part < Part.Body && !this.isInner;
  }

  /** Text that is not white space. */
  text(): u32 {
    return this.isInner ? 0 : this.toBody();
  }

  start(name: string, kind: u32): u32 {
    const part = this.part;
    if (part >= Part.Body || this.isInner || name == "html" || name == "head") return 0;
    if ((kind & HEAD) != 0) {
      if ((kind & VOID) == 0) this.isInner = true;
      if (part != Part.BeforeHead) return 0;
      this.part = Part.Head;
      return Structure.HEAD_FIRST;
    }
    if (name == "body" || name == "frameset") return this.toAfterHead();
    return this.toBody();
  }

  /** A start tag has passed: what belongs behind it. */
  entered(name: string): u32 {
    if (name == "head" && this.part == Part.BeforeHead) {
      this.part = Part.Head;
      return Structure.HEAD_FIRST;
    }
    if (this.part != Part.AfterHead || this.isInner) return 0;
    if (name == "body") {
      this.part = Part.Body;
      return Structure.BODY_FIRST;
    }
    if (name == "frameset") this.part = Part.AfterBody;
    return 0;
  }

  /** An end tag, also one that nothing has begun. */
  endTag(name: string): u32 {
    if (this.isInner) return 0;
    if (this.part < Part.Body) {
      if (name == "head") return this.toAfterHead();
      return name == "body" || name == "html" || name == "br" ? this.toBody() | this.endTag(name) : 0;
    }
    if (this.part == Part.AfterBody || (name != "body" && name != "html")) return 0;
    this.part = Part.AfterBody;
    return Structure.BODY_LAST;
  }

  /** The document has ended. */
  end(): u32 {
    this.isInner = false;
    return this.part == Part.AfterBody ? 0 : this.toBody() | this.endTag("html");
  }

  private toAfterHead(): u32 {
    const part = this.part;
    if (part >= Part.AfterHead) return 0;
    this.part = Part.AfterHead;
    return part == Part.BeforeHead ? Structure.HEAD_FIRST | Structure.HEAD_LAST : Structure.HEAD_LAST;
  }

  private toBody(): u32 {
    if (this.part >= Part.Body) return 0;
    const edges = this.toAfterHead();
    this.part = Part.Body;
    return edges | Structure.BODY_FIRST;
  }
}
