/** What every example has: all parts of a package of its own, a configuration that Envoy accepts, and a place in the index. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { buildExample, exampleNames } from "../../scripts/build-examples.js";
import { found } from "../support/envoy.js";
import { root } from "../support/paths.js";

const names = exampleNames();
const folderOf = (name: string): string => join(root, "examples", name);
const skip = found.path === undefined ? found.reason : false;

test("each example is a package that can be copied out", () => {
  for (const name of names) {
    const parts = [
      "README.md",
      "asconfig.json",
      "assembly/index.ts",
      "assembly/tsconfig.json",
      "envoy.yaml",
      "package.json",
    ];
    for (const part of parts)
      assert.ok(existsSync(join(folderOf(name), part)), `examples/${name} has no ${part}`);
    assert.ok(readdirSync(join(folderOf(name), "test")).some((file) => file.endsWith(".test.js")));
    const manifest = JSON.parse(readFileSync(join(folderOf(name), "package.json"), "utf8")) as {
      name: string;
      scripts: Record<string, string>;
      devDependencies: Record<string, string>;
    };
    assert.equal(manifest.name, `${name}-filter`);
    assert.match(manifest.scripts["build"]!, new RegExp(`build/${name}\\.wasm`));
    // Node 22 and later take "node --test test/" for a file, Node 20 counts what is beside the tests.
    assert.equal(manifest.scripts["test"], "npm run build && proxy-wasm-as test");
    assert.deepEqual(Object.keys(manifest.devDependencies), ["assemblyscript", "proxy-wasm-as"]);
    assert.match(readFileSync(join(folderOf(name), "README.md"), "utf8"), /^## What to change$/m);
  }
});

test("examples import nothing of the package that is not for users", () => {
  for (const name of names) {
    const text = readFileSync(join(folderOf(name), "assembly", "index.ts"), "utf8");
    for (const [, from] of text.matchAll(/from "([^"]+)"/g))
      assert.match(
        from!,
        /^(proxy-wasm-as(\/assembly\/(std\/[\w-]+|flow|envoy))?|\.\/\w+)$/,
        `examples/${name}`,
      );
  }
});

test("the index names each example, and no others", () => {
  const index = readFileSync(join(root, "examples", "README.md"), "utf8");
  const linked = [...index.matchAll(/\]\(([a-z0-9-]+)\)/g)].map(([, name]) => name!);
  assert.deepEqual([...new Set(linked)].sort(), [...names].sort());
});

test("the catalog says of each example what the index says", () => {
  const index = readFileSync(join(root, "examples", "README.md"), "utf8");
  const shows = new Map<string, string>();
  for (const [, name, text] of index.matchAll(/^\| \[([a-z0-9-]+)\]\(\1\) *\| (.*?) *\|$/gm))
    if (!shows.has(name!)) shows.set(name!, text!);
  const catalog: unknown = JSON.parse(readFileSync(join(root, "examples", "catalog.json"), "utf8"));
  assert.deepEqual(
    catalog,
    [...shows].map(([name, text]) => ({ name, shows: text })),
  );
  assert.deepEqual([...shows.keys()].sort(), [...names].sort());
});

test("modules are small: 25 KB at most, 6 KB for those that only look at headers, 35 KB for flows and parsers, more for tokens of issuers", async () => {
  const headerOnly = [
    "add-request-header",
    "add-response-header",
    "docs-first-plugin",
    "hello",
    "normalize-header",
    "overwrite-errcode",
    "overwrite-header",
    "remove-cookie",
  ];
  // HTML, JSON within server-sent events beside a limit that all workers share, configurations beside caches, or spans.
  const parsers = [
    ...["ai-tokens", "content-injection", "enable-recaptcha", "html-domain-rewrite", "sessions"],
    ...["opa", "rules", "tracing"],
  ];
  // Keys of issuers, JSON, calls and a cache for all threads; a flow, forms, cookies and hashes beside them.
  const tokens: Record<string, number> = { "jwt-auth": 53.5, "oidc-login": 77, "response-cache": 36.25 };
  for (const name of names) {
    const { bytes } = JSON.parse(readFileSync(join(root, "tests", "golden", `${name}.json`), "utf8")) as {
      bytes: number;
    };
    const isLarge = name.startsWith("flow-") || parsers.includes(name);
    const most = tokens[name] ?? (headerOnly.includes(name) ? 6 : isLarge ? 35 : 25);
    assert.ok(bytes <= most * 1024, `examples/${name} has ${bytes} bytes`);
  }
});

test("Envoy accepts the envoy.yaml of each example", { skip }, async () => {
  for (const name of names) {
    await buildExample(name);
    const parameters = ["--mode", "validate", "-c", "envoy.yaml", "-l", "error"];
    await assert.doesNotReject(
      promisify(execFile)(found.path!, parameters, { cwd: folderOf(name) }),
      `examples/${name}/envoy.yaml`,
    );
  }
});
