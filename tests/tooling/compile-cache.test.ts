/** The compiler's results are remembered as long as they would be the same, and no longer. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { type TestContext, after, test } from "node:test";
import { CompileCache, toolchain } from "../../scripts/compile-cache.js";
import { Compilers, serveCompilers } from "../../scripts/compilers.js";
import { env, main, newProject, plainEnv } from "../cli/support.js";
import { root } from "../support/paths.js";

const home = mkdtempSync(join(tmpdir(), "proxy-wasm-as-cache-"));
after(() => rmSync(home, { recursive: true }));
/** One for all tests here, as it takes seconds to start. */
const compilers = new Compilers(1, home);

/** How often the compiler ran, and how often it did not have to. */
const counts = (): number[] => [compilers.times.length, compilers.remembered];

/** A folder that ends with the test. */
function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-cache-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("a changed file of the SDK, of the filter, or a new one before it is compiled anew", async (t) => {
  const folder = temporary(t);
  const sdk = join(folder, "node_modules", "proxy-wasm-as", "assembly");
  cpSync(join(root, "assembly"), sdk, { recursive: true });
  const entry = join(folder, "index.ts");
  writeFileSync(
    entry,
    'import { hex } from "proxy-wasm-as/assembly/std/encoding"; import { n } from "./other";\n' +
      "export function f(): i32 { return hex.encode(new Uint8Array(n)).length; }\n",
  );
  await mkdir(join(folder, "other"));
  writeFileSync(join(folder, "other", "index.ts"), "export const n: i32 = 3;\n");
  const parameters = [
    "index.ts",
    "--config=none",
    "--use=PROXY_WASM_AS=1",
    "--outFile=o.wasm",
    "--baseDir",
    folder,
  ];
  const compile = async (): Promise<Buffer> => {
    const { message, files } = await compilers.run(parameters);
    assert.equal(message, undefined);
    return files.find(([name]) => name === "o.wasm")![1];
  };

  const first = await compile();
  assert.deepEqual(counts(), [1, 0]);
  assert.deepEqual(await compile(), first);
  assert.deepEqual(counts(), [1, 1]);

  const hex = join(sdk, "std", "encoding", "hex.ts");
  const before = readFileSync(hex, "utf8");
  const after = before.replace("newText(size << 1)", "newText(size << 2)");
  assert.notEqual(after, before, "hex.ts is not as this test knows it");
  writeFileSync(hex, after);
  const changed = await compile();
  assert.notDeepEqual(changed, first);
  assert.deepEqual(counts(), [2, 1]);

  // The same bytes at another time are no change.
  utimesSync(hex, new Date(), new Date());
  assert.deepEqual(await compile(), changed);
  assert.deepEqual(counts(), [2, 2]);

  // The compiler looks for other.ts first, and finds it now.
  writeFileSync(join(folder, "other.ts"), "export const n: i32 = 4;\n");
  assert.notDeepEqual(await compile(), changed);
  assert.deepEqual(counts(), [3, 2]);

  parameters.push("-O");
  await compile();
  assert.deepEqual(counts(), [4, 2]);
});

test("what fails is remembered with its message; two that ask at once wait for one", async (t) => {
  const folder = temporary(t);
  writeFileSync(join(folder, "index.ts"), "export const a: i32 = nothing;\n");
  const parameters = ["index.ts", "--config=none", "--outFile=o.wasm", "--baseDir", folder];
  const [runs, remembered] = counts() as [number, number];
  const [one, two] = await Promise.all([compilers.run(parameters), compilers.run(parameters)]);
  assert.match(one.message!, /Cannot find name 'nothing'/);
  assert.equal(two, one);
  assert.equal((await compilers.run(parameters)).message, one.message);
  assert.deepEqual(counts(), [runs + 1, remembered + 2]);
});

test("projects in temporary folders of any name share results as long as their files are the same", async (t) => {
  const [runs, remembered] = counts() as [number, number];
  const folders = [temporary(t), temporary(t)];
  const compile = async (folder: string, text: string): Promise<string> => {
    writeFileSync(join(folder, "index.ts"), text);
    const parameters = [join(folder, "index.ts"), "--config=none", "--outFile=o.wasm"];
    const { message = "", files } = await compilers.run(parameters, folder);
    return message + files.map(([name, bytes]) => `${name} ${bytes.toString("base64")}`).join();
  };
  const one = "export const a: i32 = 1;\n";
  const two = "export const a: i32 = 2;\n";
  const made = await compile(folders[0]!, one);
  assert.notEqual(await compile(folders[0]!, two), made);
  assert.deepEqual(counts(), [runs + 2, remembered]);
  assert.equal(await compile(folders[1]!, one), made);
  assert.notEqual(await compile(folders[1]!, two), made);
  assert.deepEqual(counts(), [runs + 2, remembered + 2]);

  // What is said has the folder's name, if any, as it would have had there.
  const wrong = `import "${join(folders[0]!, "none")}";\nexport const a: i32 = none;\n`;
  const said = await compile(folders[0]!, wrong);
  assert.match(said, /none/);
  assert.equal(
    await compile(folders[1]!, wrong.replaceAll(folders[0]!, folders[1]!)),
    said.replaceAll(folders[0]!, folders[1]!),
  );
});

test("a command that is lent the compiler writes, says and answers what it would with one of its own", async (t) => {
  const project = newProject(t, "http");
  const served = process.env["PROXY_WASM_TEST_COMPILERS"] === undefined ? await serveCompilers(1) : undefined;
  t.after(() => served?.end());
  const lent = { ...env, PROXY_WASM_TEST_COMPILERS: process.env["PROXY_WASM_TEST_COMPILERS"] };
  const source = join(project, "assembly", "index.ts");
  const text = readFileSync(source, "utf8");
  for (const changed of [text, text.replace('"denied\\n"', "12"), `${text}\nexport const unused = 1;\n`]) {
    writeFileSync(source, changed);
    const results = [];
    // The first one, as it compares with the build before it, is not looked at.
    for (const surroundings of [lent, plainEnv, lent]) {
      rmSync(join(project, "build"), { recursive: true, force: true });
      const child = spawn(process.execPath, [main, "build"], { cwd: project, env: surroundings });
      let said = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (said += String(part)));
      const [status] = (await once(child, "close")) as [number];
      const names = status === 0 ? readdirSync(join(project, "build")).sort() : [];
      results.push({
        status,
        said,
        files: names.map((name) => [name, readFileSync(join(project, "build", name), "base64")]),
      });
    }
    assert.deepEqual(results[2], results[1]);
    assert.equal(results[0]!.status, changed.includes("12)") ? 1 : 0, results[0]!.said);
  }
});

test("another compiler or transform is another key", (t) => {
  const folder = temporary(t);
  for (const name of ["dist", "package.json", "package-lock.json", "scripts"])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  const before = toolchain(folder);
  const changed = (name: string): boolean => {
    const path = join(folder, name);
    const text = readFileSync(path);
    writeFileSync(path, Buffer.concat([text, Buffer.from("\n")]));
    const isOther = toolchain(folder) !== before;
    writeFileSync(path, text);
    return isOther;
  };
  for (const name of [
    "package-lock.json",
    "scripts/compiler.mjs",
    "dist/transform/index.js",
    "dist/transform/contain/catch.js",
    "dist/transform/flow/asyncify.js",
    "dist/language/index.js",
    "dist/language/forms/keys.js",
    "dist/abi.js",
  ])
    assert.ok(changed(name), name);
  assert.ok(!changed("dist/cli/main.js"), "the command line tool is no part of the compiler");
});

test("a build with a transform that is not the repository's, or reads files, is never remembered", (t) => {
  const folder = temporary(t);
  const cache = new CompileCache(join(folder, "cache"));
  const result = { message: undefined, files: [] };
  const config = join(folder, "asconfig.json");
  writeFileSync(config, '{ "options": { "transform": ["./mine.js"] } }');
  cache.keep(["a.ts"], [[config, "hash"]], result);
  cache.keep(["b.ts", "--transform=mine.js"], [], result);
  cache.keep(["c.ts"], [], result);
  cache.keep(["d.ts", "--transform", "tests/flow/support/harsh-collector.mjs"], [], result);
  const reads = join(folder, "reads.mjs");
  writeFileSync(reads, 'import { readFileSync } from "node:fs";\nexport default class {}\n');
  const readsFiles = ["e.ts", "--transform", relative(root, reads)];
  cache.keep(readsFiles, [], result);
  assert.deepEqual(
    [
      ["a.ts"],
      ["b.ts", "--transform=mine.js"],
      ["c.ts"],
      ["d.ts", "--transform", "tests/flow/support/harsh-collector.mjs"],
      readsFiles,
    ].map((each) => cache.find(each) !== undefined),
    [false, false, true, true, false],
  );
  // An entry that is cut is none.
  writeFileSync(join(dirname(config), "cache", "x.json"), "{");
  cache.clean(Date.now() + 15 * 86_400_000);
  assert.equal(cache.find(["c.ts"]), undefined);
});
