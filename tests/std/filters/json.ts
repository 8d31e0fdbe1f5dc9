/** What the JSON tests call; compiled without the transform. */
import { JsonCursor, JsonNode, JsonType, JsonWriter, json } from "../../../assembly/std/json";

/** `""` for a document without error. */
export function check(bytes: Uint8Array, maxDepth: i32, maxSize: i32): string {
  const error = json.parseBytes(bytes, maxDepth, maxSize).error;
  return error === null ? "" : error;
}

export function errorOffset(bytes: Uint8Array): i32 {
  return json.parseBytes(bytes).errorOffset;
}

/** Reads the text, walks all of it with the cursor, and writes it again. */
export function copy(text: string): string {
  const writer = new JsonWriter();
  const open = new Array<JsonCursor>();
  let place = json.parse(text, 1024).root;
  for (;;) {
    if (!place.exists) {
      if (open.length == 0) break;
      writer.end();
      place = open.pop().next();
      continue;
    }
    const name = place.name;
    if (name !== null) writer.name(name);
    const type = place.type;
    if (type == JsonType.Array || type == JsonType.Object) {
      if (type == JsonType.Array) writer.array();
      else writer.object();
      open.push(place);
      place = place.first();
      continue;
    }
    if (type == JsonType.String) writer.string(place.textOr("?"));
    else if (type == JsonType.Bool) writer.bool(place.boolOr(false));
    else if (type == JsonType.Null) writer.null();
    else if (place.isInteger) writer.integer(place.integerOr(0));
    else writer.number(place.numberOr(0));
    place = place.next();
  }
  return writer.text();
}

/** The same by way of the tree. */
export function tree(text: string): string {
  return JsonNode.from(json.parse(text, 1024).root).toText();
}

export function number(text: string): f64 {
  return json.parse(text).root.numberOr(NaN);
}

export function integer(text: string): string {
  const root = json.parse(text).root;
  return root.isInteger ? root.integerOr(0).toString() : "no";
}

export function unsigned(text: string): string {
  const root = json.parse(text).root;
  return root.unsignedOr(1) == root.unsignedOr(2) ? root.unsignedOr(0).toString() : "no";
}

export function writeNumber(value: f64): string {
  return new JsonWriter().number(value).text();
}

/** The raw text at a path, in which `#1` is an index. */
export function pick(text: string, path: string[]): string {
  let place = json.parse(text).root;
  for (let i = 0; i < path.length; i++) {
    const step = path[i];
    place = step.startsWith("#") ? place.at(I32.parseInt(step.substring(1))) : place.get(step);
  }
  return place.raw();
}

/** The raw text of a field, and of the element 1000. */
export function pickOne(text: string, name: string): string {
  const root = json.parse(text).root;
  return root.get(name).raw() + root.at(1000).raw();
}

export function lengthOf(text: string): i32 {
  return json.parse(text).root.length;
}

export const BYTES = idof<Uint8Array>();
export const TEXTS = idof<Array<string>>();

/** What has no fields or elements takes none, and so gives none to others. */
export function leavesStayLeaves(): string {
  const leaf = JsonNode.string("a").push(JsonNode.null()).set("b", JsonNode.null());
  leaf.removeAt(0);
  leaf.remove("b");
  const number = JsonNode.integer(1).set("c", JsonNode.null());
  const list = JsonNode.array().set("d", JsonNode.null()).push(leaf).push(number);
  const object = JsonNode.object().push(JsonNode.null()).set("e", list);
  return object.toText() + JsonNode.array().toText() + JsonNode.object().toText() + JsonNode.null().toText();
}
