/**
 * `String#replaceAll` for every module: the compiler's own writes beyond the end of its memory when the result is more than twice
 * as long as the text. The build calls this in its place.
 *
 * @module
 */

/** The longest text that is made, in units; as for `repeat`. */
const MAX_LENGTH: u64 = 1 << 28;

/** `text` with `replacement` in the place of each `search`; an empty `search` is before and after each unit. */
// @ts-ignore: decorator
@global
export function __replaceAll(text: string, search: string, replacement: string): string {
  const searched = search.length;
  if (searched > text.length) return text;
  // How often, so that the memory is asked for once and is as much as is needed.
  let count = 0;
  if (searched == 0) count = text.length + 1;
  else for (let at = text.indexOf(search); at >= 0; at = text.indexOf(search, at + searched)) count++;
  if (count == 0) return text;

  const length = <u64>text.length - <u64>count * searched + <u64>count * replacement.length;
  if (length > MAX_LENGTH) throw new RangeError("Invalid length");
  if (length == 0) return "";
  const whole = changetype<string>(__new((<usize>length) << 1, idof<string>()));
  const units = changetype<usize>(text);
  const size = (<usize>replacement.length) << 1;
  let to = changetype<usize>(whole);
  let from = 0;
  // One unit is between two places of an empty text.
  for (let at = 0; count > 0; count--) {
    if (searched > 0) at = text.indexOf(search, from);
    const before = (<usize>(at - from)) << 1;
    memory.copy(to, units + ((<usize>from) << 1), before);
    memory.copy(to + before, changetype<usize>(replacement), size);
    to += before + size;
    from = at + searched;
    if (searched == 0) at++;
  }
  memory.copy(to, units + ((<usize>from) << 1), (<usize>(text.length - from)) << 1);
  return whole;
}
