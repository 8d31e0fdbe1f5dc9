import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { test } from "node:test";
import { root } from "../support/paths.js";

/** Each folder imports only from itself and from those before it. */
const sdkLayers = [
  "abi",
  "memory",
  "codec",
  "runtime",
  "services",
  "http",
  "context",
  "flow",
  "callbacks",
  "envoy",
  "std",
  "language",
];

/** Folders of the tooling, and which others each may import from. */
const toolingFolders: Readonly<Record<string, readonly string[]>> = {
  wasm: [],
  places: ["wasm", "language"],
  schema: ["language"],
  transform: ["language", "schema", "wasm"],
  language: ["transform"],
  envoy: [],
  host: ["wasm"],
  coverage: ["count", "language", "places", "wasm"],
  replay: ["host", "wasm"],
  testing: ["coverage", "host", "places", "replay"],
  suites: ["envoy", "testing", "host"],
  hosts: ["host"],
  inspect: ["host", "hosts", "wasm"],
  count: ["host", "inspect", "wasm"],
  pages: ["count", "host", "hosts", "inspect", "places", "testing"],
  oci: [],
  deploy: [],
  cli: [
    ...[
      "envoy",
      "host",
      "hosts",
      "inspect",
      "count",
      "suites",
      "testing",
      "oci",
      "deploy",
      "places",
      "schema",
      "pages",
    ],
    "coverage",
    "replay",
  ],
};

/** The relative imports of each file below `folder`, as paths below it. */
function importsBelow(folder: string): { file: string; target: string }[] {
  const found: { file: string; target: string }[] = [];
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => name.endsWith(".ts"))) {
    const text = readFileSync(join(root, folder, file), "utf8");
    for (const [, path] of text.matchAll(/(?:from|import) "(\.[^"]+)"/g))
      found.push({ file, target: posix.normalize(`${dirname(file)}/${path!}`) });
  }
  return found;
}

const folderOf = (path: string): string => path.split("/")[0]!;

test("assembly: each layer imports from itself and from those below it only", () => {
  const seen = new Set<string>();
  for (const { file, target } of importsBelow("assembly")) {
    if (!file.includes("/")) continue; // index.ts offers what all layers have
    const from = sdkLayers.indexOf(folderOf(file));
    const to = sdkLayers.indexOf(folderOf(target));
    assert.ok(from >= 0, `assembly/${file} is in no layer; add its folder to the list`);
    assert.ok(to >= 0 && to <= from, `assembly/${file} imports ${target}, which is not below it`);
    seen.add(folderOf(file));
  }
  assert.deepEqual([...seen].sort(), sdkLayers.filter((layer) => layer !== "abi" || seen.has("abi")).sort());
});

test("assembly: memory is read and written in memory/, at the ABI's edge, in language/, in flow's stacks and std's parsers only", () => {
  const allowed =
    /^(memory|codec|abi|language|std\/(config|edit|encoding|form|hash|html|json|limit|multipart|regex|sse))\/|^flow\/stack\.ts$/;
  const offenders = readdirSync(join(root, "assembly"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts") && !allowed.test(file))
    .filter((file) => /\b(load|store|changetype)</.test(readFileSync(join(root, "assembly", file), "utf8")));
  assert.deepEqual(offenders, []);
});

test("assembly: headers are written by filters only, as the transform looks at their calls alone", () => {
  for (const file of readdirSync(join(root, "assembly"), { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts")) continue;
    const code = readFileSync(join(root, "assembly", file), "utf8").replace(/\/\*[^]*?\*\/|\/\/.*/g, "");
    assert.doesNotMatch(code, /(?<!`)\b(headers|trailers)\s*\.(set|add|remove)\(/i, `assembly/${file}`);
  }
});

test("src: each folder imports from itself, the files beside it, and what it is allowed to", () => {
  for (const { file, target } of importsBelow("src")) {
    if (!file.includes("/") || !target.includes("/")) continue;
    const allowed = toolingFolders[folderOf(file)];
    assert.ok(allowed !== undefined, `src/${file} is in no known folder; add it to the list`);
    const to = folderOf(target);
    assert.ok(to === folderOf(file) || allowed.includes(to), `src/${file} imports ${target}`);
  }
});

/** The files that know each other by nature, each group with its reason. */
const circles: readonly (readonly string[])[] = [
  // A plugin makes streams, and a stream has its plugin.
  [
    "assembly/context/context.ts",
    "assembly/context/http-context.ts",
    "assembly/context/plugin-context.ts",
    "assembly/context/tcp-context.ts",
  ],
  // A plugin of flows makes exchanges, and an exchange gives its handler the plugin.
  ["assembly/flow/exchange.ts", "assembly/flow/plugin.ts"],
];

/** Groups of files that import each other, directly or by others. Of the tooling, what only types are taken from does not count. */
function circlesBelow(folder: string): string[][] {
  const imports = new Map<string, Set<string>>();
  for (const file of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts") || file.endsWith(".d.ts")) continue;
    const targets = new Set<string>();
    const text = readFileSync(join(root, folder, file), "utf8");
    for (const [, path] of text.matchAll(/^(?:import|export) (?!type\b)(?:[^;]*? from )?"(\.[^"]+)"/gm))
      targets.add(`${posix.normalize(`${dirname(file)}/${path!}`).replace(/\.js$/, "")}.ts`);
    imports.set(file.replaceAll("\\", "/"), targets);
  }
  const reached = (from: string): Set<string> => {
    const seen = new Set<string>();
    const waiting = [from];
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop())
      for (const target of imports.get(file) ?? [])
        if (!seen.has(target)) {
          seen.add(target);
          waiting.push(target);
        }
    return seen;
  };
  const all = new Map([...imports.keys()].map((file) => [file, reached(file)]));
  const groups = new Map<string, string[]>();
  for (const [file, others] of all) {
    if (!others.has(file)) continue;
    const group = [...others].filter((other) => all.get(other)?.has(file) === true).sort();
    groups.set(
      group.join(),
      group.map((name) => `${folder}/${name}`),
    );
  }
  return [...groups.values()];
}

test("files import each other in those circles only that are listed with a reason", () => {
  assert.deepEqual(["assembly", "src"].flatMap(circlesBelow).sort(), circles);
});

const LONG = 300;

/** The files of more than 300 lines, each with the reason why it is one. */
const longFiles: Readonly<Record<string, string>> = {
  "assembly/context/http-context.ts": "one class that users extend; half of it is what its methods promise",
  "assembly/envoy/attributes.ts": "one list, without logic, of what Envoy's documentation lists",
  "assembly/memory/heap.ts": "one heap: its functions assign the same variables, which only one file can",
  "assembly/std/regex/compiler.ts":
    "one pass over a pattern: its functions assign the state of the same group",
  "src/language/forms/objects.ts":
    "one form: literals of classes, tables and shapes are taken apart and put together alike",
};

test("files of more than 300 lines are those that are listed with a reason", () => {
  const files = ["assembly", "src"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => `${folder}/${file.replaceAll("\\", "/")}`),
  );
  const long = files.filter((file) => readFileSync(join(root, file), "utf8").split("\n").length - 1 > LONG);
  assert.deepEqual(long.sort(), Object.keys(longFiles).sort());
  for (const [file, reason] of Object.entries(longFiles)) assert.match(reason, /\w+ \w+/, file);
});
