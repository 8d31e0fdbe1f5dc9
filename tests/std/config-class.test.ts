/** Configuration classes: the module and ajv, given the schema, say the same of each configuration. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { configClasses, jsonSchema, markdownTable } from "../../src/schema/index.js";
import { faultOf } from "../../src/schema/validate.js";
import { createHost } from "../../src/testing/index.js";
import { buildError, compileFilter, compileFilterText } from "../support/compile.js";
import { root } from "../support/paths.js";

const entry = "tests/std/filters/config-class.ts";

const read = (path: string): string | undefined =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined;
const [settings] = configClasses([entry], read);
const schema = jsonSchema(settings!);
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, unicodeRegExp: true }).compile(schema);

/** What the module has read, or its error. */
async function judge(text: string): Promise<{ summary?: string; error?: string }> {
  try {
    const host = await createHost({ wasm: await compileFilter(entry), pluginConfig: text });
    return { summary: (await host.request()).body };
  } catch (failure) {
    const logged = /^ *configuration: (.*)$/m.exec((failure as Error).message);
    if (logged === null) throw failure;
    return { error: logged[1]! };
  }
}

const good: object[] = [
  {},
  { mode: "lax" },
  { mode: "strict" },
  { limits: {} },
  { limits: { rps: 1 } },
  { limits: { rps: 10000, burst: -5 } },
  { limits: { burst: 9007199254740991 } },
  { allow: [] },
  { allow: ["a.b", "c*"] },
  { port: 0 },
  { port: 65535 },
  { ratio: -1.5e300 },
  { weights: {} },
  { weights: { a: [1, 2], "": [] } },
  { weights: { constructor: [255] } },
  { more: null },
  { more: { rps: 7 } },
  { note: null },
  { note: "" },
  { comment: "x" },
  { tags: ["a", "b", "a"] },
  { tree: { name: "x", children: [{ children: [{}, {}] }, {}] } },
  { byName: { x: {}, y: { rps: 3 } } },
  { colors: ["red", null, "light green"] },
  { on: false },
  { count: 3.25 },
  { big: 9007199254740991 },
  { signed: -128 },
  { small: 0.1 },
  { id: 2147483647 },
  { base: { id: 1 } },
];
const bad: object[] = [
  { header: "x" },
  { header: "12345" },
  { header: null },
  { header: 5 },
  { mode: "other" },
  { mode: "" },
  { mode: null },
  { limits: null },
  { limits: [] },
  { limits: { rps: 0 } },
  { limits: { rps: 10001 } },
  { limits: { rps: 1.5 } },
  { limits: { rps: "5" } },
  { limits: { rsp: 5 } },
  { limits: { burst: 9007199254740992 } },
  { allow: "a" },
  { allow: ["A"] },
  { allow: ["a", "b", "c", "d"] },
  { allow: [null] },
  { port: -1 },
  { port: 65536 },
  { ratio: "1" },
  { ratio: null },
  { weights: [] },
  { weights: { a: 1 } },
  { weights: { a: [256] } },
  { more: 5 },
  { more: { rps: 0 } },
  { note: 5 },
  { comment: null },
  { tags: [1] },
  { tags: "a" },
  { tree: { children: [{ children: [{ name: 5 }] }] } },
  { tree: { child: [] } },
  { byName: { x: null } },
  { byName: { x: { rps: 0 } } },
  { colors: ["green"] },
  { on: "true" },
  { on: 1 },
  { count: true },
  { big: -1 },
  { big: 18446744073709552000 },
  { signed: -129 },
  { small: 1e39 },
  { id: -1 },
  { base: { id: -1 } },
  { base: { header: "x" } },
  { computed: "x" },
  { hidden: "x" },
  { unknown: 1 },
];
const texts: readonly string[] = [
  "",
  "{}",
  "null",
  "[]",
  '"x"',
  '{"header":"ab","__proto__":1}',
  '{"header":"ab","id":1.0}',
  '{"header":"ab","id":1e2}',
  '{"header":"ab","id":-0}',
  '{"header":"x","header":"xy"}',
  '{"header":"xy","header":"x"}',
  '{"header":"😀"}',
  '{"header":"😀😀😀😀"}',
  '{"header":"😀😀😀😀😀"}',
  '{"header":"\\u00e9x"}',
  '{"header":"ab","weights":{"__proto__":[1]}}',
];

test("the module and ajv say the same of each configuration", async () => {
  const all = [...[...good, ...bad].map((one) => JSON.stringify({ header: "ab", ...one })), ...texts];
  assert.ok(all.length > 60, String(all.length));
  const verdicts = { accepted: 0, refused: 0 };
  for (const text of all) {
    const value: unknown = JSON.parse(text === "" ? "{}" : text);
    const fits = validate(value);
    const { error } = await judge(text);
    assert.equal(
      error === undefined,
      fits,
      `${text}: ${error ?? "accepted"}; ajv: ${JSON.stringify(validate.errors)}`,
    );
    assert.equal(faultOf(value, schema) === undefined, fits, text);
    verdicts[fits ? "accepted" : "refused"]++;
  }
  for (const one of good) assert.ok(validate({ header: "ab", ...one }), JSON.stringify(one));
  for (const one of bad) assert.ok(!validate({ header: "ab", ...one }), JSON.stringify(one));
  assert.ok(verdicts.accepted > 30 && verdicts.refused > 45, JSON.stringify(verdicts));
});
test("fields are read, and those that are left out stay as they begin", async () => {
  assert.deepEqual(await judge('{"header":"ab"}'), {
    summary: "0 ab strict 100 5 a.example 80 0.5 none null null  1 0 0 true 3 0 -1 1 -1",
  });
  const all = {
    ...{ id: 4, header: "x-y", mode: "lax", limits: { rps: 9, burst: -1 }, allow: ["b", "c*"], port: 8080 },
    ...{
      ratio: 2.5,
      weights: { a: [1, 2], b: [3] },
      more: { rps: 6 },
      note: "n",
      comment: "c",
      tags: ["t", "u"],
    },
    ...{ tree: { children: [{}, { children: [{}] }] }, byName: { x: {}, y: {} }, colors: ["red", null] },
    ...{ on: false, count: 1.5, big: 9007199254740991, signed: -7, small: 0.25, base: { id: 3 } },
  };
  assert.deepEqual(await judge(JSON.stringify(all)), {
    summary: "4 x-y lax 9 -1 b,c* 8080 2.5 a=1+2 b=3 6 n c t,u 3 2 2 false 1.5 9007199254740991 -7 0.25 3",
  });
});

test("errors say where, and what is known", async () => {
  const cases: [string, RegExp | string][] = [
    ["{}", "header: missing"],
    ['{"header":"ab","limits":{"rps":0}}', "limits.rps: must be at least 1 (offset 31)"],
    ['{"header":"ab","limits":{"burts":0}}', "limits.burts: unknown field, known are rps, burst (offset 33)"],
    ['{"header":"ab","allow":["a","B"]}', "allow[1]: must match ^[a-z.]+\\*?$ (offset 28)"],
    [
      '{"header":"ab","byName":{"x":{"rps":"1"}}}',
      'byName.x.rps: expected a whole number, found "1" (offset 36)',
    ],
    ['{"header":"ab","mode":"loose"}', "mode: must be one of strict, lax (offset 22)"],
    ['{"header":"abcde"}', "header: must have at most 4 characters (offset 10)"],
    ['{"header":"ab","allow":["a","a","a","a"]}', "allow: must have at most 3 elements (offset 23)"],
    ["[]", "configuration: expected an object, found an array (offset 0)"],
    ['{"header":"ab"', /^offset 14: /],
  ];
  for (const [text, expected] of cases) {
    const { error } = await judge(text);
    if (typeof expected === "string") assert.equal(error, expected, text);
    else assert.match(error!, expected, text);
  }
});

test("configurations that are broken or deep are refused, and nothing traps", async () => {
  const deep = (levels: number): string =>
    `{"header":"ab","tree":${'{"children":['.repeat(levels)}${"]}".repeat(levels)}}`;
  assert.equal((await judge(deep(60))).error, undefined);
  assert.match((await judge(deep(5000))).error!, /^offset /);
  const whole = JSON.stringify({ header: "ab", limits: { rps: 5 }, weights: { a: [1] }, colors: [null] });
  for (let size = 0; size < whole.length; size += 3)
    assert.ok((await judge(whole.slice(0, size))).error !== undefined, whole.slice(0, size));
  let seed = 1;
  for (let i = 0; i < 60; i++) {
    const characters = [...whole];
    seed = (seed * 48271) % 2147483647;
    characters[seed % characters.length] = '{}[]":,0a'[seed % 9]!;
    await judge(characters.join(""));
  }
});

test("the schema says what the comments say, and the table as well", () => {
  assert.deepEqual((schema["properties"] as Record<string, object>)["header"], {
    description: "The header that is set.",
    type: "string",
    minLength: 2,
    maxLength: 4,
  });
  assert.deepEqual((schema["properties"] as Record<string, object>)["allow"], {
    description: "Who may come in.",
    type: "array",
    items: { type: "string", pattern: "^[a-z.]+\\*?$" },
    maxItems: 3,
    default: ["a.example"],
  });
  assert.equal(schema["description"], "What the filter does.");
  const table = markdownTable(settings!);
  assert.match(table, /^\| `mode` +\| `"strict"`, `"lax"` +\| `"strict"` +\|/m);
  assert.match(
    table,
    /^\| `header` +\| text, 2 to 4 characters +\| must be there +\| The header that is set\. +\|$/m,
  );
  assert.match(table, /^`Limits`:$/m);
});

const filter = (fields: string, before = "", call = "readConfig<C>(configuration)"): string => `
import { PluginContext, HttpContext, registerPlugin } from "proxy-wasm-as";
import { readConfig } from "proxy-wasm-as/assembly/std/config";
${before}
class C {
  ${fields}
}
class P extends PluginContext {
  onConfigure(configuration: string): bool { return ${call} !== null; }
  createHttpContext(): HttpContext { return new S(); }
}
class S extends HttpContext { onLog(): void {} }
registerPlugin<P>();
`;

test("what no configuration can have is refused with its place and a remedy", async () => {
  const cases: [string, RegExp][] = [
    [
      filter("x: Uint8Array = new Uint8Array(0);"),
      /filter\.ts:6:6: the field x of C has the type Uint8Array, which no configuration can have; write string/,
    ],
    [filter("x: i32 | null = 0;"), /cannot be (undefined or )?null/],
    [filter("/** @minimum 3 */ x: i32 = 0;"), /filter\.ts:6:21: @minimum is no constraint; write @min\./],
    [filter("/** @min x */ x: i32 = 0;"), /x of C: @min needs a number behind it, not "x"/],
    [filter("/** @min 300 */ x: u8 = 0;"), /@min 300 is no u8/],
    [filter("/** @min 3 @max 2 */ x: u8 = 0;"), /@min 3 is more than @max 2/],
    [filter("/** @pattern ( */ x: string = '';"), /@pattern \( is no regular expression/],
    [filter("/** @pattern (?=a) */ x: string = '';"), /looks around/],
    [filter("/** @pattern a */ x: i32 = 0;"), /@pattern says nothing of a field of this type/],
    [filter("x: D = new D();", "interface D { a: string }"), /is of the interface D; write a class/],
    [filter("x: E = E.A;", "enum E { A, B }"), /is of the enum E; write its values as a union/],
    [
      filter("x: D = make();", "class D { a: string = ''; }\nfunction make(): D { return new D(); }"),
      /begin it with new D\(\)/,
    ],
    [filter("x: string = '';\n constructor(a: string) { this.x = a; }"), /no parameters for its constructor/],
    [filter("readonly x: string = '';"), /remove "readonly"/],
    [filter("x: string = '';", "", "readConfig<PluginContext>(configuration)"), /cannot read PluginContext/],
    [
      filter(
        "x: string = '';",
        "function load<T>(t: string): T | null { return readConfig<T>(t); }",
        "load<C>(configuration)",
      ),
      /cannot read T/,
    ],
  ];
  for (const [text, expected] of cases) assert.match(await buildError(text), expected, text);
});

test("a class may be read in several places, and be part of several that are read", async () => {
  const text = `
import { FilterHeadersStatus, HttpContext, PluginContext, registerPlugin } from "proxy-wasm-as";
import { readConfig } from "proxy-wasm-as/assembly/std/config";
class Limits {
  rps: u32 = 100;
}
class First {
  limits = new Limits();
}
class Second {
  limits = new Limits();
  others: Limits[] = [];
}
class Plugin extends PluginContext {
  told: string = "";
  onConfigure(configuration: string): bool {
    const first = readConfig<First>('{"limits": {"rps": 1}}')!;
    const again = readConfig<First>('{"limits": {"rps": 2}}')!;
    const second = readConfig<Second>('{"limits": {"rps": 3}, "others": [{"rps": 4}, {}]}')!;
    const limits = readConfig<Limits>('{"rps": 5}')!;
    const others = second.others;
    this.told = [first.limits, again.limits, second.limits, others[0], others[1], limits].map((one: Limits): string => one.rps.toString()).join();
    return true;
  }
  createHttpContext(): HttpContext { return new Stream(this); }
}
class Stream extends HttpContext {
  constructor(private readonly made: Plugin) { super(); }
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    return this.respond(200, this.made.told);
  }
}
registerPlugin<Plugin>();
`;
  const host = await createHost({ wasm: await compileFilterText(text) });
  assert.equal((await host.request()).body.toString(), "1,2,3,4,100,5");
});
