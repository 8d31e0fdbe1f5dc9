/** What is thrown and caught, against Node. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { transformSync } from "esbuild";
import { createHost } from "../../src/testing/index.js";
import { buildError, compileFilter } from "../support/compile.js";
import { root } from "../support/paths.js";
import { declarations, makeFunction, textOfError } from "./exceptions.js";

const COUNT = 60;
const folder = ".cache/language";

for (const seed of [1, 2])
  for (const target of ["debug", "release"] as const)
    test(`programs that throw and catch at random do what they do in Node (${target}, ${seed})`, async () => {
      const names: string[] = [];
      let text = declarations + textOfError;
      for (let index = 0; index < COUNT; index++) {
        const name = `f${index}`;
        text += `${makeFunction(name, seed * 1000 + index, names.slice(-3))}\n`;
        names.push(name);
      }
      const cases = names.map((name, index) => `case ${index}: return ${name}(n);`).join("\n");
      text += `
export function run(index: number, n: number): string {
  try {
    switch (index) {
      ${cases}
      default: return "no such case";
    }
  } catch (e) {
    return "uncaught " + text(e as Error);
  }
}\n`;
      const { code } = transformSync(text, { loader: "ts", format: "esm", target: "es2022" });
      const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
        run(index: number, n: number): string;
      };
      mkdirSync(join(root, folder), { recursive: true });
      const entry = `${folder}/exceptions${seed}.ts`;
      writeFileSync(
        join(root, entry),
        `import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
${text}
class All extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    let out = "";
    const index = parseInt(this.request.headers.get("x-case")!);
    for (let n: number = 0; n < 6; n++) out += run(index, n) + "\\n";
    return this.respond(200, out);
  }
}
registerHttpFilter<All>();
`,
      );
      const wasm = readFileSync(await compileFilter(entry, { target }));
      const host = await createHost({ wasm });
      for (let index = 0; index < COUNT; index++) {
        let expected = "";
        for (let n = 0; n < 6; n++) expected += `${module.run(index, n)}\n`;
        const { body } = await host.request({ path: "/", headers: { "x-case": String(index) } });
        assert.equal(
          String(body),
          expected,
          makeFunction(`f${index}`, seed * 1000 + index, names.slice(Math.max(0, index - 3), index)),
        );
      }
    });

const catching = `import { HttpContext, registerHttpFilter } from "proxy-wasm-as";
class Filter extends HttpContext {
  onLog(): void {
    try {
      this.request.headers.get("x")!.charAt(1);
    } catch {
      this.request.headers.has("x");
    }
  }
}
registerHttpFilter<Filter>();
`;

test("builds that cannot catch say so, with file and line", async () => {
  const trapping = await buildError(catching, { options: ["--use", "PROXY_WASM_TRAPS=1"] });
  assert.match(trapping, /PROXY_WASM_TRAPS is for hosts without exceptions[^]*filter\.ts\(4,/);
  const counted = await buildError(catching, { options: ["--runtime", "incremental"] });
  assert.match(counted, /needs the runtime "minimal"[^]*filter\.ts\(4,/);
});

test("what is no error cannot be thrown", async () => {
  const text = catching.replace('this.request.headers.get("x")!.charAt(1)', 'throw "a text"');
  assert.match(
    await buildError(text),
    /only errors can be thrown: write throw new Error\(text\)[^]*filter\.ts\(5,/,
  );
  const number = catching.replace('this.request.headers.get("x")!.charAt(1)', "throw this.contextId");
  assert.match(
    await buildError(number),
    /'u32' is not assignable to type '~lib\/error\/Error'[^]*filter\.ts\(5,/,
  );
});
