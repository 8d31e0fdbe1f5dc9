/** Hostile messages for std/protobuf: whatever is asked of a field that is something else, judged by protobufjs's reader. */
import assert from "node:assert/strict";
import { test } from "node:test";
import protobuf from "protobufjs";
import { linearJudge } from "./linear.js";
import { Module } from "./module.js";
import { Random, rounds } from "./random.js";

const module = await Module.load("bodies");

/** A number of up to 64 bits; throws when it has no end or more. */
function readNumber(reader: protobuf.Reader, bytes: Uint8Array): bigint {
  const start = reader.pos;
  const value = BigInt(reader.uint64().toString());
  // protobufjs ignores what does not fit into 64 bits.
  if (reader.pos - start === 10 && bytes[reader.pos - 1]! > 1) throw new RangeError("more than 64 bits");
  return value;
}

function packed(bytes: Uint8Array, read: (reader: protobuf.Reader) => bigint): string {
  const reader = protobuf.Reader.create(bytes);
  let text = "[";
  try {
    while (reader.pos < reader.len) text += `${read(reader)} `;
  } catch {
    return `${text}!]`;
  }
  return `${text}]`;
}

const fixed64 = (reader: protobuf.Reader): bigint => BigInt(reader.fixed64().toString());
const fixed32 = (reader: protobuf.Reader): bigint => BigInt(reader.fixed32());

/** The bits of a number as 64-bit float. */
function bitsOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

function floatBits(number: bigint, isSmall: boolean): bigint {
  if (!isSmall) return number;
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, Number(number));
  return bitsOf(view.getFloat32(0));
}

function tree(bytes: Uint8Array, depth: number): string {
  const reader = protobuf.Reader.create(bytes);
  let text = "";
  try {
    while (reader.pos < reader.len) {
      const tag = readNumber(reader, bytes);
      if (tag < 8n || tag > 0xffffffffn) return `${text}!`;
      const type = Number(tag & 7n);
      let number = 0n;
      let content = new Uint8Array();
      if (type === 0) number = readNumber(reader, bytes);
      else if (type === 1) number = fixed64(reader);
      else if (type === 5) number = fixed32(reader);
      else if (type === 2) {
        const size = readNumber(reader, bytes);
        if (size > BigInt(reader.len - reader.pos)) return `${text}!`;
        content = bytes.slice(reader.pos, reader.pos + Number(size));
        reader.skip(Number(size));
      } else return `${text}!`;
      const signed = BigInt.asIntN(type === 5 ? 32 : 64, number);
      const zigzag = BigInt.asIntN(64, (number >> 1n) ^ -(number & 1n));
      text += `${tag >> 3n}:${signed},${zigzag},${floatBits(number, type === 5)},${content.length},${content.length}`;
      text += packed(content, (inner) => readNumber(inner, content));
      text += packed(content, fixed64) + packed(content, fixed32);
      if (depth > 0) text += `{${tree(content, depth - 1)}}`;
    }
    return text;
  } catch {
    return `${text}!`;
  }
}

/** Bytes that look like messages in messages, most often. */
function hostile(random: Random, depth: number): number[] {
  const bytes: number[] = [];
  for (let i = random.below(5); i > 0; i--) {
    const type = random.pick([0, 0, 1, 2, 2, 2, 5, 5, 3, 4, 6, 7]);
    bytes.push((1 + random.below(15)) * 8 + type);
    if (type === 0)
      bytes.push(...random.pick([[1], [0x80, 1], [...Array<number>(9).fill(255), random.below(3)]]));
    else if (type === 1) bytes.push(...random.bytes(10));
    else if (type === 5) bytes.push(...random.bytes(5));
    else if (type === 2) {
      const content = depth > 0 ? hostile(random, depth - 1) : [...random.bytes(9)];
      const size = Math.max(0, content.length + random.pick([0, 0, 0, 0, 1, -1]));
      bytes.push(
        ...random.pick([[size], [size | 0x80, 0], [255, 255, 255, 255, 15]].slice(0, 2 + random.below(2))),
      );
      bytes.push(...content);
    }
  }
  return bytes;
}

test("whatever is asked of a field, also in messages in messages, is what protobufjs answers", () => {
  const random = new Random(1);
  let whole = 0;
  for (let i = 0; i < rounds(3000); i++) {
    const bytes = Uint8Array.from(hostile(random, 4));
    const expected = tree(bytes, 3);
    // Of numbers that are none, the sign and the payload may differ.
    if (/,(92\d{17}|18\d{18}),/.test(expected)) continue;
    if (!expected.includes("!")) whole++;
    assert.equal(module.text("tree", bytes, 3), expected, Buffer.from(bytes).toString("hex"));
  }
  assert.ok(whole > rounds(3000) / 50, `${whole} were messages`);
});

test("messages in messages in messages cost what their bytes do, however deep they are", async () => {
  const linear = await linearJudge("bodies");
  /** As deep as `size` allows: each has the next one in it. */
  const nested = (size: number): Uint8Array => {
    const bytes = new Uint8Array(size);
    let at = size;
    while (at > 6) {
      let length = size - at;
      const head = [0x0a];
      for (; length > 127; length >>= 7) head.push((length & 127) | 128);
      head.push(length);
      at -= head.length;
      bytes.set(head, at);
    }
    return bytes.subarray(at);
  };
  linear((it, size) => assert.equal(it.number("countFields", nested(size)), 1));
  linear((it, size) => it.number("countDeep", nested(size)));
  linear((it, size) => it.number("countFields", Buffer.alloc(size, 8)));
  linear((it, size) => it.number("countFields", Buffer.alloc(size, 0x80)));
});
