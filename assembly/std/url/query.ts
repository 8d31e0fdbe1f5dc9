/**
 * The parameters of a query (https://url.spec.whatwg.org/#application/x-www-form-urlencoded).
 *
 * @module
 */
import { formDecode } from "../../codec/percent";
import { mark, release } from "../../memory/scratch";
import { decode, equals } from "../../memory/text";
import { cutText, findUnit, newText, putUnits, putUnitsSize, setUnits } from "../../memory/utf16";
import { percentEncode } from "./percent";

/** The position of the parameter that `seekParameter` found last, the end of its name (at the "=", if there is one), and its end. */
let parameterStart: i32 = 0;
let nameEnd: i32 = 0;
let parameterEnd: i32 = 0;

/** Finds the next parameter `name` from `from` on; answers whether there is one. */
function seekParameter(text: string, name: string, from: i32): bool {
  const length = text.length;
  while (from < length) {
    parameterStart = from;
    parameterEnd = findUnit(text, 0x26, from, length);
    nameEnd = findUnit(text, 0x3d, from, parameterEnd);
    if (parameterEnd > from && isNamed(text, from, nameEnd, name)) return true;
    from = parameterEnd + 1;
  }
  return false;
}

/** Tells whether the units [start, end) of a query are the name `name`. */
function isNamed(text: string, start: i32, end: i32, name: string): bool {
  const before = mark();
  const address = putUnits(text, start, end);
  const equal = equals(address, formDecode(address, putUnitsSize), name);
  release(before);
  return equal;
}

/** Decodes the units [start, end) of a query. */
function decodeUnits(text: string, start: i32, end: i32): string {
  const before = mark();
  const address = putUnits(text, start, end);
  const decoded = decode(address, formDecode(address, putUnitsSize));
  release(before);
  return decoded;
}

/** The value of the parameter that was found last. */
function foundValue(text: string): string {
  return decodeUnits(text, min(nameEnd + 1, parameterEnd), parameterEnd);
}

/** A parameter as a query has it. */
function encodeParameter(name: string, value: string): string {
  return percentEncode(name) + "=" + percentEncode(value);
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
    return seekParameter(this.text, name, 0) ? foundValue(this.text) : null;
  }

  /**
   * The values of all parameters `name`, in order. Use it in an access check: which one of several a service believes is
   * not known.
   */
  getAll(name: string): string[] {
    const values: string[] = [];
    const text = this.text;
    for (let from = 0; seekParameter(text, name, from); from = parameterEnd + 1)
      values.push(foundValue(text));
    return values;
  }

  /** Tells whether there is a parameter `name`. */
  has(name: string): bool {
    return seekParameter(this.text, name, 0);
  }

  /** Gives the first parameter `name` this value and removes the others; appends one when there is none. */
  set(name: string, value: string): void {
    const parameter = encodeParameter(name, value);
    if (!this.replace(name, parameter)) this.add(parameter);
  }

  /** Adds a parameter behind the others. */
  append(name: string, value: string): void {
    this.add(encodeParameter(name, value));
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

  private add(parameter: string): void {
    this.text = this.text.length == 0 ? parameter : this.text + "&" + parameter;
  }

  /** Puts `parameter` in the place of the first `name` and removes the others; answers whether there was one. */
  private replace(name: string, parameter: string | null): bool {
    const text = this.text;
    const length = text.length;
    if (!seekParameter(text, name, 0)) return false;
    const edited = newText(length + (parameter !== null ? parameter.length : 0));
    let from = 0;
    let at = 0;
    do {
      at = setUnits(edited, at, text, from, parameterStart);
      from = parameterEnd;
      if (parameter !== null) at = setUnits(edited, at, parameter, 0, parameter.length);
      else from++;
      parameter = null;
    } while (seekParameter(text, name, from));
    if (from <= length) at = setUnits(edited, at, text, from, length);
    else if (at > 0) at--; // The "&" in front of the last one.
    this.text = cutText(edited, at);
    return true;
  }
}
