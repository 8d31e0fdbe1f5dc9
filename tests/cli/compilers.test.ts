/** The compilers of what builds again and again (`--watch`): they stay, and make what a new one makes. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type * as Processes from "../../src/cli/compiler-process.js";
import { root } from "../support/paths.js";
import { until } from "../support/wait.js";
import { newProject, temporaryFolder } from "./support.js";

// As shipped, since a compiler's process has a file of its own.
const { keepCompilers, runCompiler } = (await import(
  join(root, "dist/cli/compiler-process.js")
)) as typeof Processes;
const asc = join(root, "node_modules/assemblyscript/bin/asc.js");

const small = `import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
class Small extends HttpContext {
  onRequestHeaders(): FilterHeadersStatus {
    this.request.headers.set("x-small", "yes");
    return FilterHeadersStatus.Continue;
  }
}
registerHttpFilter<Small>();
`;

test("a compiler that stays makes what a new one makes, after a mistake too, and takes less time", async (t) => {
  const folder = newProject(t, "http");
  const source = join(folder, "assembly/index.ts");
  writeFileSync(source, small);
  const config = join(folder, "asconfig.json");
  const build = async (name: string): Promise<{ status: number | null; messages: string; took: number }> => {
    const before = performance.now();
    const parameters = ["--config", config, "--target", "release", "--outFile", `build/${name}.wasm`];
    const ended = await runCompiler(asc, config, { folder, parameters });
    return { ...ended, took: performance.now() - before };
  };
  const module = (name: string): string => readFileSync(join(folder, `build/${name}.wasm`)).toString("hex");
  const once = await build("once");
  assert.deepEqual([once.status, once.messages], [0, ""]);
  keepCompilers();
  const first = await build("first");
  writeFileSync(source, `${small}\nconst wrong: i32 = "text";\n`);
  const wrong = await build("wrong");
  assert.equal(wrong.status, 1);
  assert.match(
    wrong.messages,
    /TS2322: Type .* is not assignable to type 'i32'[^]*assembly\/index\.ts\(\d+,\d+\)/,
  );
  writeFileSync(source, small);
  const last = await build("last");
  assert.deepEqual([first.status, last.status, last.messages], [0, 0, ""]);
  assert.ok(last.took < first.took, `${last.took} ms, and ${first.took} with the compiler's start`);
  assert.equal(module("first"), module("once"));
  assert.equal(module("last"), module("once"));
});

test("a compiler that ends early is told of, and the next build has another one", async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, "bin"));
  mkdirSync(join(folder, "dist"));
  const config = join(folder, "asconfig.json");
  writeFileSync(config, "{}");
  const build = (main: string): Promise<{ status: number | null; messages: string }> => {
    const name = `asc${main.length}`;
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    mkdirSync(join(folder, name, "bin"), { recursive: true });
    mkdirSync(join(folder, name, "dist"), { recursive: true });
    writeFileSync(join(folder, name, "dist/asc.js"), `export async function main() { ${main} }`);
    return runCompiler(join(folder, name, "bin/asc.js"), config, { folder, parameters: [] });
  };
  keepCompilers();
  assert.deepEqual(await build("process.exit(3);"), {
    status: null,
    messages: "The compiler has ended early.",
  });
  assert.deepEqual(await build('throw new Error("no memory");'), { status: 1, messages: "Error: no memory" });
  const pid = "return { error: null, stderr: String(process.pid) };";
  const { messages: first } = await build(pid);
  assert.deepEqual(await build(pid), { status: 0, messages: first });
  process.kill(Number(first), "SIGKILL");
  await until(() => {
    try {
      return !process.kill(Number(first), 0);
    } catch {
      return true;
    }
  });
  const next = await build(pid);
  assert.equal(next.status, 0);
  assert.notEqual(next.messages, first);
  assert.deepEqual(await build('return { error: null, stderr: "a warning\\n" };'), {
    status: 0,
    messages: "a warning",
  });
});

test("a project with a transform of its own has a new compiler for each build, as a process reads it once", async (t) => {
  const folder = newProject(t, "http");
  const config = join(folder, "asconfig.json");
  writeFileSync(join(folder, "assembly/index.ts"), small);
  const own = JSON.parse(readFileSync(config, "utf8")) as { options?: object };
  own.options = { ...own.options, transform: ["proxy-wasm-as/transform", "./own.mjs"] };
  writeFileSync(config, JSON.stringify(own));
  keepCompilers();
  for (const word of ["one", "two"]) {
    writeFileSync(
      join(folder, "own.mjs"),
      `import { Transform } from "assemblyscript/transform";\nexport default class extends Transform { afterParse() { this.stderr.write("${word}\\n"); } }\n`,
    );
    const parameters = ["--config", config, "--target", "release", "--outFile", "build/own.wasm"];
    const { status, messages } = await runCompiler(asc, config, { folder, parameters });
    assert.deepEqual([status, messages], [0, word]);
  }
});
