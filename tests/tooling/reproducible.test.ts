import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { main as asc } from "assemblyscript/asc";
import { root } from "../support/paths.js";
import { writeNew } from "../../scripts/compilers.js";

/** Builds in this process; throws with what the build says when it fails. */
async function build(entry: string, target: string, config = "asconfig.json"): Promise<Uint8Array> {
  let module: Uint8Array | undefined;
  const options = [entry, `--config=${config}`, `--target=${target}`, "--outFile=never.wasm"];
  const { error, stderr } = await asc([...options, "--baseDir", root], {
    writeFile: (name, contents) => {
      if (name.endsWith(".wasm")) module = contents as Uint8Array;
    },
  });
  if (error !== null) throw new Error(stderr.toString());
  return module!;
}

test("a build does not depend on what the process has built before", async () => {
  const before = await build("tests/flow/filters/hello.ts", "release");
  await build("bench/filters/as/noop.ts", "debug");
  assert.deepEqual(await build("tests/flow/filters/hello.ts", "release"), before);
});

/** Builds a filter of this text, which is always the same file, as an editor leaves it. */
function buildText(text: string): Promise<Uint8Array> {
  const entry = ".cache/reproducible/filter.ts";
  const filter = `import { HttpContext, registerHttpFilter } from "proxy-wasm-as";
class Filter extends HttpContext {
  onLog(): void {
    console.log(run());
  }
}
registerHttpFilter<Filter>();
`;
  writeNew(join(root, entry), Buffer.from(`${text}\n${filter}`));
  return build(entry, "debug");
}

test("a field that is optional no more, or abstract, is not taken for one by the process's next build", async () => {
  const object = (mark: string): string =>
    `interface P { a: string; b${mark}: string; }\nfunction run(): string { const p: P = { a: "1" }; return p.a; }`;
  await buildText(object("?"));
  await assert.rejects(buildText(object("")), /'b'|\bb\b/);
  const classes = (word: string): string =>
    `abstract class A { ${word.padEnd(8)} b: string${word === "" ? ' = "0"' : ""}; }
class B extends A { ${word === "" ? "" : 'b: string = "1";'} }
function run(): string { return new B().b; }`;
  await buildText(classes("abstract"));
  await buildText(classes(""));
});

test("another copy of the package in the same process leaves builds as they are", async () => {
  const text = `function run(): string {
  const o = { a: 1, b: 2 };
  let out = "";
  for (const k in o) out += k;
  const map = new Map<string, boolean>();
  return out + (map.get("c") === undefined ? "none" : "some");
}`;
  const alone = await buildText(text);
  const copy = ".cache/reproducible/copy";
  cpSync(join(root, "dist"), join(root, copy, "dist"), { recursive: true });
  cpSync(join(root, "package.json"), join(root, copy, "package.json"));
  writeNew(join(root, copy, "asconfig.json"), readFileSync(join(root, "asconfig.json")));
  await build("bench/filters/as/noop.ts", "debug", join(copy, "asconfig.json"));
  assert.deepEqual(await buildText(text), alone);
});
