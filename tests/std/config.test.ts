/** Plugin configurations: JSON text, and Structs as protobufjs writes them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import protobuf from "protobufjs";
import { startPlainModule } from "../support/plain-module.js";
import { randomSource, randomValue } from "./json-cases.js";

const module = await startPlainModule("tests/std/filters/config.ts");

const types = new protobuf.Root();
const common = protobuf.common.get("google/protobuf/struct.proto");
assert.ok(common?.nested);
types.addJSON(common.nested);
const structType = types.lookupType("google.protobuf.Struct");

function toValue(value: unknown): object {
  if (value === null) return { nullValue: 0 };
  if (typeof value === "number") return { numberValue: value };
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (Array.isArray(value)) return { listValue: { values: value.map(toValue) } };
  return { structValue: toStruct(value as object) };
}

const toStruct = (value: object): object => ({
  fields: Object.fromEntries(Object.entries(value).map(([name, field]) => [name, toValue(field)])),
});

const structBytes = (value: object): Uint8Array =>
  structType.encode(structType.create(toStruct(value))).finish();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (configuration: string | Uint8Array): string =>
  module.text("read", typeof configuration === "string" ? bytes(configuration) : configuration);

const whole = {
  header: "x-a",
  mode: "loose",
  limits: { rps: 7, ratio: 0.25 },
  enabled: false,
  hosts: ["a", "b"],
  routes: [{ path: "/", to: { code: 1 } }],
};

test("JSON and a Struct read the same", () => {
  const expected = "x-a|loose|7|0.25|false|a,b|/>1";
  assert.equal(read(JSON.stringify(whole)), expected);
  assert.equal(read(`\n\n${JSON.stringify(whole, null, 2)}\n`), expected);
  assert.equal(read(structBytes(whole)), expected);
});

test("missing and null fields have their defaults", () => {
  const expected = "x|strict|100|0.5|true|";
  assert.equal(read('{"header":"x"}'), expected);
  const nulls = { header: "x", mode: null, limits: null, enabled: null, hosts: null, routes: null };
  assert.equal(read(JSON.stringify(nulls)), expected);
  assert.equal(read(structBytes(nulls)), expected);
});

test("an error says where", () => {
  const cases: [string, string][] = [
    ["", "header: missing"],
    ["{}", "header: missing"],
    ["[]", "configuration: expected an object, found an array (offset 0)"],
    ["plain text", "offset 0: expected a value"],
    ['{"header":"x",}', "offset 14: expected a name in quotes"],
    ['{"header":1}', "header: expected a string, found 1 (offset 10)"],
    ['{"header":"x","limits":{"rps":"many"}}', 'limits.rps: expected an integer, found "many" (offset 30)'],
    ['{"header":"x","limits":{"rps":1.5}}', "limits.rps: expected an integer, found 1.5 (offset 30)"],
    ['{"header":"x","limits":{"rps":0}}', "limits.rps: must be at least 1 (offset 30)"],
    ['{"header":"x","limits":{"rps":10001}}', "limits.rps: must be at most 10000 (offset 30)"],
    ['{"header":"x","limits":{"ratio":2}}', "limits.ratio: must be at most 1 (offset 32)"],
    ['{"header":"x","limits":[]}', "limits: expected an object, found an array (offset 23)"],
    ['{"header":"x","hosts":["a",2]}', "hosts[1]: expected a string, found 2 (offset 27)"],
    ['{"header":"x","routes":[{"path":"/"}]}', "routes[0].to.code: missing"],
    [
      '{"header":"x","routes":[{"path":"/","to":{"code":0}}]}',
      "routes[0].to.code: must not be zero (offset 49)",
    ],
    [
      '{"header":"x","routes":[{"path":"/","to":{"code":1}},{"to":{"code":2},"path":"/","tp":1}]}',
      "routes[1].tp: unknown field (offset 86)",
    ],
  ];
  for (const [text, error] of cases) assert.equal(read(text), `error: ${error}`, text);
});

test("an error in a Struct says which field", () => {
  assert.equal(
    read(structBytes({ header: "x", limits: { rps: "many" } })),
    'error: limits.rps: expected an integer, found "many"',
  );
  assert.equal(read(structBytes({ header: "x", routes: [{}] })), "error: routes[0].to.code: missing");
});

test("random Structs are read as JSON", () => {
  for (let seed = 1; seed <= 500; seed++) {
    const value = { value: randomValue(seed), more: { list: [randomValue(seed + 1000)] }, "": 1 };
    const text = module.text("raw", structBytes(value));
    assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
  }
});

test("broken Structs are an error, and nothing traps", () => {
  const good = structBytes(whole);
  const random = randomSource(1);
  for (let size = 4; size < good.length; size++)
    assert.match(module.text("raw", good.subarray(0, size)), /^error: |^\{/, String(size));
  let errors = 0;
  for (let i = 0; i < 5000; i++) {
    const broken = good.slice();
    for (let change = random(3); change >= 0; change--) broken[random(broken.length)] = random(256);
    if (module.text("raw", broken).startsWith("error: ")) errors++;
    read(broken);
  }
  assert.ok(errors > 1000, String(errors));
  const deep = (levels: number): Uint8Array => {
    let all: number[] = [];
    for (let level = 1; level < levels; level++) {
      for (const tags of [[0x2a], [0x0a, 1, 0x61, 0x12], [0x0a]])
        all = [...tags, (all.length & 127) | 128, all.length >> 7, ...all];
    }
    return Uint8Array.from(all);
  };
  assert.equal(module.text("raw", deep(100)), `${'{"a":'.repeat(99)}{}${"}".repeat(99)}`);
  assert.match(module.text("raw", deep(300)), /^error: offset \d+: not a google\.protobuf\.Struct$/);
});
