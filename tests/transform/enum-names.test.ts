/** The name of an enum's value that no member has: the compiler's own code for it ended the VM. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";

const source = `import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
enum Level { Low, High }
class Named extends HttpContext {
  onRequestHeaders(count: u32, end: bool): FilterHeadersStatus {
    const text = this.request.headers.get("x-level");
    const level = text === null ? 0 : <i32>parseInt(text);
    this.request.headers.set("x-name", Level[level]);
    return FilterHeadersStatus.Continue;
  }
}
registerHttpFilter<Named>();
`;

for (const [name, options] of [
  ["with the language", []],
  ["without the language", ["--use", "PROXY_WASM_ASSEMBLYSCRIPT=1"]],
] as const)
  for (const target of ["release", "debug"] as const)
    test(`a value that no member of an enum has costs one request, ${name}, ${target}`, async () => {
      const wasm = await compileFilterText(source, { options: [...options], target });
      const host = await createHost({ wasm, upstream: "echo", mayFail: true });
      const named = async (level: string): Promise<unknown> => {
        const { status, upstream } = await host.request({ headers: { "x-level": level } });
        return status === 200 ? upstream?.headers.get("x-name") : status;
      };
      assert.equal(await named("1"), "High");
      assert.equal(await named("7"), 500);
      assert.equal(await named("0"), "Low");
      assert.match(host.logs.map(({ message }) => message).join("\n"), /Level has no member with this value/);
    });
