/**
 * Places in a JSON document.
 *
 * @module
 */
import { decode } from "../../memory/text";
import { parseDouble, parseInteger, parsedInteger } from "./number";
import { skipComma, skipSpace, skipString, skipValue, valueAfter } from "./scan";
import { stringEquals, stringText } from "./text";

/** The type of the value at a place of a JSON document. */
export enum JsonType {
  /** Nothing: a field or an element that is not there, or a document with an error. */
  Missing,
  /** `null`. */
  Null,
  /** `true` or `false`. */
  Bool,
  /** A number, be it an integer or not. */
  Number,
  /** A string. */
  String,
  /** An array: elements in order. */
  Array,
  /** An object: fields by name. */
  Object,
}

/**
 * A place in a JSON document: moving to a field or an element reads the text up to there, and nothing is built. A missing value
 * is a place of type `Missing`; all moves from it lead to such a place, so that moves can be chained. The readers of a value
 * answer `otherwise`, or null, for a value of another type as well. Made by `json.parse`; may be kept and used anywhere.
 *
 * @example
 * const document = json.parse(text);
 * const name = document.root.get("user").get("name").textOr("nobody");
 */
@final
export class JsonCursor {
  /** @internal */
  constructor(
    /** @internal The document. */
    readonly bytes: ArrayBuffer,
    /** The position of the value, in bytes from the beginning of the document; -1 when it is missing. */
    readonly offset: i32,
    private nameOffset: i32,
  ) {}

  /** The type of the value. */
  get type(): JsonType {
    if (this.offset < 0) return JsonType.Missing;
    const byte = load<u8>(this.address);
    if (byte == 0x7b) return JsonType.Object;
    if (byte == 0x5b) return JsonType.Array;
    if (byte == 0x22) return JsonType.String;
    if (byte == 0x6e) return JsonType.Null;
    return byte == 0x74 || byte == 0x66 ? JsonType.Bool : JsonType.Number;
  }

  /** Tells whether there is a value here, be it null. */
  get exists(): bool {
    return this.offset >= 0;
  }

  /** The name of a field; null for all else. */
  get name(): string | null {
    if (this.nameOffset < 0) return null;
    const at = changetype<usize>(this.bytes) + this.nameOffset;
    return stringText(at, skipString(at, this.end));
  }

  /** The field `name` of an object; of several with this name the last, as in JavaScript. */
  get(name: string): JsonCursor {
    let found = -1;
    let foundName = -1;
    if (this.type == JsonType.Object) {
      const base = changetype<usize>(this.bytes);
      const end = this.end;
      let at = skipSpace(this.address + 1, end);
      while (at < end && load<u8>(at) == 0x22) {
        const nameEnd = skipString(at, end);
        const value = skipSpace(skipSpace(nameEnd, end) + 1, end);
        if (stringEquals(at, nameEnd, name)) {
          found = <i32>(value - base);
          foundName = <i32>(at - base);
        }
        at = skipComma(skipValue(value, end), end);
      }
    }
    return this.moved(found, foundName);
  }

  /** The element number `index` of an array, from 0 on. Use `first` and `next` to see all of them. */
  at(index: i32): JsonCursor {
    if (this.type != JsonType.Array || index < 0) return this.moved(-1, -1);
    const end = this.end;
    let at = skipSpace(this.address + 1, end);
    while (at < end && load<u8>(at) != 0x5d) {
      if (index-- == 0) return this.moved(<i32>(at - changetype<usize>(this.bytes)), -1);
      at = skipComma(skipValue(at, end), end);
    }
    return this.moved(-1, -1);
  }

  /**
   * The first element of an array or field of an object; missing when it is empty or neither.
   *
   * @example
   * for (let item = list.first(); item.exists; item = item.next()) log.info(item.textOr("?"));
   */
  first(): JsonCursor {
    const type = this.type;
    if (type != JsonType.Array && type != JsonType.Object) return this.moved(-1, -1);
    return this.element(skipSpace(this.address + 1, this.end), type == JsonType.Object);
  }

  /** The element or field after this one; missing after the last. */
  next(): JsonCursor {
    if (this.offset <= 0) return this.moved(-1, -1);
    const end = this.end;
    return this.element(skipComma(skipValue(this.address, end), end), this.nameOffset >= 0);
  }

  /** How many elements an array or fields an object has; 0 for all else. Reads all of it. */
  get length(): i32 {
    let count = 0;
    const type = this.type;
    if (type != JsonType.Array && type != JsonType.Object) return 0;
    const end = this.end;
    let at = skipSpace(this.address + 1, end);
    while (at < end && load<u8>(at) != <u8>(type == JsonType.Array ? 0x5d : 0x7d)) {
      if (type == JsonType.Object) at = valueAfter(at, end);
      at = skipComma(skipValue(at, end), end);
      count++;
    }
    return count;
  }

  /** The text of a string; null for all else. A lone surrogate in it becomes U+FFFD. */
  text(): string | null {
    return this.type == JsonType.String ? stringText(this.address, this.valueEnd) : null;
  }

  /** The text of a string. */
  textOr(otherwise: string): string {
    return this.type == JsonType.String ? stringText(this.address, this.valueEnd) : otherwise;
  }

  /** Tells whether this is the string `text`; makes no copy of it. */
  equals(text: string): bool {
    return this.type == JsonType.String && stringEquals(this.address, this.valueEnd, text);
  }

  /** A number without fraction and exponent that fits 64 bits; all others are `otherwise`: `raw` has them whole. */
  integerOr(otherwise: i64): i64 {
    return this.isInteger ? <i64>parsedInteger() : otherwise;
  }

  /** Like `integerOr`, of numbers from 0 to 2⁶⁴ - 1. */
  unsignedOr(otherwise: u64): u64 {
    return this.type == JsonType.Number && parseInteger(this.address, this.valueEnd, false)
      ? parsedInteger()
      : otherwise;
  }

  /** Tells whether `integerOr` has a value to answer. */
  get isInteger(): bool {
    return this.type == JsonType.Number && parseInteger(this.address, this.valueEnd, true);
  }

  /** A number, rounded to the nearest double as in JavaScript; infinite when it is too large. */
  numberOr(otherwise: f64): f64 {
    return this.type == JsonType.Number ? parseDouble(this.address, this.valueEnd) : otherwise;
  }

  /** True or false. */
  boolOr(otherwise: bool): bool {
    return this.type == JsonType.Bool ? load<u8>(this.address) == 0x74 : otherwise;
  }

  /** The value as it is written in the document: a number without loss, or JSON text of any value; `""` when missing. */
  raw(): string {
    return this.offset < 0 ? "" : decode(this.address, this.valueEnd - this.address);
  }

  private get address(): usize {
    return changetype<usize>(this.bytes) + this.offset;
  }

  private get end(): usize {
    return changetype<usize>(this.bytes) + this.bytes.byteLength;
  }

  private get valueEnd(): usize {
    return skipValue(this.address, this.end);
  }

  private moved(offset: i32, nameOffset: i32): JsonCursor {
    return new JsonCursor(this.bytes, offset, nameOffset);
  }

  /** The element, or field with its name, at `at`; missing when there is the end of the array or object. */
  private element(at: usize, isField: bool): JsonCursor {
    const base = changetype<usize>(this.bytes);
    const end = this.end;
    if (at >= end || (load<u8>(at) | 0x20) == 0x7d) return this.moved(-1, -1);
    if (!isField) return this.moved(<i32>(at - base), -1);
    const value = valueAfter(at, end);
    return value < end ? this.moved(<i32>(value - base), <i32>(at - base)) : this.moved(-1, -1);
  }
}
