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

/** How many tests a row names: those whose filters have least besides. */
const MOST_LINKS = 3;

function row(name: string, signature: string, files: ReadonlySet<string> | undefined): string {
  const links = [...(files ?? [])]
    .sort((a, b) => sizes.get(a)! - sizes.get(b)! || a.localeCompare(b))
    .slice(0, MOST_LINKS)
    .map((file) => `[${file.replace(".test.ts", "")}]`);
  return `| \`${name}\` | \`${signature}\` | ${links.join(", ") || without.get(name)} |`;
}

test("docs/abi-coverage.md links each host function and callback to its tests", async () => {
  const found = await coverage();
  for (const name of [...hostFunctions.keys(), ...callbacks.keys()])
    assert.ok(found.has(name) !== without.has(name), `${name} has no test in Envoy, or is said to have none`);
  const rows = (names: typeof hostFunctions): string =>
    [...names].map(([name, signature]) => row(name, formatSignature(signature), found.get(name))).join("\n");
  const tables = `## Host functions

| function | signature | in Envoy |
| --- | --- | --- |
${rows(hostFunctions)}

## Callbacks

| callback | signature | in Envoy |
| --- | --- | --- |
${rows(callbacks)}
`;
  const named = new Set([...tables.matchAll(/\[([a-z-]+)\]/g)].map(([, file]) => file!));
  const page = `# ABI coverage

Every host function and callback of Proxy-Wasm ABI 0.2.1, with tests whose filter imports or exports it and runs in a real
Envoy 1.40: of those that do, the up to three most specific ones. Besides, [statuses](../tests/statuses/statuses.test.ts)
drives each host function with every status, known and unknown, and with empty, missing and large values. Which call works in which
callback is in [Host calls](host-calls.md). Written by \`tests/tooling/coverage.test.ts\`.

${tables}
${[...named]
  .sort()
  .map((file) => `[${file}]: ../tests/envoy/${file}.test.ts`)
  .join("\n")}
`;
  const path = join(root, "docs/abi-coverage.md");
  const text = await format(page, { ...(await resolveConfig(path)), filepath: path });
  if (process.env["COVERAGE"] === "write") writeFileSync(path, text);
  assert.ok(
    readFileSync(path, "utf8") === text,
    "it differs: COVERAGE=write npx tsx --test tests/tooling/coverage.test.ts",
  );
});
