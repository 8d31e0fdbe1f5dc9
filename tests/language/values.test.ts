import assert from "node:assert/strict";
import { test } from "node:test";
import { buildError } from "../support/compile.js";
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

test("constants that overflow are refused, with what to write", async () => {
  const message = await said("const month = 30 * 24 * 60 * 60 * 1000;");
  assert.match(
    message,
    /This is 2592000000, more than an i32 holds\. Give it the type[^]*filter\.ts\(4,19\)/,
  );
  const named = await said("const day = 24 * 60 * 60 * 1000; const month = day * 30;");
  assert.match(named, /This is 2592000000, more than an i32 holds/);
});

test("constants that do not overflow, or are numbers, are not", async () => {
  const message = await said(
    "const month: number = 30 * 24 * 60 * 60 * 1000; const day = 24 * 60 * 60 * 1000;",
  );
  assert.doesNotMatch(message, /holds/);
});

test("a division of whole numbers that loses a fraction is warned of", async () => {
  assert.match(
    await said("const n = 5 / 2;"),
    /WARNING[^]*the fraction is lost; in TypeScript it is not[^]*filter\.ts\(4,15\)/,
  );
  assert.match(await said('const n = "a".length / "ab".length > 0.4;'), /the fraction is lost/);
  assert.doesNotMatch(await said("const n: i32 = 5 / 2; const m = 6 / 2; const k = 5.0 / 2;"), /fraction/);
});
