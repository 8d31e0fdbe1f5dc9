import { findUnit, slice } from "../../memory/utf16";
import { Query } from "./query";

/**
 * What the pseudo-header `:path` holds: a path and, behind the first "?", a query. Unchanged, it gives back the same text.
 * May be used everywhere.
 *
 * @example
 * const target = new RequestTarget(this.request.headers.get(":path")!);
 * target.query.remove("debug");
 * this.request.headers.set(":path", target.toString());
 */
@final
export class RequestTarget {
  /** The part before the "?", as it was sent: see `normalizePath` before you compare it with anything. */
  path: string;
  /** The parameters; none when there is no "?". */
  query: Query;
  /** Tells whether there is a "?" with nothing behind it, which is not the same target as without. */
  private bare: bool;

  constructor(text: string) {
    const length = text.length;
    const mark = findUnit(text, 0x3f, 0, length);
    this.path = slice(text, 0, mark);
    this.query = new Query(slice(text, min(mark + 1, length), length));
    this.bare = mark + 1 == length;
  }

  /** The value for `:path`. */
  toString(): string {
    const query = this.query.toString();
    if (query.length > 0) return this.path + "?" + query;
    return this.bare ? this.path + "?" : this.path;
  }
}
