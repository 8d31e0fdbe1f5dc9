/** What loops and recursion spend, and the limit that a build may set: as docs/bugs.md says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { buildError, compileFilterText } from "../support/compile.js";

const text = `
import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
let count: i32 = 0;
function called(): void {
  count++;
}
function recursive(left: i32): void {
  count++;
  if (left > 0) recursive(left - 1);
}
function often(times: i32): void {
  for (let i = 0; i < 1000; i++) count += times;
}
function once(times: i32): void {
  count += times;
}
class Spending extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const kind = this.request.headers.get("x-kind")!;
    let turns = <i32>parseInt(this.request.headers.get("x-turns")!);
    count = 0;
    if (kind == "plain") for (; turns > 0; turns--) count++;
    else if (kind == "calling") for (; turns > 0; turns--) called();
    else if (kind == "asking")
      for (; turns > 0; turns--) {
        if (this.request.headers.has("x-kind")) count++;
      }
    else if (kind == "given") {
      const given = turns > 1 ? often : once;
      for (let i = 0; i < 10; i++) given(turns);
    } else recursive(turns);
    return this.respond(200, count.toString());
  }
}
registerHttpFilter<Spending>();
`;

/** A filter that ends loops at this budget. */
const filterOf = (budget: string): Promise<string> =>
  compileFilterText(text, { options: ["--use", `PROXY_WASM_BUDGET=${budget}`] });

async function statusOf(wasm: string, kind: string, turns: number): Promise<number> {
  const host = await createHost({ wasm, mayFail: true });
  const { status, body } = await host.request({ headers: { "x-kind": kind, "x-turns": String(turns) } });
  const message = kind === "recursion" ? "a recursion without end" : "a loop without end";
  if (status === 200) assert.equal(body.toString(), String(kind === "recursion" ? turns + 1 : turns));
  else assert.match(host.errors.join(), new RegExp(`^abort: ${message} at .*filter\\.ts:`));
  return status;
}

// A loop begins once more than it has turns.
for (const [kind, most] of [
  ["plain", 1023],
  ["calling", 127],
  ["asking", 1],
  ["recursion", 1023],
] as const) {
  test(`a budget of 1,024 lets ${most} turns pass, and no more: ${kind}`, async () => {
    const wasm = await filterOf("1024");
    assert.deepEqual([await statusOf(wasm, kind, most), await statusOf(wasm, kind, most + 1)], [200, 500]);
  });
}

test("a loop that ends by sight counts in a function that a loop is given", async () => {
  const host = await createHost({ wasm: await filterOf("1024"), mayFail: true });
  const statuses = [1, 2].map(async (turns) => {
    const { status } = await host.request({ headers: { "x-kind": "given", "x-turns": String(turns) } });
    return status;
  });
  assert.deepEqual(await Promise.all(statuses), [200, 500]);
});

test("a build without an option has a budget of 16,000,000, and a budget of 0 ends nothing", async () => {
  const wasm = await compileFilterText(text);
  assert.equal(await statusOf(wasm, "plain", 15_999_999), 200);
  assert.equal(await statusOf(wasm, "plain", 16_000_000), 500);
  assert.equal(await statusOf(await filterOf("0"), "plain", 16_000_001), 200);
});

test("a budget that is no number, or too large, is refused", async () => {
  for (const budget of ["many", "-1", "1.5", "2147483648"])
    assert.equal(
      await buildError(text, { options: ["--use", `PROXY_WASM_BUDGET=${budget}`] }),
      `FAILURE PROXY_WASM_BUDGET is ${budget}; it must be a whole number below 2147483648, or 0 for no limit.`,
    );
  assert.equal(await statusOf(await filterOf("2147483647"), "plain", 10), 200);
});
