/**
 * Plugin configurations.
 *
 * @module
 */
import { JsonCursor, JsonType } from "../json/cursor";
import { numberText } from "../json/format";
import { pathOf, withName } from "./path";
import { ConfigSource } from "./source";

/**
 * A plugin's configuration, or an object within it: JSON text, or the bytes of the `google.protobuf.Struct` that Envoy
 * passes on. A reader answers its default, or `""`, 0 and so on, when a field is missing, null or wrong; the first thing
 * that is wrong, be it a missing field without a default, a wrong type or a number out of bounds, is in `error`. So read
 * all fields, then look at `error` once. Meant for `onConfigure` and `onVmStart`; may be used anywhere.
 *
 * @example
 * onConfigure(configuration: string): bool {
 *   const config = Config.read(configuration);
 *   this.header = config.text("header");
 *   this.limit = config.section("limits").integerOr("rps", 100, 1, 10000);
 *   if (config.error) log.error(config.error!); // for example: limits.rps: expected an integer, found "x" (offset 31)
 *   return config.error === null;
 * }
 */
@final
export class Config {
  /** @internal */
  constructor(
    private source: ConfigSource,
    /** The object; of type `Missing` when there is none. */
    readonly cursor: JsonCursor,
    /** The place of this value, for the case that it is missing. */
    private path: string,
  ) {}

  /**
   * Reads what `onConfigure` is called with. `""`, which is no configuration, has no fields; anything else must be an
   * object.
   */
  static read(configuration: string): Config {
    return Config.of(ConfigSource.read(configuration));
  }

  /**
   * `read` for JSON text only: Istio passes nothing else, and Envoy does so with a `StringValue`. About 4 KB of module
   * smaller.
   */
  static readJson(configuration: string): Config {
    return Config.of(ConfigSource.readJson(configuration));
  }

  private static of(source: ConfigSource): Config {
    const config = new Config(source, source.root, "");
    if (source.error === null) config.expect(source.root, JsonType.Object, "an object");
    return config;
  }

  /** The first thing that is wrong with the configuration, of which this may be a part; null when nothing is. */
  get error(): string | null {
    return this.source.error;
  }

  /** Tells whether there is a field `name` that is not null. */
  has(name: string): bool {
    return this.cursor.get(name).type > JsonType.Null;
  }

  /** A string that must be there. */
  text(name: string): string {
    const value = this.required(name);
    return this.expect(value, JsonType.String, "a string") ? value.textOr("") : "";
  }

  /** A string; `otherwise` when it is not there. */
  textOr(name: string, otherwise: string): string {
    const value = this.cursor.get(name);
    return this.expect(value, JsonType.String, "a string") ? value.textOr(otherwise) : otherwise;
  }

  /** A whole number from `least` to `most` that must be there. */
  integer(name: string, least: i64 = i64.MIN_VALUE, most: i64 = i64.MAX_VALUE): i64 {
    return this.readInteger(this.required(name), least, least, most);
  }

  /** An integer from `least` to `most`; `otherwise` when it is not there. */
  integerOr(name: string, otherwise: i64, least: i64 = i64.MIN_VALUE, most: i64 = i64.MAX_VALUE): i64 {
    return this.readInteger(this.cursor.get(name), otherwise, least, most);
  }

  /** A number from `least` to `most` that must be there. */
  number(name: string, least: f64 = -Infinity, most: f64 = Infinity): f64 {
    return this.readNumber(this.required(name), 0, least, most);
  }

  /** A number from `least` to `most`; `otherwise` when it is not there. */
  numberOr(name: string, otherwise: f64, least: f64 = -Infinity, most: f64 = Infinity): f64 {
    return this.readNumber(this.cursor.get(name), otherwise, least, most);
  }

  /** True or false, which must be there. */
  bool(name: string): bool {
    const value = this.required(name);
    return this.expect(value, JsonType.Bool, "true or false") && value.boolOr(false);
  }

  /** True or false; `otherwise` when it is not there. */
  boolOr(name: string, otherwise: bool): bool {
    const value = this.cursor.get(name);
    return this.expect(value, JsonType.Bool, "true or false") ? value.boolOr(otherwise) : otherwise;
  }

  /** The strings of an array; none when it is missing. */
  texts(name: string): string[] {
    const texts = new Array<string>();
    const list = this.cursor.get(name);
    if (!this.expect(list, JsonType.Array, "an array")) return texts;
    for (let item = list.first(); item.exists; item = item.next()) {
      if (this.source.expect(item, JsonType.String, "a string")) texts.push(item.textOr(""));
    }
    return texts;
  }

  /** The object `name`; one without fields when it is missing. */
  section(name: string): Config {
    const value = this.cursor.get(name);
    const found = this.expect(value, JsonType.Object, "an object");
    return new Config(this.source, found ? value : value.get(""), found ? "" : this.pathTo(name));
  }

  /** The objects of an array; none when it is missing. */
  sections(name: string): Config[] {
    const sections = new Array<Config>();
    const list = this.cursor.get(name);
    if (!this.expect(list, JsonType.Array, "an array")) return sections;
    for (let item = list.first(); item.exists; item = item.next()) {
      if (this.source.expect(item, JsonType.Object, "an object"))
        sections.push(new Config(this.source, item, ""));
    }
    return sections;
  }

  /** Makes a field whose name is not among `names` an error, so that a typing mistake does not go unseen. */
  allowOnly(names: string[]): void {
    for (let field = this.cursor.first(); field.exists; field = field.next()) {
      const name = field.name;
      if (name !== null && !names.includes(name)) this.source.report(field, "unknown field");
    }
  }

  /** Makes the value of the field `name` an error, for a check of your own: `why` is what the error says. */
  refuse(name: string, why: string): void {
    const value = this.cursor.get(name);
    if (value.exists) this.source.report(value, why);
    else if (this.source.error === null) this.source.error = this.pathTo(name) + ": " + why;
  }

  private required(name: string): JsonCursor {
    const value = this.cursor.get(name);
    if (value.type <= JsonType.Null) this.refuse(name, "missing");
    return value;
  }

  private readInteger(value: JsonCursor, otherwise: i64, least: i64, most: i64): i64 {
    if (!this.expect(value, JsonType.Number, "an integer")) return otherwise;
    const integer = value.integerOr(otherwise);
    if (!value.isInteger) this.source.reportType(value, "an integer");
    else if (integer < least) this.source.report(value, "must be at least " + least.toString());
    else if (integer > most) this.source.report(value, "must be at most " + most.toString());
    else return integer;
    return otherwise;
  }

  private readNumber(value: JsonCursor, otherwise: f64, least: f64, most: f64): f64 {
    if (!this.expect(value, JsonType.Number, "a number")) return otherwise;
    const number = value.numberOr(otherwise);
    if (number < least) this.source.report(value, "must be at least " + numberText(least));
    else if (number > most) this.source.report(value, "must be at most " + numberText(most));
    else return number;
    return otherwise;
  }

  /** Tells whether there is a value, and it is of the type; null is as good as missing. */
  private expect(value: JsonCursor, type: JsonType, what: string): bool {
    return value.type > JsonType.Null && this.source.expect(value, type, what);
  }

  private pathTo(name: string): string {
    const own = this.cursor.exists ? pathOf(this.source.root, this.cursor) : this.path;
    return withName(own, name);
  }
}
