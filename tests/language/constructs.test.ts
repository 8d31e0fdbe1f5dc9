import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { transformSync } from "esbuild";
import { createHost } from "../../src/testing/index.js";
import { compileFilter } from "../support/compile.js";
import { root } from "../support/paths.js";
import { constructs } from "./constructs.js";

/** One module with all constructs, each in a file of its own: `x-case` says which to run. */
const folder = ".cache/language";

const text = ({ declarations = "", body }: (typeof constructs)[0]): string =>
  `${declarations}\nexport function run(): string { ${body}\n  return out; }\n`;

/** `type i32 = number` is there for Node. */
const forModule = (source: string): string => source.replaceAll(/\btype [iu]\d+ = number;/g, "");

/** An optimized module of all of them takes a minute to make: `npm run test:optimized` does. */
const targets: readonly ("debug" | "release")[] =
  process.env["UNOPTIMIZED"] === undefined ? ["debug", "release"] : ["debug"];
const answers: Record<"debug" | "release", string[]> = { debug: [], release: [] };

before(async () => {
  mkdirSync(join(root, folder), { recursive: true });
  const imports: string[] = [];
  const cases: string[] = [];
  for (const [index, construct] of constructs.entries()) {
    writeFileSync(join(root, folder, `case${index}.ts`), forModule(text(construct)));
    imports.push(`import { run as run${index} } from "./case${index}";`);
    cases.push(`      case ${index}: return run${index}();`);
  }
  const entry = `import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
${imports.join("\n")}
class All extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    return this.respond(200, this.run(<i32>parseInt(this.request.headers.get("x-case")!)));
  }
  private run(index: i32): string {
    switch (index) {
${cases.join("\n")}
      default: return "no such case";
    }
  }
}
registerHttpFilter<All>();
`;
  writeFileSync(join(root, folder, "all.ts"), entry);
  for (const target of targets) {
    const wasm = readFileSync(await compileFilter(`${folder}/all.ts`, { target }));
    let host = await createHost({ wasm, mayFail: true });
    for (const index of constructs.keys()) {
      const { body, logs } = await host.request({ path: "/", headers: { "x-case": String(index) } });
      answers[target][index] =
        String(body) + (logs.length > 0 ? ` (${logs.map((log) => log.message).join("; ")})` : "");
      // A trap may end the VM.
      if (logs.length > 0) host = await createHost({ wasm, mayFail: true });
    }
  }
});

test("each construct has its case", () => assert.ok(constructs.length >= 1060));

for (const [index, construct] of constructs.entries()) {
  test(`${construct.group}: ${construct.name}: the same in a module as in Node`, async () => {
    const { code } = transformSync(text(construct), { loader: "ts", format: "esm", target: "es2022" });
    const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { run(): string };
    const expected = module.run();
    for (const target of targets) assert.equal(answers[target][index], expected, target);
  });
}
