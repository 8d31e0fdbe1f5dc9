/** Answers of registries, each part for itself: how much is read, and what is taken for a list, a digest, a size and a token. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Response } from "undici";
import { checkDigest, checkSize, entriesOf, readBounded, tokenIn } from "../../src/oci/answer.js";
import { parseChallenge } from "../../src/oci/challenge.js";
import type { Descriptor } from "../../src/oci/image.js";
import { MAX_MODULE_BYTES, checkModule, describe } from "../../src/oci/image.js";

test("an answer is read up to its limit, whole, and not beyond", async () => {
  const read = (size: number, limit: number): Promise<Uint8Array> =>
    readBounded(new Response("x".repeat(size)), limit, "The answer");
  assert.equal(Buffer.from(await read(5, 5)).toString(), "xxxxx");
  assert.equal((await read(0, 5)).length, 0);
  assert.equal((await readBounded(new Response(null), 5, "The answer")).length, 0);
  await assert.rejects(read(1235, 1234), {
    code: "registry",
    message: "The answer is longer than 1,234 bytes; it is not read.",
  });
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < 3; i++) yield Promise.resolve(Buffer.from(`${i}${i}`));
  };
  const bodyOf = (): Response => new Response(pieces() as never);
  assert.equal(Buffer.from(await readBounded(bodyOf(), 6, "")).toString(), "001122");
  await assert.rejects(readBounded(bodyOf(), 5, "It"), { message: /^It is longer than 5 bytes/ });
});

test("a manifest's list has entries that are objects, with types that are texts and platforms that are objects", () => {
  const entries = [{ mediaType: "a", platform: {} }, {}];
  assert.deepEqual(entriesOf({ layers: entries }, "layers"), entries);
  assert.deepEqual(entriesOf({ layers: entries }, "manifests"), []);
  for (const list of [
    null,
    {},
    "a",
    [null],
    ["a"],
    [1],
    [{ mediaType: 1 }],
    [{ platform: null }],
    [{ platform: "a" }],
    [{}, 5],
  ])
    assert.throws(() => entriesOf({ manifests: list }, "manifests"), {
      code: "image",
      message: `The manifest's "manifests" is no list of what an image has.`,
    });
});

test("a digest is sha256 with 64 digits, a size a number of bytes", () => {
  const digest = `sha256:${"0f".repeat(32)}`;
  checkDigest({ digest } as Descriptor);
  for (const wrong of [
    undefined,
    5,
    "",
    digest.slice(1),
    `${digest}0`,
    digest.slice(0, -1),
    digest.toUpperCase(),
  ])
    assert.throws(() => checkDigest({ digest: wrong } as never), {
      code: "image",
      message: "The manifest names something without a digest of the form sha256:….",
    });
  for (const size of [0, 1, Number.MAX_SAFE_INTEGER]) checkSize({ size } as Descriptor);
  for (const wrong of [undefined, "1", -1, 0.5, Number.NaN, 2 ** 53])
    assert.throws(() => checkSize({ size: wrong } as never), {
      code: "image",
      message: "The manifest names a layer without its size in bytes.",
    });
});

test("a token is a text that a header can carry, under one of two names", () => {
  const token = (answer: unknown): string | undefined =>
    tokenIn(Buffer.from(typeof answer === "string" ? answer : JSON.stringify(answer)));
  assert.equal(token({ token: "a" }), "a");
  assert.equal(token({ access_token: "b" }), "b");
  assert.equal(token({ token: "a", access_token: "b" }), "a");
  assert.equal(token({ token: null, access_token: "b" }), "b");
  assert.equal(token({ token: "!~" }), "!~");
  for (const odd of [
    "{",
    "null",
    "5",
    '"a"',
    "[]",
    {},
    { token: "" },
    { token: 5 },
    { token: "a b" },
    { token: "é" },
  ])
    assert.equal(token(odd), undefined, JSON.stringify(odd));
});

test("a challenge: its scheme in any case, its parameters in quotes or bare, Bearer before Basic", () => {
  for (const [header, scheme, parameters] of [
    ["Basic", "basic", {}],
    ["BASIC realm=r", "basic", { realm: "r" }],
    ['Basic Realm="a \\"b\\" \\\\"', "basic", { realm: 'a "b" \\' }],
    ['Bearer realm = "r" , Service=s,scope="a,b c"', "bearer", { realm: "r", service: "s", scope: "a,b c" }],
    ['Basic realm="b", Bearer realm="t"', "bearer", { realm: "t" }],
    ['Bearer realm="t", Basic realm="b"', "bearer", { realm: "t" }],
    ['Basic realm="one", Basic realm="two"', "basic", { realm: "one" }],
    ['Negotiate, Basic realm="b"', "basic", { realm: "b" }],
    ['Digest realm="d", Basic realm="b"', "basic", { realm: "b" }],
  ] as const)
    assert.deepEqual(parseChallenge(header), { scheme, parameters }, header);
  for (const header of ["", "Negotiate", "realm=basic", 'Digest realm="Basic"'])
    assert.equal(parseChallenge(header), undefined, header);
});

test("a module begins with its magic number, and has eight bytes or more, but not more than Istio takes", () => {
  const magic = Buffer.from("\0asm\x01\0\0\0", "latin1");
  checkModule(magic);
  const no = "F is not a WebAssembly module: it does not begin with the magic number.";
  for (const bytes of [
    magic.subarray(0, 7),
    Buffer.from("\0asM\x01\0\0\0"),
    Buffer.alloc(8),
    Buffer.alloc(0),
  ])
    assert.throws(() => checkModule(bytes, "F"), { code: "module", message: no });
  const large = Buffer.alloc(MAX_MODULE_BYTES + 1);
  large.set(magic);
  checkModule(large.subarray(0, MAX_MODULE_BYTES));
  assert.throws(() => checkModule(large), {
    code: "module",
    message: "The file has 268435457 bytes; Istio and Envoy Gateway take at most 268435456 (256 MiB).",
  });
});

test("sizes are said in bytes, KiB and MiB", () => {
  for (const [bytes, said] of [
    [0, "0 bytes"],
    [9_999, "9999 bytes"],
    [10_000, "10 KiB"],
    [1_048_576, "1024 KiB"],
    [9_999_999, "9766 KiB"],
    [10_000_000, "10 MiB"],
    [268_435_456, "256 MiB"],
  ] as const)
    assert.equal(describe(bytes), said);
});
