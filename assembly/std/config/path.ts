/**
 * The place of a value in a document.
 *
 * @module
 */
import { JsonCursor } from "../json/cursor";

/** How one gets from `root` to `value`, such as `routes[2].host`; `""` for the root itself. */
export function pathOf(root: JsonCursor, value: JsonCursor): string {
  let path = "";
  let place = root;
  while (place.offset != value.offset) {
    // The last child that does not begin behind the value contains it.
    let index = -1;
    let child = place.first();
    let next = child;
    while (next.exists && next.offset <= value.offset) {
      child = next;
      index++;
      next = next.next();
    }
    if (index < 0) break;
    const name = child.name;
    path = name !== null ? withName(path, name) : path + "[" + index.toString() + "]";
    place = child;
  }
  return path;
}

/** The path of the field `name` of what is at `path`. */
export function withName(path: string, name: string): string {
  return path.length > 0 ? path + "." + name : name;
}
