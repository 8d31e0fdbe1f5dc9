import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../support/paths.js";
import { compiled } from "./copy.js";
import { named } from "./named.js";
import { Nearness, namesAt } from "./near.js";
import { mutantsOf, mutated } from "./operators.js";
import { testsOf } from "./tests-of.js";

/** All texts that a program becomes by one fault. */
const faultsOf = (source: string): string[] =>
  mutantsOf("a.ts", source).map((mutant) => mutated(source, mutant));

test("mutation: conditions, operators, literals and statements change, one at a time", () => {
  assert.deepEqual(faultsOf("if (a < 3) go();"), [
    "if (true) go();",
    "if (false) go();",
    "if (a <= 3) go();",
    "if (a < 3 + 1) go();",
    "if (a < 3) ;",
  ]);
  assert.deepEqual(faultsOf('const b = !done && name === "x" ? true : 0;'), [
    "const b = true ? true : 0;",
    "const b = false ? true : 0;",
    'const b = !done || name === "x" ? true : 0;',
    'const b = done && name === "x" ? true : 0;',
    'const b = !done && name !== "x" ? true : 0;',
    'const b = !done && name === "" ? true : 0;',
    'const b = !done && name === "x" ? false : 0;',
    'const b = !done && name === "x" ? true : 1;',
  ]);
});

test("mutation: what a person reads, types, imports and decorators are left alone", () => {
  for (const source of [
    'import { a } from "b";',
    'type A = "a" | 1;',
    "// @ts-ignore: decorator\n@lazy\nlet a: i32;",
    'throw new OciError("tls", "no" + 1);',
    'const text = "a" + b;',
  ])
    assert.deepEqual(
      faultsOf(source).filter((text) => text !== 'const text = "" + b;'),
      [],
      source,
    );
});

test("mutation: AssemblyScript is read, too", () => {
  const source = "@inline\nexport function f(a: u32): bool { return <i32>a >> 1 == 0; }";
  assert.ok(faultsOf(source).includes(source.replace(">> 1", "<< 1")));
});

test("mutation: each named fault can be put in, and has a test", () => {
  for (const { title, file, from, test: path } of named) {
    const parts = readFileSync(join(root, file), "utf8").split(from);
    assert.equal(parts.length, 2, title);
    assert.ok(existsSync(join(root, path)), `${title}: ${path}`);
  }
});

test("mutation: without a fault, a source is what the build makes of it", () => {
  const sources = [...new Set(named.map(({ file }) => file))].filter((file) => file.startsWith("src/"));
  assert.ok(sources.length > 5);
  for (const file of sources) {
    const built = readFileSync(join(root, file.replace(/^src/, "dist").replace(/\.ts$/, ".js")), "utf8");
    assert.equal(compiled(file, readFileSync(join(root, file), "utf8")), built, file);
  }
});

test("mutation: each folder with sources has tests near it", () => {
  for (const folder of ["oci", "host", "deploy", "transform", "suites", "language", "wasm", "count"])
    assert.ok(testsOf(`src/${folder}/index.ts`).length > 0, folder);
  for (const folder of ["http", "context", "flow", "std", "runtime", "memory"])
    assert.ok(testsOf(`assembly/${folder}/index.ts`).length > 0, folder);
});

test("mutation: the tests come first that name what has the fault, or what calls it", () => {
  const source = "class A { b(): void { go(); } }\nfunction c(): void { go(); }";
  assert.deepEqual(namesAt(source, source.indexOf("go")), ["A", "b"]);
  assert.deepEqual(namesAt(source, source.lastIndexOf("go")), ["c"]);
  const near = new Nearness("assembly");
  const tests = testsOf("assembly/context/json-response.ts");
  for (const name of ["respondJson", "withJsonType"]) {
    const [first] = [...near.of(tests, [name])].sort(([, a], [, b]) => b - a);
    assert.deepEqual(first, ["tests/envoy/text-verbs.test.ts", 1], name);
  }
  assert.ok([...near.of(tests, ["isCalledNowhere"]).values()].every((value) => value === 0));
});
