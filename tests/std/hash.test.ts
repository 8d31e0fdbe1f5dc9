/** std/hash against node:crypto, FIPS 180-4's and RFC 4231's vectors. */
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import { CountedModule, linearJudge } from "./linear.js";
import { Module } from "./module.js";
import { Random, rounds } from "./random.js";

const module = await Module.load("hash");

const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();
const hexOf = (name: string, ...values: (string | Uint8Array)[]): string =>
  module.bytes(name, ...values)!.toString("hex");

test("SHA-256 gives the digests of FIPS 180-4", () => {
  const digests: Record<string, string> = {
    abc: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq:
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  };
  for (const [text, digest] of Object.entries(digests)) {
    assert.equal(hexOf("hash", Buffer.from(text)), digest);
    assert.equal(hexOf("hashText", text), digest);
  }
  assert.equal(
    hexOf("hash", Buffer.alloc(1_000_000, "a")),
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
  );
});

test("SHA-256 agrees with node:crypto at every length, whole and in parts", () => {
  const random = new Random(1);
  const whole = Uint8Array.from({ length: 300 }, () => random.below(256));
  for (let length = 0; length <= 300; length++) {
    const bytes = whole.slice(0, length);
    assert.deepEqual(module.bytes("hash", bytes), sha256(bytes));
    for (let i = 0; i < 10; i++)
      assert.deepEqual(
        module.bytes("hashParts", bytes, random.below(length + 1), 1 + random.below(130)),
        sha256(bytes),
      );
  }
  for (let i = 0; i < rounds(2000); i++) {
    const bytes = random.bytes(2000);
    assert.deepEqual(module.bytes("hash", bytes), sha256(bytes));
  }
});

test("HMAC-SHA-256 gives the codes of RFC 4231", () => {
  const vectors: [key: Buffer, data: Buffer, code: string][] = [
    [
      Buffer.alloc(20, 0x0b),
      Buffer.from("Hi There"),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    ],
    [
      Buffer.from("Jefe"),
      Buffer.from("what do ya want for nothing?"),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    [
      Buffer.alloc(20, 0xaa),
      Buffer.alloc(50, 0xdd),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
    ],
    [
      Buffer.alloc(131, 0xaa),
      Buffer.from("Test Using Larger Than Block-Size Key - Hash Key First"),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ],
    [
      Buffer.from(Array.from({ length: 25 }, (_, i) => i + 1)),
      Buffer.alloc(50, 0xcd),
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
    ],
    [
      Buffer.alloc(131, 0xaa),
      Buffer.from(
        "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.",
      ),
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    ],
  ];
  for (const [key, data, code] of vectors) {
    assert.equal(hexOf("hmac", key, data), code);
    assert.equal(
      hexOf(
        "hmacText",
        key,
        data.toString("latin1").replace(/[^\0-\x7f]/g, (c) => String.fromCharCode(0xdc00 + c.charCodeAt(0))),
      ),
      code,
    );
  }
});

test("HMAC-SHA-256 agrees with node:crypto for keys and data of every length", () => {
  const random = new Random(2);
  for (let i = 0; i < rounds(5000); i++) {
    const key = random.bytes(150);
    const data = random.bytes(200);
    assert.deepEqual(module.bytes("hmac", key, data), createHmac("sha256", key).update(data).digest());
  }
});

const others = ["md5", "sha1", "sha512"];

test("MD5, SHA-1 and SHA-512 agree with node:crypto at every length, whole and in parts", () => {
  const random = new Random(4);
  const all = Uint8Array.from({ length: 300 }, () => random.below(256));
  for (const [which, name] of others.entries()) {
    const judge = (bytes: Uint8Array): Buffer => createHash(name).update(bytes).digest();
    for (let length = 0; length <= 300; length++) {
      const bytes = all.slice(0, length);
      assert.deepEqual(module.bytes("whole", which, bytes), judge(bytes), `${name} of ${length} bytes`);
      assert.deepEqual(module.bytes("other", which, bytes, 1 + random.below(140)), judge(bytes));
    }
    for (let i = 0; i < rounds(300); i++) {
      const text = random.text(300);
      // Lone surrogates mean bytes here, and U+FFFD to Node.
      if (/[\ud800-\udfff]/u.test(text)) continue;
      assert.deepEqual(module.bytes("wholeText", which, text), judge(Buffer.from(text)));
    }
    const large = new Uint8Array(1_000_000).fill(0x61);
    assert.deepEqual(module.bytes("whole", which, large), judge(large));
  }
});

test("HMAC by MD5, SHA-1 and SHA-512 agrees with node:crypto for keys and data of every length", () => {
  const random = new Random(5);
  for (const [which, name] of others.entries())
    for (let i = 0; i < rounds(1500); i++) {
      const key = random.bytes(300);
      const data = random.bytes(300);
      assert.deepEqual(
        module.bytes("otherHmac", which, key, data),
        createHmac(name, key).update(data).digest(),
      );
    }
});

test("CRC-32 agrees with zlib, whole and in parts", () => {
  const random = new Random(6);
  for (let i = 0; i < rounds(2000); i++) {
    const bytes = random.bytes(300);
    const cut = random.below(bytes.length + 1);
    assert.equal(module.number("checksum", bytes.slice(0, cut), bytes.slice(cut)) >>> 0, crc32(bytes));
  }
});

test("comparing tells equal from different", () => {
  const random = new Random(3);
  for (let i = 0; i < rounds(5000); i++) {
    const left = random.bytes(40);
    const right = Uint8Array.from(left);
    assert.equal(module.number("equal", left, right), 1);
    if (left.length === 0) continue;
    right[random.below(left.length)]! ^= 1 << random.below(8);
    assert.equal(module.number("equal", left, right), 0);
    assert.equal(module.number("equal", left, left.slice(1)), 0);
  }
});

test("comparing runs the same number of steps whatever differs", async () => {
  const counted = await CountedModule.load("hash");
  const stepsOf = (left: Uint8Array, right: Uint8Array): number =>
    counted.stepsOf((it) => it.number("equal", left, right));
  const secret = Uint8Array.from({ length: 32 }, (_, i) => i * 7);
  stepsOf(secret, secret); // what is made once
  const expected = stepsOf(secret, secret);
  assert.ok(expected >= 32, "the rounds of the loop are counted");
  for (let i = 0; i < 32; i++) {
    const guess = Uint8Array.from(secret);
    guess[i]! ^= 0xff;
    assert.equal(stepsOf(secret, guess), expected);
  }
  assert.equal(stepsOf(secret, new Uint8Array(32)), expected);
});

test("hashing takes steps linear in the input", async () => {
  const judge = await linearJudge("hash");
  judge((module, size) => module.number("hash", new Uint8Array(size)));
  judge((module, size) => module.number("hmac", new Uint8Array(size), new Uint8Array(size)));
  judge((module, size) => module.number("hashText", "\ud800".repeat(size)));
  judge((module, size) => module.number("whole", 0, new Uint8Array(size)));
  judge((module, size) => module.number("whole", 1, new Uint8Array(size)));
  judge((module, size) => module.number("otherHmac", 2, new Uint8Array(size), new Uint8Array(size)));
  judge((module, size) => module.number("checksum", new Uint8Array(size), new Uint8Array(0)));
});
