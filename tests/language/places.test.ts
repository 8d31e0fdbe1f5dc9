import assert from "node:assert/strict";
import { test } from "node:test";
import { buildError, compileText } from "../support/compile.js";

const filter = (
  body: string,
): string => `import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

class Mine extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    ${body}
  }
}
registerHttpFilter<Mine>();
`;

test("an error behind a lowered expression has the user's line and column", async () => {
  const message = await buildError(
    filter(`const a = this.request.headers.get("a") ?? "none"; const n: i32 = a;
    return this.respond(200, a);`),
  );
  assert.match(message, /in filter\.ts\(5,71\)/);
  assert.match(message, /const n: i32 = a;/);
});

test("an error inside of a lowered expression has the user's line and column", async () => {
  const message = await buildError(
    filter(`const a = this.request.headers.get("a") ??
      nothing;
    return this.respond(200, a);`),
  );
  assert.match(message, /'nothing'[^]*in filter\.ts\(6,7\)/);
});

test("an option turns the front end off", async () => {
  const text = filter(`return this.respond(200, this.request.headers.get("a") ?? "none");`);
  assert.equal(await compileText(text), undefined);
  const message = await buildError(text, { options: ["--use", "PROXY_WASM_ASSEMBLYSCRIPT=1"] });
  assert.match(message, /Expression expected/);
});
