import { utf8 } from "../../../assembly/std/encoding";
import { Form } from "../../../assembly/std/form";
import { JsonWriter } from "../../../assembly/std/json";
import { Multipart, MultipartWriter } from "../../../assembly/std/multipart";
import { ProtobufReader, ProtobufWriter, WireType } from "../../../assembly/std/protobuf";

export const u8ArrayId = idof<Uint8Array>();

function pairs(entries: string[][]): string {
  const writer = new JsonWriter().array();
  for (let i = 0; i < entries.length; i++) writer.array().string(entries[i][0]).string(entries[i][1]).end();
  return writer.end().text();
}

/** The fields of a form as JSON, and the form written again. */
export function form(bytes: Uint8Array, most: i32): string | null {
  const parsed = Form.parse(bytes, most);
  return parsed === null ? null : pairs(parsed.entries()) + "\n" + parsed.toString();
}

export function countForm(bytes: Uint8Array): i32 {
  const parsed = Form.parse(bytes, i32.MAX_VALUE);
  return parsed === null ? -1 : parsed.length;
}

export function countParts(type: string, body: Uint8Array): i32 {
  const parsed = Multipart.parse(type, body, i32.MAX_VALUE);
  return parsed === null ? -1 : parsed.parts.length;
}

export function formValue(text: string, name: string): string | null {
  const parsed = Form.parse(utf8.encode(text))!;
  return `${parsed.length} ${parsed.has(name)} ${parsed.getAll(name).join(",")} ${parsed.get(name)!}`;
}

/** The parts of a body as JSON. */
export function multipart(type: string, body: Uint8Array, most: i32): string | null {
  const parsed = Multipart.parse(type, body, most);
  if (parsed === null) return null;
  const writer = new JsonWriter().array();
  for (let i = 0; i < parsed.parts.length; i++) {
    const part = parsed.parts[i];
    writer.object().name("name").string(part.name).name("type").string(part.type);
    const file = part.fileName;
    if (file !== null) writer.name("file").string(file);
    writer.name("text").string(part.text).name("size").integer(part.bytes.length).end();
  }
  return writer.end().text();
}

/** A body with a field and a file. */
export function writeMultipart(
  boundary: string,
  name: string,
  text: string,
  type: string,
  file: Uint8Array,
): Uint8Array | null {
  const writer = new MultipartWriter(boundary).text(name, text).file(name, text, type, file);
  return writer.complete ? writer.toBytes() : null;
}

export function writeNothing(boundary: string): Uint8Array {
  return new MultipartWriter(boundary).toBytes();
}

/** Every field of a message as "number type value"; "!" at the end when it is broken. */
export function fields(bytes: Uint8Array): string {
  const reader = new ProtobufReader(bytes);
  let text = "";
  while (reader.next()) {
    text += `${reader.field} ${<i32>reader.type} `;
    if (reader.type == WireType.Bytes)
      for (let i = 0; i < reader.bytes.length; i++) text += reader.bytes[i].toString(16) + ".";
    else text += reader.number.toString();
    text += "\n";
  }
  return text + (reader.failed ? "!" : "");
}

/** How many fields there are: without a text that grows. */
export function countFields(bytes: Uint8Array): i32 {
  const reader = new ProtobufReader(bytes);
  let count = 0;
  while (reader.next()) count++;
  return count;
}

/** What a message of all types says. */
export function all(bytes: Uint8Array): string {
  const reader = new ProtobufReader(bytes);
  const writer = new JsonWriter().object();
  while (reader.next()) {
    writer.name(reader.field.toString());
    if (reader.field <= 3 || reader.field == 13) writer.string(reader.signed.toString());
    else if (reader.field <= 5) writer.string(reader.zigzag.toString());
    else if (reader.field <= 7) writer.string(reader.number.toString());
    else if (reader.field <= 9) writer.number(reader.float);
    else if (reader.field == 10) writer.string(reader.text);
    else if (reader.field == 11) {
      const packed = reader.message();
      writer.array();
      while (packed.nextPacked()) writer.string(packed.number.toString());
      writer.end();
    } else if (reader.field == 12) {
      const inner = reader.message();
      inner.next();
      writer.string(inner.text);
    }
  }
  return reader.failed ? "failed" : writer.end().text();
}

/** Writes a message of all types. */
export function write(number: i64, float: f64, text: string): Uint8Array {
  const inner = new ProtobufWriter().text(10, text);
  return new ProtobufWriter()
    .signed(1, <i64>(<i32>number))
    .signed(2, number)
    .fixed64(3, <u64>number)
    .zigzag(4, <i64>(<i32>number))
    .zigzag(5, number)
    .number(6, <u64>number)
    .fixed32(7, <u32>number)
    .float(8, <f32>float)
    .double(9, float)
    .text(10, text)
    .packed(11, [0, <u64>number, 300, u64.MAX_VALUE])
    .message(12, inner)
    .bool(14, number > 0)
    .bytes(15, utf8.encode(text))
    .number(0, 1)
    .number(0x20000000, 1)
    .toBytes();
}

/** All that can be asked of each field, whatever it is, and of what is in it; "!" where it is broken. */
export function tree(bytes: Uint8Array, depth: i32): string {
  return treeOf(new ProtobufReader(bytes), depth);
}

function treeOf(reader: ProtobufReader, depth: i32): string {
  let text = "";
  while (reader.next()) {
    text += `${reader.field}:${reader.signed},${reader.zigzag},${reinterpret<u64>(reader.float)}`;
    text += `,${reader.bytes.length},${utf8.encode(reader.text).length}`;
    for (let type = 0; type < 6; type++) text += packedOf(reader.message(), <WireType>type);
    text += depth > 0 ? `{${treeOf(reader.message(), depth - 1)}}` : "";
  }
  return text + (reader.failed ? "!" : "");
}

function packedOf(packed: ProtobufReader, type: WireType): string {
  if (type != WireType.Varint && type != WireType.Fixed64 && type != WireType.Fixed32) return "";
  let text = "[";
  while (packed.nextPacked(type)) text += `${packed.number} `;
  return text + (packed.failed ? "!]" : "]");
}

/** How deep the first messages in messages go. */
export function countDeep(bytes: Uint8Array): i32 {
  let reader = new ProtobufReader(bytes);
  let depth = 0;
  while (reader.next()) {
    depth++;
    reader = reader.message();
  }
  return depth;
}
