/**
 * JSON as a tree of objects that can be changed.
 *
 * @module
 */
import { JsonCursor, JsonType } from "./cursor";
import { numberText } from "./format";
import { MAX_DEPTH, skipComma, skipSpace, skipString, skipValue, valueAfter } from "./scan";
import { stringText } from "./text";
import { JsonWriter } from "./writer";

/** The list, for names as well, of all values that have no fields or elements; nobody adds to it. */
const none: JsonNode[] = [];

/**
 * A JSON value in memory with all that is in it, for documents that are to be changed; to read a few fields, a
 * `JsonCursor` is cheaper. Fields keep their order, and numbers their digits. May be used anywhere.
 *
 * @example
 * const tree = JsonNode.from(document.root);
 * tree.set("seen", JsonNode.bool(true));
 * const body = tree.toText();
 */
@final
export class JsonNode {
  private names: string[];
  private nodes: JsonNode[];

  /** @internal */
  constructor(
    /** The type of this value; `Missing` only in the tree of nothing. */
    readonly type: JsonType,
    /** The text of a string, a number as it is written, `true` or `false`; `""` for all else. */
    readonly value: string,
  ) {
    this.names = type == JsonType.Object ? [] : changetype<string[]>(none);
    this.nodes = type >= JsonType.Array ? [] : none;
  }

  /** An object without fields; `set` adds some. */
  static object(): JsonNode {
    return new JsonNode(JsonType.Object, "");
  }

  /** An array without elements; `push` adds some. */
  static array(): JsonNode {
    return new JsonNode(JsonType.Array, "");
  }

  /** A string. */
  static string(value: string): JsonNode {
    return new JsonNode(JsonType.String, value);
  }

  /** An integer. */
  static integer(value: i64): JsonNode {
    return new JsonNode(JsonType.Number, value.toString());
  }

  /** A number; one that is infinite or NaN becomes null, as JSON has none. */
  static number(value: f64): JsonNode {
    return isFinite(value) ? new JsonNode(JsonType.Number, numberText(value)) : JsonNode.null();
  }

  /** `true` or `false`. */
  static bool(value: bool): JsonNode {
    return new JsonNode(JsonType.Bool, value ? "true" : "false");
  }

  /** `null`. */
  static null(): JsonNode {
    return new JsonNode(JsonType.Null, "");
  }

  /** The tree of what is at `cursor`; of type `Missing` when nothing is. Takes time and memory linear in its text. */
  static from(cursor: JsonCursor): JsonNode {
    const root = leaf(cursor);
    if (root.type < JsonType.Array) return root;
    const bytes = cursor.bytes;
    const base = changetype<usize>(bytes);
    const end = base + bytes.byteLength;
    const open: JsonNode[] = [root];
    let at = skipSpace(base + cursor.offset + 1, end);
    while (at < end) {
      const parent = open[open.length - 1];
      if ((load<u8>(at) | 0x20) == 0x7d) {
        open.pop();
        if (open.length == 0) break;
        at = skipComma(at + 1, end);
        continue;
      }
      if (parent.type == JsonType.Object) {
        const nameEnd = skipString(at, end);
        parent.names.push(stringText(at, nameEnd));
        at = valueAfter(at, end);
        if (at >= end) break;
      }
      const node = leaf(new JsonCursor(bytes, <i32>(at - base), -1));
      parent.nodes.push(node);
      if (node.type >= JsonType.Array) {
        open.push(node);
        at = skipSpace(at + 1, end);
      } else at = skipComma(skipValue(at, end), end);
    }
    return root;
  }

  /** How many elements or fields this has. */
  get length(): i32 {
    return this.nodes.length;
  }

  /** The field `name` of an object, of several the last; null when there is none. */
  get(name: string): JsonNode | null {
    const index = this.names.lastIndexOf(name);
    return index < 0 ? null : this.nodes[index];
  }

  /** The element, or value of the field, number `index`; null when there is none. */
  at(index: i32): JsonNode | null {
    return <u32>index < <u32>this.nodes.length ? this.nodes[index] : null;
  }

  /** The name of the field number `index`; null when there is none. */
  nameAt(index: i32): string | null {
    return <u32>index < <u32>this.names.length ? this.names[index] : null;
  }

  /** Sets the field `name` of an object, the last of several, or adds it at the end; does nothing to other types. */
  set(name: string, value: JsonNode): this {
    if (this.type != JsonType.Object) return this;
    const index = this.names.lastIndexOf(name);
    if (index >= 0) this.nodes[index] = value;
    else {
      this.names.push(name);
      this.nodes.push(value);
    }
    return this;
  }

  /** Adds an element at the end of an array; does nothing to other types. */
  push(value: JsonNode): this {
    if (this.type == JsonType.Array) this.nodes.push(value);
    return this;
  }

  /** Removes all fields `name` of an object; answers whether there was one. */
  remove(name: string): bool {
    const names = this.names;
    const nodes = this.nodes;
    let kept = 0;
    for (let i = 0; i < names.length; i++) {
      if (names[i] == name) continue;
      names[kept] = names[i];
      nodes[kept++] = nodes[i];
    }
    if (kept == names.length) return false;
    names.length = kept;
    nodes.length = kept;
    return true;
  }

  /** Removes the element or field number `index`; false when there is none. */
  removeAt(index: i32): bool {
    if (<u32>index >= <u32>this.nodes.length) return false;
    this.nodes.splice(index, 1);
    if (this.type == JsonType.Object) this.names.splice(index, 1);
    return true;
  }

  /** The tree as JSON text; `""` when it is of type `Missing`, contains itself, or is more than 1,024 levels deep. */
  toText(): string {
    const writer = new JsonWriter();
    return this.write(writer) ? writer.text() : "";
  }

  /** Writes the tree as the next value; false when it cannot be written as a whole (see `toText`). */
  write(writer: JsonWriter): bool {
    if (!put(this, writer)) return false;
    if (this.type < JsonType.Array) return true;
    const open: JsonNode[] = [this];
    const places: i32[] = [0];
    while (open.length > 0) {
      const last = open.length - 1;
      const parent = open[last];
      const place = places[last];
      if (place == parent.nodes.length) {
        open.pop();
        places.pop();
        writer.end();
        continue;
      }
      places[last]++;
      if (parent.type == JsonType.Object) writer.name(parent.names[place]);
      const node = parent.nodes[place];
      if (!put(node, writer)) return false;
      if (node.type < JsonType.Array) continue;
      if (open.length == MAX_DEPTH) return false;
      open.push(node);
      places.push(0);
    }
    return true;
  }
}

/** The node of a value, without what is in it. */
function leaf(cursor: JsonCursor): JsonNode {
  const type = cursor.type;
  if (type == JsonType.String) return new JsonNode(type, cursor.textOr(""));
  const hasDigits = type == JsonType.Number || type == JsonType.Bool;
  return new JsonNode(type, hasDigits ? cursor.raw() : "");
}

/** Writes a value, or the beginning of an array or object; false when it is missing. */
function put(node: JsonNode, writer: JsonWriter): bool {
  if (node.type == JsonType.Object) writer.object();
  else if (node.type == JsonType.Array) writer.array();
  else if (node.type == JsonType.String) writer.string(node.value);
  else if (node.type == JsonType.Null) writer.null();
  else if (node.type == JsonType.Missing) return false;
  else writer.raw(node.value);
  return true;
}
