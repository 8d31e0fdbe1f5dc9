/** Pairs, bodies, messages, texts and header maps, each at its limits. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Body } from "../../src/host/abi/body.js";
import { HeaderMap } from "../../src/host/abi/header-map.js";
import { decodePairs, encodePairs } from "../../src/host/abi/pairs.js";
import type { Pairs } from "../../src/host/abi/pairs.js";
import { fieldsOf } from "../../src/host/abi/protobuf.js";
import { binaryOf, bytesOf, concat, encode, printable, readable, textOf } from "../../src/host/abi/text.js";

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replace(/ /g, ""), "hex"));
const hex = (value: Uint8Array): string => Buffer.from(value).toString("hex");

/** What comes of bytes that are decoded, and why they are none. */
function decoded(given: Uint8Array): { pairs: Pairs; reasons: string[] } {
  const reasons: string[] = [];
  const pairs = decodePairs(given, (reason) => reasons.push(reason));
  assert.deepEqual(decodePairs(given), pairs, "the same without somebody who is told");
  return { pairs, reasons };
}

test("pairs are a count, lengths, and texts with a zero behind each", () => {
  const pairs: Pairs = [
    ["a", "bc"],
    ["", ""],
    ["\xff", "x"],
  ];
  const whole = "03000000 01000000 02000000 00000000 00000000 01000000 01000000 6100 626300 00 00 ff00 7800";
  assert.equal(hex(encodePairs(pairs)), whole.replaceAll(" ", ""));
  assert.deepEqual(decoded(bytes(whole)), { pairs, reasons: [] });
  // Not at the beginning of their buffer.
  const inside = new Uint8Array([9, 9, 9, ...bytes(whole)]).subarray(3);
  assert.deepEqual(decoded(inside), { pairs, reasons: [] });
  assert.equal(hex(encodePairs([])), "00000000");
  assert.deepEqual(decoded(bytes("00000000")), { pairs: [], reasons: [] });
  assert.deepEqual(decoded(bytes("")), { pairs: [], reasons: [] });
});

test("bytes that are no pairs count as none, and it is said why", () => {
  for (const [given, reason] of [
    ["00", "header pairs need at least 4 bytes"],
    ["000000", "header pairs need at least 4 bytes"],
    ["01000000", "the header pairs end within their lengths"],
    ["01000000 01000000 010000", "the header pairs end within their lengths"],
    ["01000000 01000000 01000000", "the header pairs end within a name or value"],
    ["01000000 01000000 01000000 6100 62", "the header pairs end within a name or value"],
    [
      "01000000 01000000 01000000 6101 6200",
      "a name or value of the header pairs has no zero byte behind it",
    ],
    [
      "01000000 01000000 01000000 6100 6201",
      "a name or value of the header pairs has no zero byte behind it",
    ],
    ["01000000 01000000 01000000 6100 6200 00", "bytes are left behind the header pairs"],
    ["00000000 00", "bytes are left behind the header pairs"],
  ] as const)
    assert.deepEqual(decoded(bytes(given)), { pairs: [], reasons: [reason] }, given);
});

test("1,024 pairs and 1 MiB are taken, and no more", () => {
  const many = (count: number): Pairs => Array.from({ length: count }, () => ["a", "b"]);
  assert.equal(decoded(encodePairs(many(1024))).pairs.length, 1024);
  assert.deepEqual(decoded(encodePairs(many(1025))), {
    pairs: [],
    reasons: ["1025 header pairs are more than 1,024 and count as none"],
  });
  const long = (size: number): Uint8Array => encodePairs([["a", "b".repeat(size - 15)]]);
  assert.equal(long(1 << 20).length, 1 << 20);
  assert.equal(decoded(long(1 << 20)).pairs.length, 1);
  assert.deepEqual(decoded(long((1 << 20) + 1)), {
    pairs: [],
    reasons: ["more than 1 MiB of header pairs count as none"],
  });
});

test("a body is drained from its beginning, at either end of each part", () => {
  const body = new Body();
  assert.equal(body.bytes().length, 0);
  for (const part of ["cd", "", "ef"]) body.append(Buffer.from(part));
  body.prepend(Buffer.from("ab"));
  body.prepend(Buffer.from(""));
  const text = (): string => Buffer.from(body.bytes()).toString();
  assert.deepEqual([text(), body.length], ["abcdef", 6]);
  for (const [count, left] of [
    [0, "abcdef"],
    [-1, "abcdef"],
    [1, "bcdef"],
    [4, "f"],
    [1, ""],
    [1, ""],
  ] as const) {
    body.drain(count);
    assert.deepEqual([text(), body.length], [left, left.length]);
  }
  body.append(Buffer.from("gh"));
  body.drain(9);
  assert.equal(body.length, 0);
  const other = Body.of(Buffer.from("xy"));
  body.append(Buffer.from("w"));
  body.moveFrom(other);
  assert.deepEqual([text(), other.length, other.bytes().length], ["wxy", 0, 0]);
  assert.equal(Buffer.from(body.take()).toString(), "wxy");
  assert.deepEqual([body.length, body.take().length], [0, 0]);
});

test("a body tells once when it is above its limit, and once when it is down to half of it", () => {
  const told: string[] = [];
  const body = new Body(
    10,
    () => told.push(`above at ${body.length}`),
    () => told.push(`below at ${body.length}`),
  );
  const steps: [add: number, told: string[]][] = [
    [10, []],
    [1, ["above at 11"]],
    [5, []],
    [-10, []],
    [-1, ["below at 5"]],
    [5, []],
    [-10, []],
    [11, ["above at 11"]],
    [-11, ["below at 0"]],
  ];
  for (const [count, expected] of steps) {
    told.length = 0;
    if (count > 0) body.append(new Uint8Array(count));
    else body.drain(-count);
    assert.deepEqual(told, expected);
  }
  told.length = 0;
  body.prepend(new Uint8Array(11));
  assert.deepEqual(told, ["above at 11"]);
  const free = new Body(0, () => assert.fail("there is no limit"));
  free.append(new Uint8Array(100));
  // Nobody need be told.
  const silent = new Body(1);
  silent.append(new Uint8Array(2));
  silent.drain(2);
});

/** A message's bytes, and its fields; undefined for bytes that are none. */
const messages: readonly (readonly [string, readonly (readonly [number, number | string])[] | undefined])[] =
  [
    ["", []],
    ["08 00", [[1, 0]]],
    [
      "08 7f 10 80 01",
      [
        [1, 127],
        [2, 128],
      ],
    ],
    ["08 ff ff ff ff 0f", [[1, 4294967295]]],
    ["f8 ff ff ff 0f 01", [[536870911, 1]]],
    ["0a 00", [[1, ""]]],
    [
      "0a 02 61 62 10 05",
      [
        [1, "6162"],
        [2, 5],
      ],
    ],
    [
      "09 0102030405060708 08 01",
      [
        [1, 0],
        [1, 1],
      ],
    ],
    [
      "0d 01020304 08 01",
      [
        [1, 0],
        [1, 1],
      ],
    ],
    ["0b 08 05 0c", [[1, 0]]],
    [
      "0b 13 08 05 14 0c 18 07",
      [
        [1, 0],
        [3, 7],
      ],
    ],
    ["08", undefined],
    ["08 80", undefined],
    ["08 ff ff ff ff ff ff ff ff ff ff 01", undefined],
    ["00 01", undefined],
    ["07 01", undefined],
    ["0a 03 61 62", undefined],
    ["0a", undefined],
    ["09 01020304050607", undefined],
    ["0d 010203", undefined],
    ["0e 00", undefined],
    ["0f 00", undefined],
    ["0b 08 05", undefined],
    ["0b 08 05 14", undefined],
    ["0c", undefined],
  ];

for (const [given, expected] of messages)
  test(`protobuf: ${given || "nothing"} ${expected === undefined ? "is no message" : `has ${expected.length} fields`}`, () => {
    const fields = fieldsOf(bytes(given));
    const read = fields?.map(({ number, value }) => [number, typeof value === "number" ? value : hex(value)]);
    assert.deepEqual(read, expected);
  });

test("protobuf: groups go a hundred deep, and numbers ten bytes far", () => {
  const deep = (depth: number): Uint8Array =>
    new Uint8Array([...Array<number>(depth).fill(0x0b), ...Array<number>(depth).fill(0x0c)]);
  assert.deepEqual(fieldsOf(deep(100)), [{ number: 1, value: 0 }]);
  assert.equal(fieldsOf(deep(101)), undefined);
  assert.deepEqual(fieldsOf(bytes("08 80 80 80 80 80 80 80 80 80 01"))?.length, 1);
  assert.equal(fieldsOf(bytes("08 80 80 80 80 80 80 80 80 80 80 01")), undefined);
});

test("binary text has a character for each byte, also of many of them", () => {
  const all = Uint8Array.from({ length: 256 }, (_, index) => index);
  assert.deepEqual(bytesOf(textOf(all)), all);
  for (const length of [0, 1, 8191, 8192, 8193, 16384, 20001]) {
    const long = Uint8Array.from({ length }, (_, index) => (index * 7) & 255);
    const text = textOf(long);
    assert.equal(text.length, length);
    assert.deepEqual(bytesOf(text), long);
  }
});

test("a person reads UTF-8, and what is none as U+FFFD; terminals get no control characters", () => {
  for (const [binary, read] of [
    ["abc\x7f", "abc\x7f"],
    ["\xc3\xa9", "é"],
    ["\xef\xbb\xbfa", "\ufeffa"],
    ["\xffa", "\ufffda"],
    ["\x80", "\ufffd"],
  ] as const)
    assert.equal(readable(binary), read);
  assert.equal(printable("a\n\x00\x1f \x7e\x7f\x9f\xa0é"), "a\\x0a\\x00\\x1f ~\\x7f\\x9f\xa0é");
});

test("a caller's text becomes UTF-8, bytes stay as they are", () => {
  assert.equal(binaryOf("a\x7f"), "a\x7f");
  assert.equal(binaryOf("\x80"), "\xc2\x80");
  assert.equal(binaryOf("é"), "\xc3\xa9");
  assert.equal(binaryOf(Uint8Array.of(255, 0)), "\xff\0");
  assert.deepEqual(encode("é"), Uint8Array.of(0xc3, 0xa9));
  const own = Uint8Array.of(1);
  assert.equal(encode(own), own);
  assert.equal(concat([own]), own);
  assert.deepEqual(concat([]), new Uint8Array(0));
  assert.deepEqual(
    concat([Uint8Array.of(1, 2), own, Uint8Array.of(), Uint8Array.of(3)]),
    Uint8Array.of(1, 2, 1, 3),
  );
});

test("a header map: lower case, one entry where Envoy keeps one, pseudo-headers first", () => {
  const map = HeaderMap.of([
    ["X-A", "1"],
    ["x-a", "2"],
    ["Accept", "a"],
    [":path", "/"],
    ["accept", ""],
    ["ACCEPT", "b"],
    ["Host", "h"],
    [":method", "GET"],
    ["via", ""],
    ["via", "v"],
    ["x-\xc4[@", "z"],
  ]);
  const expected: Pairs = [
    [":path", "/"],
    [":authority", "h"],
    [":method", "GET"],
    ["x-a", "1"],
    ["x-a", "2"],
    ["accept", "a,b"],
    ["via", "v"],
    ["x-\xc4[@", "z"],
  ];
  assert.deepEqual(map.pairs(), expected);
  assert.equal(map.size, 8);
  assert.equal(
    map.byteSize,
    expected.reduce((sum, [name, value]) => sum + name.length + value.length, 0),
  );
  assert.deepEqual(
    [map.get("X-a"), map.getAll("X-A"), map.get("host"), map.get("b")],
    ["1", ["1", "2"], "h", undefined],
  );
  assert.deepEqual([map.has("VIA"), map.has("x-b"), map.getAll("x-b")], [true, false, []]);
  const copy = map.copy();
  copy.set("x-a", "3");
  assert.deepEqual(copy.pairs().at(-1), ["x-a", "3"]);
  assert.equal(copy.size, 7);
  copy.put("Accept", "c");
  assert.deepEqual(copy.pairs()[3], ["accept", "c"]);
  copy.put("x-new", "n");
  assert.deepEqual(copy.pairs().at(-1), ["x-new", "n"]);
  copy.set(":path", "/b");
  assert.deepEqual(
    copy
      .pairs()
      .slice(0, 3)
      .map(([name]) => name),
    [":authority", ":method", ":path"],
  );
  copy.remove("HOST");
  assert.equal(copy.has(":authority"), false);
  copy.clear();
  assert.deepEqual([copy.size, copy.byteSize, copy.pairs()], [0, 0, []]);
  assert.deepEqual(map.pairs(), expected, "a copy changes nothing of the map");
});

test("Envoy keeps one entry of these names, and each of all others", () => {
  const [one, each] = [
    ":authority :method :path :scheme :status :protocol host accept accept-encoding authorization cache-control connection " +
      "content-encoding content-length content-type date etag expect expires grpc-accept-encoding grpc-message " +
      "grpc-status grpc-timeout if-match if-modified-since if-none-match if-range if-unmodified-since keep-alive " +
      "last-modified origin pragma proxy-connection proxy-status server te transfer-encoding upgrade user-agent via " +
      "x-b3-flags x-client-trace-id x-envoy-decorator-operation x-envoy-downstream-service-cluster " +
      "x-envoy-downstream-service-node x-envoy-expected-rq-timeout-ms x-envoy-external-address x-envoy-force-trace " +
      "x-envoy-internal x-envoy-max-retries x-envoy-original-path x-envoy-retry-on x-envoy-upstream-rq-timeout-ms " +
      "x-envoy-upstream-service-time x-forwarded-client-cert x-forwarded-for x-forwarded-host x-forwarded-port " +
      "x-forwarded-proto x-request-id",
    "set-cookie cookie vary x-b3-traceid x-envoy-other warning referer accept-language location",
  ].map((names) => names.split(" "));
  const count = (name: string): number =>
    HeaderMap.of([
      [name, "1"],
      [name, "2"],
    ]).size;
  for (const name of one!) assert.equal(count(name), 1, name);
  for (const name of each!) assert.equal(count(name), 2, name);
});
