/**
 * Elements between their start and their end.
 *
 * @module
 */
/** An element that has begun and has not ended. */
@final
export class OpenElement {
  constructor(
    readonly name: string,
    readonly kind: u32,
    readonly putLast: string,
    readonly putAfter: string,
    /** Nothing of it passes. */
    readonly isRemoved: bool,
    /** It is one of SVG or MathML; HTML stands in it. */
    readonly isForeign: bool,
    readonly holdsHtml: bool,
    /** How many elements around it have begun a namespace. */
    readonly depth: i32,
  ) {}
}
