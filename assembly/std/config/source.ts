/**
 * A configuration's text, and what is wrong with it.
 *
 * @module
 */
import { JsonCursor, JsonType } from "../json/cursor";
import { JsonDocument, json, parseBuffer } from "../json/document";
import { encodedText } from "../json/text";
import { pathOf } from "./path";
import { isStruct, structToJson } from "./struct";

/** The state that the parts of one configuration share. */
@final
export class ConfigSource {
  readonly root: JsonCursor;
  error: string | null = null;

  constructor(
    document: JsonDocument,
    /** Tells whether offsets mean something to who wrote it: not in a Struct. */
    readonly hasOffsets: bool,
  ) {
    this.root = document.root;
    this.error = document.error;
  }

  /** Reads JSON text, or the bytes of a Struct; nothing is an object without fields. */
  static read(configuration: string): ConfigSource {
    const bytes = encodedText(configuration);
    return isStruct(bytes) ? new ConfigSource(structToJson(bytes), false) : ConfigSource.ofJson(bytes);
  }

  /** Reads JSON text only. */
  static readJson(configuration: string): ConfigSource {
    return ConfigSource.ofJson(encodedText(configuration));
  }

  private static ofJson(bytes: ArrayBuffer): ConfigSource {
    const document = bytes.byteLength == 0 ? json.parse("{}") : parseBuffer(bytes, 128, i32.MAX_VALUE);
    return new ConfigSource(document, true);
  }

  /** Tells whether a value is of the type; that it is not is the error, unless there is one. */
  expect(value: JsonCursor, type: JsonType, what: string): bool {
    if (value.type == type) return true;
    this.reportType(value, what);
    return false;
  }

  reportType(value: JsonCursor, what: string): void {
    if (this.error !== null) return;
    const type = value.type;
    const found = type == JsonType.Array ? "an array" : type == JsonType.Object ? "an object" : value.raw();
    this.report(
      value,
      "expected " + what + ", found " + (found.length > 60 ? found.substring(0, 60) + "…" : found),
    );
  }

  report(value: JsonCursor, why: string): void {
    if (this.error !== null) return;
    let path = pathOf(this.root, value);
    if (path.length == 0) path = "configuration";
    const where = this.hasOffsets ? " (offset " + value.offset.toString() + ")" : "";
    this.error = path + ": " + why + where;
  }
}
