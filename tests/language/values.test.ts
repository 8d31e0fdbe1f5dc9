import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { buildError, compileFilterText } from "../support/compile.js";
import { inModule, inNode } from "./meaning/run.js";
import { values } from "./meaning/values.js";

for (const target of ["debug", "release"] as const) {
  test(`texts, numbers and conditions mean what they mean in Node: ${target}`, async () => {
    const answers = await inModule(values, { target });
    for (const [index, piece] of values.entries())
      assert.equal(answers[index], await inNode(piece), piece.name);
  });
}

/** What the build says of a statement; `missing` makes it fail where it would only warn. */
const said = (statement: string): Promise<string> =>
  buildError(`import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
class Mine extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    ${statement}
    return this.respond(200, missing);
  }
}
registerHttpFilter<Mine>();
`);

test("constants that overflow are numbers, and refused where a whole number is asked for", async () => {
  const message = await said("const month: i32 = 30 * 24 * 60 * 60 * 1000;");
  assert.doesNotMatch(await said("const month = 30 * 24 * 60 * 60 * 1000;"), /holds/);
  assert.match(message, /explicit cast|not assignable|more than this type of whole numbers holds/);
});

test("what has another meaning and no remedy of the build's own is refused in a sentence, at its place", async () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ["const s = [10, 9, 1].sort();", /sort\(\) of numbers sorts them by their text[^]*filter\.ts\(4,15\)/],
    ["const xs = [1, true];", /an array has values of one type[^]*filter\.ts\(4,\d+\)/],
    ['const xs = [1, "a"];', /an array has values of one type: make texts of all[^]*filter\.ts\(4,\d+\)/],
    [
      "const f = (n: i32 | undefined): i32 => 1;",
      /a whole number[^]*cannot be undefined or null here[^]*filter\.ts\(4,\d+\)/,
    ],
    [
      "const f = (n?: i32): i32 => 1;",
      /the build cannot know here if an optional whole number[^]*was given: [^]*filter\.ts\(4,\d+\)/,
    ],
    [
      "class C { n?: i32; }",
      /the build cannot know here if an optional whole number[^]*was set: [^]*filter\.ts\(4,\d+\)/,
    ],
    [
      "const s = (1.5).toPrecision(2);",
      /there is no such method here[^]*\(toPrecision\)[^]*filter\.ts\(4,15\)/,
    ],
    [
      'const m = new Map<string, string | undefined>(); const t = `${m.get("a")}`;',
      /this may be undefined, whose text is "undefined"[^]*filter\.ts\(4,\d+\)/,
    ],
    [
      "const b: bool = true; const c = b ?? true;",
      /a boolean is never undefined here[^]*filter\.ts\(4,\d+\)/,
    ],
  ];
  for (const [statement, expected] of refused) assert.match(await said(statement), expected, statement);
});

test("a type of whole numbers that is written wraps around as AssemblyScript's; a callback's parameters and all others do not", async () => {
  const wasm =
    await compileFilterText(`import { FilterDataStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
const top: u32 = 3;
function size(): u32 { return 5; }
function given(n: u32, m: u8): string { return (n - 10) + " " + (m + 255); }
class Mine extends HttpContext {
  n: u32 = 4;
  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    const local: u32 = 2;
    const whole = this.request.body.size;
    const written = (size() - 10) + " " + given(5, 3) + " " + (this.n - 5) + " " + (local - 3) + " " + (top - 4) + " " + (<u32>bodySize - 9);
    this.respond(200, written + " | " + (bodySize - 9) + " " + (whole - 9) + " " + -bodySize + " " + (this.request.body.size - 9 < 0));
    return FilterDataStatus.StopIterationAndBuffer;
  }
}
registerHttpFilter<Mine>();
`);
  const host = await createHost({ wasm });
  const { body } = await host.request({ method: "POST", body: "12345" });
  assert.equal(
    body.toString(),
    "4294967291 4294967291 2 4294967295 4294967295 4294967295 4294967292 | -4 -4 -5 true",
  );
});
