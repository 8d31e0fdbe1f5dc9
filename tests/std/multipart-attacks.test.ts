/** Hostile bodies for std/multipart: what it reads, busboy reads as well; what programs read in different ways is refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import busboy from "busboy";
import { linearJudge } from "./linear.js";
import { Module } from "./module.js";
import { Random, rounds } from "./random.js";

const module = await Module.load("bodies");

type Field = readonly [name: string, text: string];

/** What is read of a body here; null when it is refused. */
function own(type: string, body: Uint8Array): Field[] | null {
  const text = module.text("multipart", type, body, 1000);
  if (text === null) return null;
  return (JSON.parse(text) as { name: string; text: string }[]).map((part) => [part.name, part.text]);
}

/** What busboy reads, with names as browsers mean them; null when it refuses the body. */
async function judge(type: string, body: Uint8Array): Promise<Field[] | null> {
  const meant = (name: string | undefined): string =>
    (name ?? "").replaceAll("%0A", "\n").replaceAll("%0D", "\r").replaceAll("%22", '"');
  return new Promise((resolve) => {
    const fields: Field[] = [];
    const refuse = (): void => resolve(null);
    try {
      const limits = { fieldNameSize: Infinity, fieldSize: Infinity };
      const reader = busboy({ headers: { "content-type": type }, limits, defParamCharset: "utf8" });
      reader.on("field", (name, value) => fields.push([meant(name), value]));
      reader.on("file", (name, stream) => {
        const index = fields.push([meant(name), ""]) - 1;
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("error", refuse);
        stream.on("end", () => (fields[index] = [meant(name), Buffer.concat(chunks).toString()]));
      });
      reader.on("error", refuse);
      reader.on("close", () => resolve(fields));
      reader.end(body);
    } catch {
      refuse();
    }
  });
}

const pieces = [
  ...["\r\n", "\r\n", "\r\n\r\n", "\n", "\r", "--b", "--b", "--b--", "-", "b", "--", " ", "\t", "\0", "x"],
  ...["--b\r\n", "\n--b\r\n", "\r--b\r\n", "\r\n--b--\r\n", "--b \r\n", "\r\n--bx"],
  ...[
    'content-disposition: form-data; name="a"',
    "content-disposition: form-data; name=a",
    "content-type: text/x",
  ],
  ...[
    '; filename="f"',
    "; filename=f",
    "; filename*=utf-8''x",
    '; name="c"',
    '\\"',
    "\\",
    '"',
    ";",
    "=",
    ":",
    "%22",
  ],
  ...["é", "content-transfer-encoding: base64"],
];
const good =
  '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\none\r\n--b\r\ncontent-disposition: form-data; name="f"; filename="x"\r\ncontent-type: text/x\r\n\r\ntwo\r\n--b--\r\n';

test("of bodies that were changed at random, what is read is read by busboy", async () => {
  const random = new Random(1);
  let read = 0;
  for (let i = 0; i < rounds(4000); i++) {
    let text = good;
    for (let n = 1 + random.below(3); n > 0; n--) {
      const at = random.below(text.length + 1);
      text = text.slice(0, at) + random.join(pieces, 3) + text.slice(at + random.pick([0, 0, 1, 2, 5]));
    }
    const body = Buffer.from(text);
    const seen = own("multipart/form-data; boundary=b", body);
    if (seen === null) continue;
    read++;
    // A part without a name is none for busboy.
    const named = seen.filter(([name]) => name !== "");
    const judged = await judge("multipart/form-data; boundary=b", body);
    assert.deepEqual(named, judged?.filter(([name]) => name !== "") ?? null, JSON.stringify(text));
  }
  assert.ok(read > rounds(4000) / 20, `${read} were read`);
});

test("a part that only some programs see is not passed over", () => {
  const type = "multipart/form-data; boundary=b";
  const part = 'content-disposition: form-data; name="a"\r\n\r\n';
  const hidden = `--b\r\ncontent-disposition: form-data; name="hidden"\r\n\r\nx`;
  assert.deepEqual(own(type, Buffer.from(`--b\r\n${part}x--b\r\n--b--\r\n \t\r\n`)), [["a", "x--b"]]);
  for (const text of [
    // Behind the last boundary, where some look for more.
    `--b\r\n${part}x\r\n--b--\r\n${hidden}\r\n--b--\r\n`,
    `--b\r\n${part}x\r\n--b--${hidden}\r\n--b--`,
    // A line break of one character.
    `--b\r\n${part}x\n${hidden}\r\n--b--\r\n`,
    `--b\r\n${part}x\r${hidden}\r\n--b--\r\n`,
    `--b\r\n${part}\n${hidden}\r\n--b--\r\n`,
    // Among the headers.
    `--b\r\n${part.slice(0, -2)}--bx: y\r\n\r\nx\r\n--b--\r\n`,
    // None at all behind the headers.
    `--b\r\n${part}${hidden}\r\n--b--\r\n`,
  ])
    assert.equal(own(type, Buffer.from(text)), null, JSON.stringify(text));
});

test("names in which a backslash may or may not escape are refused, and not written", () => {
  const type = "multipart/form-data; boundary=b";
  const body = (rest: string): Buffer =>
    Buffer.from(`--b\r\ncontent-disposition: form-data; ${rest}\r\n\r\nx\r\n--b--\r\n`);
  assert.deepEqual(own(type, body('name="a\\b"; filename="c:\\d"')), [["a\\b", "x"]]);
  for (const rest of [
    'name="a\\"; filename="x"',
    'name="a\\"b"',
    'name="a\\\\b"',
    'name="a"; filename="b\\"',
  ])
    assert.equal(own(type, body(rest)), null, rest);
  const write = (name: string): Buffer | null =>
    module.bytes("writeMultipart", "b", name, "file", "text/x", Buffer.from("x"));
  assert.notEqual(write("a\\b"), null);
  for (const name of ["a\\", "a\\\\b"]) assert.equal(write(name), null, name);
});

test("a content-type in which programs find different boundaries is refused", () => {
  const body = Buffer.from(good);
  const rest = "multipart/form-data; ";
  for (const type of ["boundary=b", 'boundary="b"', "charset=utf-8; Boundary=b", 'boundary=b; x="y"'])
    assert.equal(own(rest + type, body)?.length, 2, type);
  for (const type of [
    "boundary=b; boundary=c",
    "boundary=c; boundary=b",
    "xboundary=c; boundary=b",
    'x="boundary=c"; boundary=b',
    "BOUNDARY=c; boundary=b",
    "boundary*=utf-8''c; boundary=b",
    "boundary*0=c; boundary=b",
    "boundary=b,c",
    "boundary=b, multipart/form-data; boundary=c",
    'boundary="b\\"',
    'boundary="\\b"',
  ])
    assert.equal(own(rest + type, body), null, type);
});

test("what looks like boundaries, escapes and types takes steps linear in the input", async () => {
  const linear = await linearJudge("bodies");
  const head = '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n';
  const hostile = (type: string, make: (size: number) => string): void =>
    linear((it, size) => it.number("multipart", type, Buffer.from(make(size)), 9));
  hostile("multipart/form-data; boundary=b", (size) => `${head}${"x--b".repeat(size / 4)}\r\n--b--`);
  const long = "-".repeat(70);
  const first = head.replace("--b", `--${long}`);
  hostile(`multipart/form-data; boundary=${long}`, (size) => `${first}${"-".repeat(size)}`);
  hostile(
    `multipart/form-data; boundary=${long}`,
    (size) => `${first}${`${"-".repeat(71)}x`.repeat(size / 72)}`,
  );
  hostile("multipart/form-data; boundary=b", (size) => `--b--${" \r\n".repeat(size / 3)}`);
  for (const piece of ["boundary", "boundary=", "; a=b", "\\", ' ="', ";"])
    linear((it, size) =>
      it.number(
        "multipart",
        `multipart/form-data; ${piece.repeat(size / piece.length)}`,
        Buffer.from(good),
        9,
      ),
    );
});
