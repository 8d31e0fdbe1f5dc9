import { copyBytes } from "../../memory/byte-array";
import { formDecode, isUnreserved, setPercent } from "../../codec/percent";
import { mark, release } from "../../memory/scratch";
import { decode, put, putSize } from "../../memory/text";
import { cutText, newText, setUnit } from "../../memory/utf16";

/**
 * The fields of a form (`application/x-www-form-urlencoded`), read once and kept: names and values as text, in order. For one
 * or two parameters of a path, `Query` of `std/url` needs less. May be used everywhere.
 *
 * @example
 * const form = Form.parse(this.request.body.bytes());
 * if (form === null) return this.respond(400); // more than 1,000 fields
 * const user = form.get("user");
 */
@final
export class Form {
  private names: string[] = new Array<string>();
  private values: string[] = new Array<string>();

  /** Reads a form, which is a body or what stands behind the "?"; null when it has more than `most` fields. */
  static parse(bytes: Uint8Array, most: i32 = 1000): Form | null {
    const form = new Form();
    // Decoding takes place on a copy.
    const copy = copyBytes(bytes.dataStart, bytes.length);
    const end = copy.dataStart + copy.length;
    for (let start = copy.dataStart; start < end;) {
      let equals: usize = 0;
      let stop = start;
      for (; stop < end; stop++) {
        const byte = load<u8>(stop);
        if (byte == 0x26) break;
        if (byte == 0x3d && equals == 0) equals = stop;
      }
      if (stop > start) {
        if (form.names.length >= most) return null;
        const nameEnd = equals == 0 ? stop : equals;
        const value = equals == 0 ? stop : equals + 1;
        form.append(decoded(start, nameEnd), decoded(value, stop));
      }
      start = stop + 1;
    }
    return form;
  }

  /** How many fields there are. */
  get length(): i32 {
    return this.names.length;
  }

  /** The value of the first field `name`: null when there is none. */
  get(name: string): string | null {
    const index = this.names.indexOf(name);
    return index < 0 ? null : this.values[index];
  }

  /** The values of all fields `name`, in order. */
  getAll(name: string): string[] {
    const found = new Array<string>();
    for (let i = 0; i < this.names.length; i++) if (this.names[i] == name) found.push(this.values[i]);
    return found;
  }

  /** Tells whether there is a field `name`. */
  has(name: string): bool {
    return this.names.includes(name);
  }

  /** Adds a field behind the others; answers this. */
  append(name: string, value: string): Form {
    this.names.push(name);
    this.values.push(value);
    return this;
  }

  /** All fields as `[name, value]`, in order. */
  entries(): string[][] {
    const entries = new Array<string[]>();
    for (let i = 0; i < this.names.length; i++) entries.push([this.names[i], this.values[i]]);
    return entries;
  }

  /** The form as the body of a request: `call.body = new Form().append("code", code).toString()`. */
  toString(): string {
    const pairs = new Array<string>();
    for (let i = 0; i < this.names.length; i++)
      pairs.push(encoded(this.names[i]) + "=" + encoded(this.values[i]));
    return pairs.join("&");
  }
}

function decoded(start: usize, end: usize): string {
  return decode(start, formDecode(start, end - start));
}

/** As browsers encode: "*" stays, "~" does not, a space becomes "+". */
function encoded(text: string): string {
  const before = mark();
  const bytes = put(text);
  const size = putSize;
  const target = newText(<i32>size * 3);
  let at = 0;
  for (let i: usize = 0; i < size; i++) {
    const byte = <u32>load<u8>(bytes + i);
    if (byte == 0x20) setUnit(target, at++, 0x2b);
    else if (byte == 0x2a || (byte != 0x7e && isUnreserved(byte))) setUnit(target, at++, byte);
    else at = setPercent(target, at, byte);
  }
  release(before);
  return cutText(target, at);
}
