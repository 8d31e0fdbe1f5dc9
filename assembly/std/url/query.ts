/**
 * The parameters of a query (https://url.spec.whatwg.org/#application/x-www-form-urlencoded).
 *
 * @module
 */
import { formDecode } from "../../memory/percent";
import { mark, release } from "../../memory/scratch";
import { decode, put, putSize } from "../../memory/text";
import { cutText, findUnit, newText, putUnits, putUnitsSize, setUnit, setUnits } from "../../memory/units";
import { percentEncode } from "./percent";

/** Decodes the units [start, end) of a query. */
function decodeUnits(text: string, start: i32, end: i32): string {
  const before = mark();
  const address = putUnits(text, start, end);
  const decoded = decode(address, formDecode(address, putUnitsSize));
  release(before);
  return decoded;
}

/** Whether the units [start, end) of a query are the name whose `size` bytes are at `name`. */
function isNamed(text: string, start: i32, end: i32, name: usize, size: usize): bool {
  const length = <usize>(end - start);
  // Three units at most give one byte, and one unit at most three bytes.
  if (length > size * 3 || size > length * 3) return false;
  const before = mark();
  const address = putUnits(text, start, end);
  const equal = formDecode(address, putUnitsSize) == size && memory.compare(address, name, size) == 0;
  release(before);
  return equal;
}

/**
 * What stands behind the "?" of a path, or in a form's body, as parameters. Names and values are given and answered
 * decoded: percent codes, and "+" as a space. An edit keeps the order and the bytes of all other parameters. May be used
 * everywhere; each call reads the query once.
 *
 * @example
 * const query = new Query("a=1&b=2&a=3");
 * query.set("a", "x y");
 * query.toString(); // "a=x%20y&b=2"
 */
@final
export class Query {
  /** Takes a query without its "?". */
  constructor(private text: string) {}

  /** The value of the first parameter `name`: null when there is none, `""` when it has no value. */
  get(name: string): string | null {
    const length = this.text.length;
    let start = this.find(name, 0);
    if (start < 0) return null;
    const end = findUnit(this.text, 0x26, start, length);
    start = findUnit(this.text, 0x3d, start, end);
    return decodeUnits(this.text, min(start + 1, end), end);
  }

  /**
   * The values of all parameters `name`, in order. Use it in an access check: which one of several a service believes is
   * not known.
   */
  getAll(name: string): string[] {
    const values: string[] = [];
    const text = this.text;
    for (let start = this.find(name, 0); start >= 0;) {
      const end = findUnit(text, 0x26, start, text.length);
      values.push(decodeUnits(text, min(findUnit(text, 0x3d, start, end) + 1, end), end));
      start = this.find(name, end + 1);
    }
    return values;
  }

  /** Whether there is a parameter `name`. */
  has(name: string): bool {
    return this.find(name, 0) >= 0;
  }

  /** Gives the first parameter `name` this value and removes the others; appends one when there is none. */
  set(name: string, value: string): void {
    if (!this.replace(name, percentEncode(name) + "=" + percentEncode(value))) this.append(name, value);
  }

  /** Adds a parameter behind the others. */
  append(name: string, value: string): void {
    const added = percentEncode(name) + "=" + percentEncode(value);
    this.text = this.text.length == 0 ? added : this.text + "&" + added;
  }

  /** Removes all parameters `name`; answers whether there was one. */
  remove(name: string): bool {
    return this.replace(name, null);
  }

  /** All parameters as `[name, value]`, in order. */
  entries(): string[][] {
    const pairs = new Array<string[]>();
    const text = this.text;
    const length = text.length;
    for (let start = 0; start < length;) {
      const end = findUnit(text, 0x26, start, length);
      if (end > start) {
        const equals = findUnit(text, 0x3d, start, end);
        pairs.push([decodeUnits(text, start, equals), decodeUnits(text, min(equals + 1, end), end)]);
      }
      start = end + 1;
    }
    return pairs;
  }

  /** The query, without a "?". */
  toString(): string {
    return this.text;
  }

  /** Where the next parameter `name` from `start` on begins, or -1. */
  private find(name: string, start: i32): i32 {
    const text = this.text;
    const length = text.length;
    const before = mark();
    const wanted = put(name);
    const size = putSize;
    let found = -1;
    while (start < length) {
      const end = findUnit(text, 0x26, start, length);
      if (end > start && isNamed(text, start, findUnit(text, 0x3d, start, end), wanted, size)) {
        found = start;
        break;
      }
      start = end + 1;
    }
    release(before);
    return found;
  }

  /** Puts `parameter` in the place of the first `name` and removes the others; answers whether there was one. */
  private replace(name: string, parameter: string | null): bool {
    const text = this.text;
    const length = text.length;
    let next = this.find(name, 0);
    if (next < 0) return false;
    const added = parameter !== null ? parameter.length : 0;
    const edited = newText(length + added + 1);
    let at = 0;
    for (let start = 0; start <= length;) {
      const end = findUnit(text, 0x26, start, length);
      if (start != next) at = setUnits(edited, at, text, start, end);
      else {
        next = this.find(name, end + 1);
        if (parameter === null) {
          start = end + 1;
          continue;
        }
        at = setUnits(edited, at, parameter, 0, added);
        parameter = null;
      }
      setUnit(edited, at++, 0x26);
      start = end + 1;
    }
    this.text = cutText(edited, max(at - 1, 0));
    return true;
  }
}
