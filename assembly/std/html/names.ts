/**
 * The meaning of element names: the content that they have, and the elements that they end.
 *
 * @module
 */

/** No content and no end tag. */
export const VOID: u32 = 1;
/** Of a head, which it begins where that has no tag. */
export const HEAD: u32 = 2;
/** Its content is text that only its end tag ends. */
export const RAW: u32 = 4;
/** Ends SVG and MathML around it. */
export const BREAKS: u32 = 8;
/** Ends a paragraph. */
export const ENDS_P: u32 = 16;
/** No end tag of an element in it ends it, and none of one around it, but a table's. */
export const BORDER: u32 = 32;
/** Its end tag passes such borders. */
export const TABLE: u32 = 64;
/** HTML stands in it, in SVG, or in MathML. */
export const SVG_HTML: u32 = 128;
export const MATH_HTML: u32 = 256;

const PARTS: string[] = [
  "area base basefont bgsound br col embed frame hr img image input keygen link meta param source track wbr",
  "base basefont bgsound link meta noframes noscript script style template title",
  "title textarea style xmp iframe noembed noframes noscript script plaintext",
  "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var",
  "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li listing main menu nav ol p plaintext pre search section summary table ul xmp dd dt",
  "applet caption marquee object table td template th",
  "caption table tbody td template tfoot th thead tr",
  "foreignobject desc title",
  "mi mo mn ms mtext",
];

// @ts-ignore: decorator
@lazy
let kinds: Map<string, u32> = new Map<string, u32>();

/** The meaning of a name, as flags. */
export function kindOf(name: string): u32 {
  if (kinds.size == 0)
    for (let part = 0; part < PARTS.length; part++) {
      const names = PARTS[part].split(" ");
      for (let i = 0; i < names.length; i++) {
        const known = kinds.has(names[i]) ? kinds.get(names[i]) : 0;
        kinds.set(names[i], known | (1 << part));
      }
    }
  return kinds.has(name) ? kinds.get(name) : 0;
}

/** Tells whether an element ends where another begins. */
export function endsAt(open: string, start: string, startKind: u32): bool {
  const first = open.length > 0 ? open.charCodeAt(0) : 0;
  if (first == 0x70) return open == "p" && (startKind & ENDS_P) != 0;
  if (first == 0x6c) return start == "li" && open == "li";
  if (first == 0x64) return (start == "dd" || start == "dt") && (open == "dd" || open == "dt");
  if (first == 0x6f) return (start == "option" || start == "optgroup") && open == "option";
  if (first != 0x74 || (startKind & TABLE) == 0) return false;
  const isGroup = start == "tbody" || start == "thead" || start == "tfoot";
  if (open == "td" || open == "th") return isGroup || start == "tr" || start == "td" || start == "th";
  if (open == "tr") return isGroup || start == "tr";
  return isGroup && (open == "tbody" || open == "thead" || open == "tfoot");
}
