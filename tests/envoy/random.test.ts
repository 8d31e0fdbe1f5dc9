/** Random bytes, in Envoy and in the embedded host. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilter, compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { request } from "../support/http.js";

const entry = "tests/envoy/filters/random.ts";
const names = ["x-bytes", "x-u32", "x-uuid", "x-array", "x-math"];

/** What holds for each answer, and what its names have. */
function check(header: (name: string) => string | undefined): string[] {
  assert.match(header("x-bytes")!, /^[0-9a-f]{32}$/);
  assert.match(header("x-uuid")!, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.match(header("x-array")!, /^(?!0{16})[0-9a-f]{16}$/);
  assert.equal(header("x-none"), "0 0");
  const [size, variety] = header("x-many")!.split(" ").map(Number);
  assert.equal(size, 200_000);
  assert.ok(variety! > 200, String(variety));
  const number = Number(header("x-math"));
  assert.ok(number >= 0 && number < 1);
  return names.map((name) => header(name)!);
}

envoyTest("random: each request and each Envoy has other bytes", async (t) => {
  const wasm = await compileFilter(entry);
  const seen: string[] = [];
  for (let i = 0; i < 2; i++) {
    const envoy = await startEnvoy(t, { filters: [{ wasm }] });
    for (let j = 0; j < 3; j++) {
      const response = await request(envoy.port);
      assert.equal(response.status, 200);
      seen.push(...check((name) => response.all(name)[0]));
    }
  }
  assert.equal(new Set(seen).size, 6 * names.length);
});

test("random: in the embedded host, real bytes unless a seed is given, which makes them the same", async () => {
  const wasm = await compileFilter(entry);
  const answers = async (random?: number): Promise<string[]> => {
    const host = await createHost({ wasm, upstream: {}, ...(random !== undefined && { random }) });
    const response = await host.request();
    return check((name) => response.headers.get(name));
  };
  const [first, second, other] = [await answers(7), await answers(7), await answers(8)];
  assert.deepEqual(first, second);
  const [one, two] = [await answers(), await answers()];
  const all = [...first, ...other, ...one, ...two];
  assert.equal(new Set(all).size, all.length);
});

test("random: a filter that asks for none imports nothing for it", async () => {
  const text = (
    body: string,
  ): string => `import { FilterHeadersStatus, HttpContext, random, registerHttpFilter } from "proxy-wasm-as";
class Random extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.request.headers.set("x-id", ${body});
    return FilterHeadersStatus.Continue;
  }
}
registerHttpFilter<Random>();
`;
  const imports = async (body: string): Promise<string[]> =>
    WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(await compileFilterText(text(body))))).map(
      ({ name }) => name,
    );
  assert.ok((await imports("random.uuid()")).includes("random_get"));
  assert.ok(!(await imports('"none"')).includes("random_get"));
});
