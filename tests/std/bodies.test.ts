/** std/protobuf against protobufjs, std/form against URLSearchParams, std/multipart against Node's FormData. */
import assert from "node:assert/strict";
import { test } from "node:test";
import protobuf from "protobufjs";
import { linearJudge } from "./linear.js";
import { Module } from "./module.js";
import { Random, rounds } from "./random.js";

const module = await Module.load("bodies");

test("forms are read and written as URLSearchParams does", () => {
  const random = new Random(1);
  const pieces = [
    "a",
    "b",
    "=",
    "=",
    "&",
    "&",
    "+",
    "%20",
    "%",
    "%4",
    "%C3%BC",
    "*",
    "~",
    "-",
    "\0",
    " ",
    "%00",
    "%26",
  ];
  for (let i = 0; i < rounds(2000); i++) {
    const text = random.join(pieces, 12);
    const judge = new URLSearchParams(text.replace(/^\?/, ""));
    const [entries, again] = module.text("form", Buffer.from(text), 1000)!.split("\n");
    if (!judge.toString().includes("%EF%BF%BD")) assert.deepEqual(JSON.parse(entries!), [...judge], text);
    // Bytes that are no UTF-8 survive here.
    if (!judge.toString().includes("%EF%BF%BD")) assert.equal(again, judge.toString(), text);
  }
  assert.equal(module.text("form", Buffer.from("a&b&c"), 2), null);
  assert.equal(module.text("form", Buffer.from("%ff=1"), 9)!.split("\n")[1], "%FF=1", "bytes survive");
  assert.equal(module.text("formValue", "a=1&b=2&a=3", "a"), "3 true 1,3 1");
});

interface Part {
  name: string;
  text: string;
  file?: string;
  type: string;
  size: number;
}

type NamedBlob = Blob & { readonly name: string };

/** What Node reads of a body. */
async function judge(type: string, body: Uint8Array): Promise<Part[] | null> {
  try {
    const data = await new Response(new Blob([body as Uint8Array<ArrayBuffer>]), {
      headers: { "content-type": type },
    }).formData();
    return await Promise.all(
      [...(data as unknown as Iterable<[string, string | NamedBlob]>)].map(async ([name, value]) => {
        if (typeof value === "string")
          return { name, type: "text/plain", text: value, size: Buffer.byteLength(value) };
        const text = await value.text();
        // Node writes no name of a file that has none, and takes it for text.
        return { name, type: value.type, file: value.name, text, size: value.size };
      }),
    );
  } catch {
    return null;
  }
}

test("bodies that Node writes are read as Node reads them", async () => {
  const random = new Random(2);
  for (let i = 0; i < rounds(100); i++) {
    const data = new FormData();
    for (let n = random.below(5); n > 0; n--) {
      const name = random.join(["a", "ü", '"', "\r\n", "%", "\\", ";", "=", " "], 5);
      const value = random.join(["x", "\r\n", "--", "-", "ü", "\r\n--"], 8);
      if (name === "" || random.below(2)) data.append(name, value);
      else data.append(name, new Blob([value], { type: random.pick(["text/x", "image/png"]) }), name);
    }
    const response = new Response(data);
    const type = response.headers.get("content-type")!;
    const body = new Uint8Array(await response.arrayBuffer());
    const own = module.text("multipart", type, body, 1000);
    // Others take the backslash for an escape: it is refused.
    if (/="[^"]*(\\\\[^"]*|\\)"/.test(Buffer.from(body).toString())) {
      assert.equal(own, null);
      continue;
    }
    assert.deepEqual(
      own === null ? null : JSON.parse(own),
      await judge(type, body),
      Buffer.from(body).toString(),
    );
  }
});

test("a broken body is refused, or read as Node reads it", async () => {
  const random = new Random(3);
  const type = 'multipart/form-data; boundary="b"';
  const good =
    '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\none\r\n--b\r\nContent-Disposition: form-data; name="f"; filename="x.txt"\r\nContent-Type: text/x\r\n\r\ntwo\r\n--b--\r\n';
  assert.equal((JSON.parse(module.text("multipart", type, Buffer.from(good), 9)!) as Part[]).length, 2);
  let read = 0;
  for (let i = 0; i < rounds(2000); i++) {
    let text = good;
    for (let n = 1 + random.below(2); n > 0; n--) {
      const at = random.below(text.length + 1);
      text =
        text.slice(0, at) +
        random.pick(["", "\r\n", "-", "b", '"', ";", "\r\n--b", ":", " ", "\0"]) +
        text.slice(at + random.below(3));
    }
    const own = module.text("multipart", type, Buffer.from(text), 1000);
    if (own === null) continue;
    const expected = await judge(type, Buffer.from(text));
    // Node is the stricter one in places (a part without a name, a type that is none): no answer is no disagreement.
    if (expected === null) continue;
    read++;
    assert.deepEqual(
      (JSON.parse(own) as Part[]).map(({ name, text }) => [name, text]),
      expected.map(({ name, text }) => [name, text]),
      JSON.stringify(text),
    );
  }
  assert.ok(read > 100, `${read} were read`);
});

test("bodies that programs read in different ways are refused", () => {
  const type = "multipart/form-data; boundary=b";
  const body = (head: string): Buffer => Buffer.from(`--b\r\n${head}\r\n\r\nx\r\n--b--`);
  const disposition = 'content-disposition: form-data; name="a"';
  assert.notEqual(module.text("multipart", type, body(disposition), 9), null);
  for (const head of [
    `${disposition}\r\n${disposition}`,
    `${disposition}; name="b"`,
    `${disposition}; filename*=utf-8''x`,
    `${disposition}; filename="x`,
    `${disposition}; filename="x" y`,
    `content-disposition : form-data; name="a"`,
    ` content-disposition: form-data; name="a"`,
    `${disposition}\r\n folded`,
    `${disposition}\n`,
    Array.from({ length: 33 }, (_, i) => `x${i}: 1`).join("\r\n"),
    `x: ${"y".repeat(17000)}`,
  ])
    assert.equal(module.text("multipart", type, body(head), 9), null, head.slice(0, 80));
  for (const text of [
    "",
    "--b",
    "--b--x",
    "preamble\r\n--b--",
    "--b\r\n\r\nx",
    "--bx\r\n\r\n--b--",
    `--b\r\n${disposition}\r\n\r\nx\r\n--bx--`,
  ])
    assert.equal(module.text("multipart", type, Buffer.from(text), 9), null, text);
  for (const wrong of [
    "multipart/form-data",
    "text/plain; boundary=b",
    `multipart/form-data; boundary=${"b".repeat(71)}`,
    'multipart/form-data; boundary="ä"',
    'multipart/form-data; boundary="b "',
  ])
    assert.equal(module.text("multipart", wrong, body(disposition), 9), null, wrong);
  const two = Buffer.from(`--b\r\n${disposition}\r\n\r\n\r\n`.repeat(2) + "--b--");
  assert.equal(module.text("multipart", type, two, 1), null, "too many");
  assert.notEqual(module.text("multipart", type, two, 2), null);
});

test("bodies that are written here are read by Node", async () => {
  const random = new Random(4);
  for (let i = 0; i < rounds(100); i++) {
    const name = random.join(["a", "ü", '"', "\r\n", ";", " "], 4);
    const content = random.join(["x", "\r\n", "--", "\0"], 6);
    const body = module.bytes("writeMultipart", "bou-1", name, content, "text/x", Buffer.from(content));
    if (body === null) {
      assert.match(name + content, /[\0]/);
      continue;
    }
    const file = content.replaceAll("\0", "\0");
    assert.deepEqual(await judge('multipart/form-data; boundary="bou-1"', body), [
      { name, type: "text/plain", text: content, size: content.length },
      { name, type: "text/x", file, text: content, size: content.length },
    ]);
  }
  assert.equal(module.bytes("writeMultipart", "b", "a", "x", "text/x", Buffer.from("--b")), null);
  assert.equal(module.bytes("writeMultipart", "", "a", "x", "text/x", Buffer.from("")), null);
  assert.equal(module.bytes("writeMultipart", "b", "a", "x", "a\r\nb: c", Buffer.from("")), null);
  assert.equal(module.bytes("writeNothing", "b")!.toString(), "--b--\r\n");
});

const { All } = protobuf.parse(`syntax = "proto3";
message All { int32 a = 1; int64 b = 2; sfixed64 c = 3; sint32 d = 4; sint64 e = 5; uint64 f = 6; fixed32 g = 7;
  float h = 8; double i = 9; string j = 10; repeated uint64 k = 11; All l = 12; sfixed32 m = 13; bool n = 14; bytes o = 15; }`)
  .root as unknown as { All: protobuf.Type };

/** What is not zero or empty: the others may be left out of a message. */
const present = (message: object): object =>
  Object.fromEntries(
    Object.entries(message)
      .filter(([, value]) => ![0, "0", "", false].includes(value as string))
      .map(([name, value]) => [name, name === "l" ? present(value as object) : (value as unknown)]),
  );

test("messages of all types are those of protobufjs", () => {
  const random = new Random(5);
  for (let i = 0; i < rounds(500); i++) {
    const number = BigInt.asIntN(
      64,
      BigInt(random.below(2 ** 31)) ** BigInt(1 + random.below(3)) * (random.below(2) ? -1n : 1n),
    );
    const float = (random.below(2000) - 1000) / 64;
    const text = random.join(["a", "ü", "\u{1f600}", "\0"], 200);
    const bytes = module.bytes("write", number, float, text)!;
    const message = All.toObject(All.decode(bytes), { longs: String, bytes: String }) as Record<
      string,
      unknown
    >;
    const small = Number(BigInt.asIntN(32, number));
    const unsigned = BigInt.asUintN(64, number).toString();
    assert.deepEqual(
      present(message),
      present({
        a: small,
        b: number.toString(),
        c: number.toString(),
        d: small,
        e: number.toString(),
        f: unsigned,
        g: Number(BigInt.asUintN(32, number)),
        h: float,
        i: float,
        j: text,
        k: ["0", unsigned, "300", "18446744073709551615"],
        l: { j: text },
        n: number > 0n,
        o: Buffer.from(text).toString("base64"),
      }),
    );
    const again = All.encode(All.fromObject({ ...message, m: -5, n: false, o: "" })).finish();
    const read = JSON.parse(module.text("all", again)!) as Record<string, unknown>;
    const pick = (field: number): unknown => read[field];
    for (const [field, value] of [
      [1, small],
      [2, number],
      [3, number],
      [4, small],
      [5, number],
      [6, unsigned],
      [7, BigInt.asUintN(32, number)],
    ] as const)
      assert.equal(pick(field) ?? "0", String(value), `field ${field}`);
    assert.equal(pick(8) ?? 0, float);
    assert.equal(pick(9) ?? 0, float);
    assert.equal(pick(10) ?? "", text);
    assert.deepEqual(pick(11), ["0", unsigned, "300", "18446744073709551615"]);
    assert.equal(pick(12), text);
    assert.equal(pick(13), "-5");
  }
});

/** The fields as protobufjs's reader sees them; "!" when it refuses. */
function seen(bytes: Uint8Array): string {
  const reader = protobuf.Reader.create(bytes);
  let text = "";
  try {
    while (reader.pos < reader.len) {
      const tag = reader.uint64();
      const number = BigInt(tag.toString());
      if (number < 8n || number > 0xffffffffn) return `${text}!`;
      const [field, type] = [number >> 3n, Number(number & 7n)];
      let value: string;
      if (type === 0) {
        const start = reader.pos;
        value = reader.uint64().toString();
        // protobufjs ignores what does not fit into 64 bits.
        if (reader.pos - start === 10 && bytes[reader.pos - 1]! > 1) return `${text}!`;
      } else if (type === 1) value = reader.fixed64().toString();
      else if (type === 2) {
        const start = reader.pos;
        const size = reader.uint64();
        if (BigInt(size.toString()) > BigInt(reader.len - reader.pos)) return `${text}!`;
        if (reader.pos - start === 10 && bytes[reader.pos - 1]! > 1) return `${text}!`;
        value = [...bytes.slice(reader.pos, reader.pos + Number(size))]
          .map((byte) => `${byte.toString(16)}.`)
          .join("");
        reader.skip(Number(size));
      } else if (type === 5) value = String(reader.fixed32());
      else return `${text}!`;
      text += `${field} ${type} ${value}\n`;
    }
    return text;
  } catch {
    return `${text}!`;
  }
}

test("any bytes are read as protobufjs reads them, never beyond their end", () => {
  const random = new Random(6);
  let whole = 0;
  for (let i = 0; i < rounds(5000); i++) {
    const bytes = random
      .bytes(24)
      .map((byte) => (random.below(3) === 0 ? byte : random.pick([8, 10, 13, 9, 1, 2, 3, 128, 255, 0])));
    const expected = seen(bytes);
    if (!expected.endsWith("!")) whole++;
    assert.equal(module.text("fields", bytes), expected, Buffer.from(bytes).toString("hex"));
  }
  assert.ok(whole > 100, `${whole} were messages`);
  assert.equal(module.text("fields", Buffer.from("08ffffffffffffffffff02", "hex")), "!", "65 bits");
  assert.equal(module.text("fields", Buffer.from("0affffffff0f", "hex")), "!", "a length beyond the end");
  assert.equal(module.text("fields", Buffer.from("0b0c", "hex")), "!", "a group");
});

test("all of it takes steps linear in the input", async () => {
  const linear = await linearJudge("bodies");
  const repeat = (text: string, size: number): Buffer =>
    Buffer.from(text.repeat(Math.floor(size / text.length)));
  linear((it, size) => it.number("countForm", repeat("a=%", size)));
  linear((it, size) => it.number("countForm", repeat("&=&", size)));
  const type = "multipart/form-data; boundary=b";
  const part = '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n\r\n';
  linear((it, size) =>
    it.number("countParts", type, Buffer.concat([repeat(part, size), Buffer.from("--b--")])),
  );
  linear((it, size) =>
    it.number("multipart", type, Buffer.concat([Buffer.from(part), repeat("\r\n--a", size)]), 9),
  );
  linear((it, size) => it.number("multipart", type, Buffer.from(`--b\r\n${"x: y\r\n".repeat(size / 6)}`), 9));
  linear((it, size) => it.number("countFields", repeat("\x0a\0", size)));
  linear((it, size) => it.number("countFields", Buffer.from("ff".repeat(size), "hex")));
});
