/**
 * Texts of several parts. The build calls these for templates in a filter's source, and for replacements by a function.
 *
 * @module
 */

/** The most units of a text: more is refused where it is allocated. */
const MOST: u32 = 0x7fff_ffff;

/** The texts one behind the other, in one allocation; each is copied once, unlike by `a + b + c`. */
export function joinTexts(a: string, b: string, c: string, d: string, e: string): string {
  const units = <u32>a.length + b.length + c.length + d.length + e.length;
  const text = __new((<usize>min(units, MOST)) << 1, idof<string>());
  put(put(put(put(put(text, a), b), c), d), e);
  return changetype<string>(text);
}

function put(at: usize, text: string): usize {
  const size = (<usize>text.length) << 1;
  memory.copy(at, changetype<usize>(text), size);
  return at + size;
}

/** `text.replace(searched, make)` of two texts. */
export function replaceFirstWith(text: string, searched: string, make: (match: string) => string): string {
  const at = text.indexOf(searched);
  if (at < 0) return text;
  return text.substring(0, at) + make(searched) + text.substring(at + searched.length);
}

/** `text.replaceAll(searched, make)` of two texts; an empty one is before each unit, and at the end. */
export function replaceAllWith(text: string, searched: string, make: (match: string) => string): string {
  const length = searched.length;
  let result = "";
  let from = 0;
  if (length == 0) {
    for (; from < text.length; from++) result += make(searched) + text.charAt(from);
    return result + make(searched);
  }
  for (let at = text.indexOf(searched); at >= 0; at = text.indexOf(searched, from)) {
    result += text.substring(from, at) + make(searched);
    from = at + length;
  }
  return result + text.substring(from);
}
