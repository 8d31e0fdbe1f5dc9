/**
 * Writing JSON.
 *
 * @module
 */
import { newBytes } from "../../memory/byte-array";
import { Integers } from "../../memory/integers";
import { decode, sequenceLength } from "../../memory/text";
import { numberText } from "./format";
import { MAX_DEPTH, skipPlain } from "./scan";
import { encodedText } from "./text";

/**
 * Writes JSON text piece by piece; commas, colons and escapes come by themselves. A call that does not fit where it is
 * made (a value in an object without a name before it, an `end` too many, a second value after the last `end`) writes
 * nothing and makes `complete` false for good. May be used anywhere.
 *
 * @example
 * const body = new JsonWriter().object().name("error").string("denied").name("code").integer(7).end().text();
 */
@final
export class JsonWriter {
  private bytes: Uint8Array = newBytes(128);
  private size: i32 = 0;
  /** For each open array or object the bracket that ends it. */
  private ends: Integers = new Integers();
  /** The state: the kind of token that is expected next. */
  private state: State = State.Value;
  private wrong: bool = false;

  /** Begins an object: fields follow, each a `name` and a value, then `end`. */
  object(): this {
    return this.begin(0x7b);
  }

  /** Begins an array: values follow, then `end`. */
  array(): this {
    return this.begin(0x5b);
  }

  /** Ends the innermost object or array that is not ended yet. */
  end(): this {
    if (this.ends.length == 0 || this.state == State.Value) return this.refuse();
    this.put(<u8>this.ends.pop());
    this.state = this.ends.length == 0 ? State.End : State.Comma;
    return this;
  }

  /** The name of the field whose value comes next. */
  name(name: string): this {
    if (this.ends.length == 0 || this.ends.at(this.ends.length - 1) != 0x7d || this.state == State.Value)
      return this.refuse();
    if (this.state == State.Comma) this.put(0x2c);
    this.putString(name);
    this.put(0x3a);
    this.state = State.Value;
    return this;
  }

  /** A string. Parts of it that are no valid Unicode become U+FFFD. */
  string(value: string): this {
    if (this.before()) this.putString(value);
    return this;
  }

  /** A whole number. */
  integer(value: i64): this {
    if (this.before()) this.putAscii(value.toString());
    return this;
  }

  /** A whole number from 0 to 2⁶⁴ - 1. */
  unsigned(value: u64): this {
    if (this.before()) this.putAscii(value.toString());
    return this;
  }

  /** A number, in digits that read back as the same double; infinite and NaN become null. */
  number(value: f64): this {
    if (this.before()) this.putAscii(numberText(value));
    return this;
  }

  /** True or false. */
  bool(value: bool): this {
    if (this.before()) this.putAscii(value ? "true" : "false");
    return this;
  }

  /** Null. */
  null(): this {
    if (this.before()) this.putAscii("null");
    return this;
  }

  /** @internal A value that is JSON text already. */
  raw(text: string): this {
    if (this.before()) this.putAscii(text);
    return this;
  }

  /** Tells whether exactly one whole value has been written, and each call fitted. */
  get complete(): bool {
    return this.state == State.End && !this.wrong;
  }

  /** The text so far; `""` unless it is `complete`. */
  text(): string {
    return this.complete ? decode(this.bytes.dataStart, this.size) : "";
  }

  /** Like `text`, in UTF-8. */
  toBytes(): Uint8Array {
    const size = this.complete ? this.size : 0;
    const bytes = newBytes(size);
    memory.copy(bytes.dataStart, this.bytes.dataStart, size);
    return bytes;
  }

  private begin(bracket: u8): this {
    if (this.ends.length == MAX_DEPTH) return this.refuse();
    if (this.before()) {
      this.put(bracket);
      this.ends.push(bracket + 2);
      this.state = State.First;
    }
    return this;
  }

  /** Makes ready for a value; false when none fits here. */
  private before(): bool {
    const depth = this.ends.length;
    const fits =
      depth == 0 || this.ends.at(depth - 1) == 0x7d ? this.state == State.Value : this.state != State.Value;
    if (!fits) {
      this.wrong = true;
      return false;
    }
    if (this.state == State.Comma) this.put(0x2c);
    this.state = depth == 0 ? State.End : State.Comma;
    return true;
  }

  private refuse(): this {
    this.wrong = true;
    return this;
  }

  private putString(text: string): void {
    const source = encodedText(text);
    const start = changetype<usize>(source);
    const end = start + source.byteLength;
    this.put(0x22);
    for (let at = start; at < end; at++) {
      const plain = skipPlain(at, end);
      this.putBytes(at, plain - at);
      at = plain;
      if (at == end) break;
      const byte = <u32>load<u8>(at);
      if (byte >= 0x80) {
        const length = sequenceLength(at, end - at);
        if (length == 0) {
          this.put(0xef);
          this.put(0xbf);
          this.put(0xbd);
          continue;
        }
        this.putBytes(at, length);
        at += length - 1;
      } else if (byte == 0x22 || byte == 0x5c) {
        this.put(0x5c);
        this.put(<u8>byte);
      } else {
        this.put(0x5c);
        const letter: u8 =
          byte == 0x0a
            ? 0x6e
            : byte == 0x0d
              ? 0x72
              : byte == 0x09
                ? 0x74
                : byte == 0x08
                  ? 0x62
                  : byte == 0x0c
                    ? 0x66
                    : 0x75;
        this.put(letter);
        if (letter == 0x75) {
          this.put(0x30);
          this.put(0x30);
          this.put(<u8>(0x30 + (byte >> 4)));
          this.put(<u8>(byte & 15) + ((byte & 15) < 10 ? 0x30 : 0x57));
        }
      }
    }
    this.put(0x22);
  }

  private putAscii(text: string): void {
    for (let i = 0; i < text.length; i++) this.put(<u8>text.charCodeAt(i));
  }

  private putBytes(address: usize, size: usize): void {
    this.makeRoom(<i32>size);
    memory.copy(this.bytes.dataStart + this.size, address, size);
    this.size += <i32>size;
  }

  private put(byte: u8): void {
    this.makeRoom(1);
    unchecked((this.bytes[this.size++] = byte));
  }

  private makeRoom(more: i32): void {
    if (this.size + more <= this.bytes.length) return;
    const larger = newBytes((this.size + more) * 2);
    memory.copy(larger.dataStart, this.bytes.dataStart, this.size);
    this.bytes = larger;
  }
}

/** The states of a writer. */
const enum State {
  /** A value must come. */
  Value,
  /** Behind an opening bracket. */
  First,
  /** Behind a value within an array or object. */
  Comma,
  /** Behind the outermost value. */
  End,
}
