/**
 * docs/abi-coverage.md: for each host function and callback, the tests in a real Envoy whose filter has it, and the test of
 * its failures. Found in the compiled filters, so that a row cannot be out of date. `COVERAGE=write` writes it.
 */
import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { format, resolveConfig } from "prettier";
import { callbacks, formatSignature, hostFunctions } from "../../src/abi.js";
import { compileFilter } from "../support/compile.js";
import { root } from "../support/paths.js";

/** What no filter of this package exports, and why. */
const without = new Map([
  ["proxy_on_foreign_function", "nothing in Envoy calls it; tests/statuses does"],
  ["envoy_on_resolve_dns", "needs an import that other hosts do not have; not offered"],
  [
    "envoy_on_stats_update",
    "stat sinks are not offered: the block that Envoy 1.40 hands over has wrong sizes",
  ],
]);

const folder = join(root, "tests/envoy");

/** How many names the modules of each test file import and export. */
const sizes = new Map<string, number>();

/** By what a module imports and exports: the test files that run such a module. */
async function coverage(): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".test.ts"))) {
    const text = readFileSync(join(folder, file), "utf8");
    for (const [entry] of text.matchAll(/tests\/envoy\/filters\/[a-z-]+\.ts/g)) {
      const module = new WebAssembly.Module(readFileSync(await compileFilter(entry)));
      const names = [...WebAssembly.Module.imports(module), ...WebAssembly.Module.exports(module)];
      sizes.set(file, (sizes.get(file) ?? 0) + names.length);
      for (const { name } of names) {
        if (!found.has(name)) found.set(name, new Set());
        found.get(name)!.add(file);
      }
    }
  }
  return found;
}

function row(name: string, signature: string, files: ReadonlySet<string> | undefined, other: string): string {
  const links = [...(files ?? [])]
    .sort()
    .map((file) => `[${file.replace(".test.ts", "")}](../tests/envoy/${file})`);
  return `| \`${name}\` | \`${signature}\` | ${links.join(", ") || without.get(name)} | ${other} |`;
}

test("docs/abi-coverage.md links each host function and callback to its tests", async () => {
  const found = await coverage();
  for (const name of [...hostFunctions.keys(), ...callbacks.keys()])
    assert.ok(found.has(name) !== without.has(name), `${name} has no test in Envoy, or is said to have none`);
  const statuses = "[statuses](../tests/statuses/statuses.test.ts)";
  const page = `# ABI coverage

Every host function and callback of Proxy-Wasm ABI 0.2.1, with the tests whose filter imports or exports it and runs in a real
Envoy 1.40, at most four of them. \`tests/statuses\` drives each host function with every status, known and unknown, and with empty, missing and large
values. Which call works in which callback is in [Host calls](host-calls.md). Written by \`tests/tooling/coverage.test.ts\`.

## Host functions

| function | signature | in Envoy | failures |
| --- | --- | --- | --- |
${[...hostFunctions].map(([name, signature]) => row(name, formatSignature(signature), found.get(name), statuses)).join("\n")}

## Callbacks

| callback | signature | in Envoy | |
| --- | --- | --- | --- |
${[...callbacks].map(([name, signature]) => row(name, formatSignature(signature), found.get(name), "")).join("\n")}
`;
  const path = join(root, "docs/abi-coverage.md");
  const text = await format(page, { ...(await resolveConfig(path)), filepath: path });
  if (process.env["COVERAGE"] === "write") writeFileSync(path, text);
  assert.ok(
    readFileSync(path, "utf8") === text,
    "it differs: COVERAGE=write npx tsx --test tests/tooling/coverage.test.ts",
  );
});
