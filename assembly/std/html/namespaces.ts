/**
 * Tells whether elements are those of HTML, SVG or MathML.
 *
 * @module
 */
import { lowerCase } from "../../memory/utf16";
import { HtmlElement } from "./element";
import { BREAKS, MATH_HTML, SVG_HTML } from "./names";

const enum Namespace {
  Html,
  Svg,
  MathMl,
}

/** So many are told apart in each other. */
const MOST = 64;

/** Follows them over tags. */
@final
export class Namespaces {
  /** Those that elements have begun, the innermost last. */
  private kinds: i32[] = new Array<i32>();

  /** How many elements have begun one. */
  get depth(): i32 {
    return this.kinds.length;
  }

  private get current(): i32 {
    const kinds = this.kinds;
    return kinds.length == 0 ? <i32>Namespace.Html : kinds[kinds.length - 1];
  }

  get isForeign(): bool {
    return this.current != Namespace.Html;
  }

  /** Tells whether a start tag ends SVG and MathML around it. */
  endsAt(element: HtmlElement): bool {
    if ((element.kind & BREAKS) != 0) return true;
    return element.name == "font" && (element.has("color") || element.has("face") || element.has("size"));
  }

  /** A start tag: whether its element is none of HTML. */
  start(element: HtmlElement, isSelfClosing: bool): bool {
    const name = element.name;
    const current = this.current;
    if (current == Namespace.Html) {
      if (name != "svg" && name != "math") return false;
      if (!isSelfClosing) this.enter(name == "svg" ? Namespace.Svg : Namespace.MathMl);
    } else if (!isSelfClosing) {
      const isSvg = current == Namespace.Svg;
      if ((element.kind & (isSvg ? SVG_HTML : MATH_HTML)) != 0 || (!isSvg && isHtmlAnnotation(element)))
        this.enter(Namespace.Html);
    }
    return true;
  }

  /** Elements have ended: so many are left that have begun one. */
  cut(depth: i32): void {
    while (this.kinds.length > depth) this.kinds.pop();
  }

  private enter(kind: Namespace): void {
    if (this.kinds.length < MOST) this.kinds.push(kind);
  }
}

function isHtmlAnnotation(element: HtmlElement): bool {
  if (element.name != "annotation-xml") return false;
  const encoding = element.get("encoding");
  if (encoding === null) return false;
  const text = lowerCase(encoding, 0, encoding.length);
  return text == "text/html" || text == "application/xhtml+xml";
}
