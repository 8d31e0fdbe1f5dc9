/**
 * The reader that the build's code for configuration classes calls.
 *
 * @module
 */
import { JsonCursor, JsonType } from "../json/cursor";
import { numberText } from "../json/format";
import { Regex } from "../regex";
import { pathOf, withName } from "./path";
import { ConfigSource } from "./source";

/** The largest whole number that a double has exactly, as hosts hand numbers on. */
const SAFE: f64 = 9007199254740991;

/**
 * A walk through a configuration: `field`, `next` and so on go to a value, the readers read it. The first error is kept in the
 * source; after it, readers answer values that nobody uses.
 */
@final
export class ConfigReader {
  private at: JsonCursor;
  /** For each object around the value that object, for each list the element that comes next. */
  private around: JsonCursor[] = [];
  private pattern: string = "";
  private regex: Regex | null = null;

  constructor(private source: ConfigSource) {
    this.at = source.root;
  }

  /** Goes into the object that is here. */
  enter(): bool {
    if (!this.source.expect(this.at, JsonType.Object, "an object")) return false;
    this.around.push(this.at);
    return true;
  }

  leave(): void {
    this.around.pop();
  }

  /** Makes a field of another name an error. */
  only(names: string[]): void {
    for (let field = this.object.first(); field.exists; field = field.next()) {
      const name = field.name;
      if (name !== null && !names.includes(name))
        return this.source.report(field, "unknown field, known are " + names.join(", "));
    }
  }

  /** Goes to a field; whether it is there. */
  field(name: string): bool {
    this.at = this.object.get(name);
    return this.at.exists;
  }

  /** Goes to a field that must be there. */
  required(name: string): bool {
    if (this.field(name)) return true;
    const source = this.source;
    if (source.error === null) source.error = withName(pathOf(source.root, this.object), name) + ": missing";
    return false;
  }

  /** Goes into the list that is here, of so many elements. */
  items(least: i32, most: i32): bool {
    return this.each(JsonType.Array, "an array", least, most);
  }

  /** Goes into the object that is here, of so many fields, each of which has a value. */
  entries(least: i32, most: i32): bool {
    return this.each(JsonType.Object, "an object", least, most);
  }

  /** Goes to the next element; behind the last, leaves the list. */
  next(): bool {
    const last = this.around.length - 1;
    const at = this.around[last];
    this.at = at;
    if (at.exists) this.around[last] = at.next();
    else this.around.pop();
    return at.exists;
  }

  /** The name of the field that is here. */
  get key(): string {
    return this.at.name!;
  }

  get isNull(): bool {
    return this.at.type == JsonType.Null;
  }

  bool(): bool {
    return this.source.expect(this.at, JsonType.Bool, "true or false") && this.at.boolOr(false);
  }

  string(): string {
    return this.source.expect(this.at, JsonType.String, "a string") ? this.at.textOr("") : "";
  }

  number(least: f64, most: f64): f64 {
    if (!this.source.expect(this.at, JsonType.Number, "a number")) return 0;
    const value = this.at.numberOr(0);
    if (!isFinite(value)) this.source.reportType(this.at, "a number of a double");
    return this.within(value, least, most);
  }

  integer(least: f64, most: f64): f64 {
    if (!this.source.expect(this.at, JsonType.Number, "a whole number")) return 0;
    const value = this.at.numberOr(0);
    if (value != trunc(value) || abs(value) > SAFE) this.source.reportType(this.at, "a whole number");
    return this.within(value, least, most);
  }

  /** Checks how many characters the string has that is here. */
  length(least: i32, most: i32): void {
    const text = this.checked();
    let length = text.length;
    for (let i = 1; i < text.length; i++) {
      if ((text.charCodeAt(i) & 0xfc00) == 0xdc00 && (text.charCodeAt(i - 1) & 0xfc00) == 0xd800) length--;
    }
    if (length < least) this.report("must have at least " + least.toString() + " characters");
    else if (length > most) this.report("must have at most " + most.toString() + " characters");
  }

  /** Checks the string that is here; `pattern` is what the author wrote. */
  matches(compiled: string, pattern: string): void {
    if (this.regex === null || this.pattern != compiled) this.regex = new Regex(compiled);
    this.pattern = compiled;
    if (!this.regex!.test(this.checked())) this.report("must match " + pattern);
  }

  oneOf(values: string[]): void {
    if (!values.includes(this.checked())) this.report("must be one of " + values.join(", "));
  }

  private get object(): JsonCursor {
    return this.around[this.around.length - 1];
  }

  private each(type: JsonType, what: string, least: i32, most: i32): bool {
    const at = this.at;
    if (!this.source.expect(at, type, what)) return false;
    const length = least > 0 || most < i32.MAX_VALUE ? at.length : least;
    if (length < least) this.report("must have at least " + least.toString() + " elements");
    else if (length > most) this.report("must have at most " + most.toString() + " elements");
    this.around.push(at.first());
    return true;
  }

  private within(value: f64, least: f64, most: f64): f64 {
    if (value < least) this.report("must be at least " + numberText(least));
    else if (value > most) this.report("must be at most " + numberText(most));
    else return value;
    return 0;
  }

  private checked(): string {
    return this.at.textOr("");
  }

  private report(why: string): void {
    if (this.at.type != JsonType.Missing) this.source.report(this.at, why);
  }
}
