/** std/encoding against Node's Buffer, atob and TextDecoder. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { linearJudge } from "./linear.js";
import { Module } from "./module.js";
import { Random, rounds } from "./random.js";

const module = await Module.load("encoding");
const ROUNDS = rounds(20_000);

const bytesOf = (text: string, encoding: BufferEncoding = "latin1"): Buffer => Buffer.from(text, encoding);

test("base64 writes and reads RFC 4648's vectors", () => {
  const vectors = {
    "": "",
    f: "Zg==",
    fo: "Zm8=",
    foo: "Zm9v",
    foob: "Zm9vYg==",
    fooba: "Zm9vYmE=",
    foobar: "Zm9vYmFy",
  };
  for (const [text, encoded] of Object.entries(vectors)) {
    assert.equal(module.text("base64Encode", bytesOf(text)), encoded);
    assert.deepEqual(module.bytes("base64Decode", encoded), bytesOf(text));
    assert.equal(module.text("base64urlEncode", bytesOf(text)), encoded.replaceAll("=", ""));
    assert.deepEqual(module.bytes("base64urlDecode", encoded.replaceAll("=", "")), bytesOf(text));
  }
});

test("base64, base64url and hex write what Buffer writes, and read it back", () => {
  const random = new Random(1);
  for (let i = 0; i < ROUNDS; i++) {
    const bytes = Buffer.from(random.bytes(40));
    for (const kind of ["base64", "base64url", "hex"] as const) {
      const text = bytes.toString(kind);
      assert.equal(module.text(`${kind}Encode`, bytes), text);
      assert.deepEqual(module.bytes(`${kind}Decode`, text), bytes);
      assert.equal(module.number(`${kind}ErrorAt`, text), -1);
    }
  }
});

test("strict base64 reads exactly what is written the same way again, and says where the rest is wrong", () => {
  const random = new Random(2);
  const alphabet = "AQgwZz019+/-_==== \n!é\ud800".split("");
  for (let i = 0; i < ROUNDS; i++) {
    const text = random.join(alphabet, 12);
    for (const kind of ["base64", "base64url"] as const) {
      const expected = Buffer.from(text, kind);
      const isExact = expected.toString(kind) === text;
      assert.deepEqual(module.bytes(`${kind}Decode`, text), isExact ? expected : null, JSON.stringify(text));
      const at = module.number(`${kind}ErrorAt`, text);
      assert.ok(isExact ? at === -1 : at >= 0 && at <= text.length, `${JSON.stringify(text)}: ${at}`);
    }
  }
  assert.equal(module.number("base64ErrorAt", "Zm9v!mFy"), 4);
  assert.equal(module.number("base64ErrorAt", "Zm9vYg"), 6);
  assert.equal(module.number("base64ErrorAt", "Zg==Zg=="), 4);
  assert.equal(module.number("base64ErrorAt", "Zh=="), 1);
  assert.equal(module.number("base64urlErrorAt", "Zg=="), 2);
});

test("each unit is a digit at each place, or what is wrong", () => {
  const alphabets = { base64: /^[A-Za-z0-9+/]$/, base64url: /^[\w-]$/ } as const;
  const units = [...Array.from({ length: 300 }, (_, unit) => unit), 0x141, 0x2041, 0x8041, 0xff41];
  for (const kind of ["base64", "base64url"] as const)
    for (let place = 0; place < 12; place++)
      for (const unit of units) {
        const digit = String.fromCharCode(unit);
        const text = `${"Zm8v".repeat(3).slice(0, place)}${digit}${"Zm8v".repeat(3).slice(place + 1)}`;
        if (alphabets[kind].test(digit)) {
          assert.deepEqual(
            Buffer.from(module.bytes(`${kind}Decode`, text)!),
            Buffer.from(text, kind),
            JSON.stringify(text),
          );
          continue;
        }
        // A sign that fills up is wrong behind the place where it stands.
        const wrong = kind === "base64" && digit === "=" ? (place % 4 < 2 ? place : place + 1) : place;
        const expected = wrong === 12 ? -1 : wrong;
        assert.equal(module.number(`${kind}ErrorAt`, text), expected, `${kind}: ${JSON.stringify(text)}`);
        assert.equal(module.bytes(`${kind}Decode`, text) === null, expected >= 0);
      }
});

test("lenient base64 reads what atob reads, in either alphabet", () => {
  const random = new Random(3);
  const alphabet = "AQgwZz019+/-_== \t\n\f\r\v!é".split("");
  for (let i = 0; i < ROUNDS; i++) {
    const text = random.join(alphabet, 10);
    let expected: Buffer | null = null;
    try {
      expected = bytesOf(atob(text.replaceAll("-", "+").replaceAll("_", "/")));
    } catch {
      // no base64
    }
    assert.deepEqual(module.bytes("base64Lenient", text), expected, JSON.stringify(text));
  }
});

test("hex reads either case and nothing else; lenient hex also fingerprints", () => {
  const random = new Random(4);
  for (let i = 0; i < ROUNDS; i++) {
    const text = random.join("0123456789abcdefABCDEFgG: \ud800".split(""), 8);
    const isHex = /^([0-9a-f]{2})*$/i.test(text);
    assert.deepEqual(module.bytes("hexDecode", text), isHex ? Buffer.from(text, "hex") : null);
    assert.equal(module.number("hexErrorAt", text) === -1, isHex);
    const isLenient = /^([0-9a-f]{2}|[: ])*$/i.test(text);
    const digits = text.replaceAll(/[: ]/g, "");
    assert.deepEqual(module.bytes("hexLenient", text), isLenient ? Buffer.from(digits, "hex") : null);
  }
  assert.equal(module.number("hexErrorAt", "0g"), 1);
  assert.equal(module.number("hexErrorAt", "abc"), 3);
});

test("UTF-8: strict decoding agrees with TextDecoder, lenient decoding loses no byte", () => {
  const random = new Random(5);
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const pieces = [
    0x00, 0x41, 0x7f, 0x80, 0xbf, 0xc1, 0xc2, 0xe0, 0xa0, 0xed, 0x9f, 0xef, 0xbb, 0xf0, 0x90, 0xf4, 0x8f,
    0xff,
  ];
  for (let i = 0; i < ROUNDS; i++) {
    const length = random.below(9);
    const bytes = i % 2 ? random.bytes(8) : Uint8Array.from({ length }, () => random.pick(pieces));
    let expected: string | null = null;
    try {
      expected = decoder.decode(bytes);
    } catch {
      // not UTF-8
    }
    assert.equal(module.text("utf8Decode", bytes), expected);
    assert.deepEqual(module.bytes("utf8Encode", module.text("utf8Lenient", bytes)), Buffer.from(bytes));
    const at = module.number("utf8ErrorAt", bytes);
    if (expected !== null) assert.equal(at, -1);
    else {
      // What stands before the error is UTF-8; with the byte at the error, no continuation makes it so.
      assert.doesNotThrow(() => decoder.decode(bytes.slice(0, at)));
      assert.equal(
        module.text("utf8Lenient", bytes)!.charCodeAt(decoder.decode(bytes.slice(0, at)).length),
        0xdc00 + bytes[at]!,
      );
    }
  }
});

test("UTF-8: encoding agrees with Buffer but for surrogates that stand for bytes", () => {
  const random = new Random(6);
  for (let i = 0; i < ROUNDS; i++) {
    const text = random.text(12).replaceAll(/[\udc80-\udcff]/g, "\udc7f");
    assert.deepEqual(module.bytes("utf8Encode", text), Buffer.from(text));
  }
});

test("encodings take steps linear in the input, and bounded memory", async () => {
  const judge = await linearJudge("encoding");
  for (const piece of ["A", "=", "\ud800", "é", "%", " "]) {
    for (const name of [
      "base64Decode",
      "base64Lenient",
      "base64urlDecode",
      "hexDecode",
      "hexLenient",
      "utf8Encode",
    ])
      judge((module, size) => module.number(name, piece.repeat(size)));
  }
  for (const byte of [0x41, 0xff, 0xc3, 0xf0]) {
    for (const name of ["base64Encode", "base64urlEncode", "hexEncode", "utf8Decode", "utf8Lenient"])
      judge((module, size) => module.number(name, new Uint8Array(size).fill(byte)));
  }
});
