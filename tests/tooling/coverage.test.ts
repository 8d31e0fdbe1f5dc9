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

/** What other SDKs for AssemblyScript were seen to do, and the tests that would fail here: file and title. */
const faults: readonly (readonly [fault: string, ...tests: (readonly [file: string, title: string])[]])[] = [
  ["host functions are missing", ["tooling/sources", "the SDK declares each host function of the ABI, once"]],
  ["reading a metric overwrites it", ["envoy/state", "metrics: counter, gauge, histogram and labels reach"]],
  [
    "gRPC has another number of parameters than the host's; trailing metadata never arrives",
    ["tooling/build-errors", "an import with another signature than the host's"],
    ["envoy/grpc", "a stream has metadata, messages both ways, an end, and can be cancelled"],
  ],
  ["`done()` does nothing", ["envoy/services", "a plugin that is replaced ends in its own time"]],
  ["a status of the host traps", ["statuses/statuses", "no status traps, and each is told"]],
  [
    "an unknown root id kills the VM",
    ["envoy/plugins", "a root id that nothing is registered for is refused"],
  ],
  [
    "`onLog`, `onDone` or `onDelete` of a plugin kill the VM",
    ["envoy/services", "an access logger sees each stream once"],
    ["envoy/services", "a service runs once, has timers"],
  ],
  [
    "headers that are not UTF-8 are altered",
    ["envoy/headers", "every byte from 0x80 to 0xFF survives both ways"],
    ["envoy/headers", "of all 256 bytes, those that a field may have"],
  ],
  [
    "absent, empty and failed are the same",
    ["envoy/headers", "absent, empty, repeated, upper-case and long ones"],
    ["statuses/statuses", "null, nothing and 1 MiB are what they are"],
  ],
  [
    "the parts of a property's path are joined wrongly",
    ["envoy/state", "properties: text, numbers and booleans"],
  ],
  [
    "a function is imported that no host of ABI 0.2.1 has",
    ["tooling/build-errors", "an import that the ABI does not have"],
  ],
  ["bodies cannot be changed", ["envoy/body", "and changes in every place, reach the upstream"]],
  [
    "one header costs ten calls and 54 allocations; a stream costs more the more are open",
    ["counts/counts", "costs what its golden file says"],
  ],
  [
    "the answer to a call comes for a stream that is gone, and acts on another",
    [
      "envoy/calls",
      "interleaved streams get their own answers, and those of a stream that is gone go to nobody",
    ],
    ["envoy/grpc", "calls that are answered in another order reach their own streams, or nobody"],
  ],
  [
    "a filter's code runs in the start section",
    ["tooling/build-errors", "a host call at module scope"],
    ["golden/examples", "imports and exports nothing that it does not use"],
  ],
  ["`env.abort` is imported", ["envoy/bugs", "a bug logs message, file, line and column"]],
  ["the README's filter does not build", ["tooling/docs", "compiles"]],
];

const folder = join(root, "tests/envoy");

/** How many names the modules of each test file import and export. */
const sizes = new Map<string, number>();

/** By what a module imports and exports: the test files that run such a module. */
async function coverage(): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".test.ts"))) {
    const text = readFileSync(join(folder, file), "utf8");
    for (const [entry] of text.matchAll(/tests\/envoy\/filters\/[a-z-]+\.ts/g)) {
      const module = new WebAssembly.Module(readFileSync(await compileFilter(entry, { optimized: true })));
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
  for (const [fault, ...tests] of faults)
    for (const [file, title] of tests)
      assert.ok(
        readFileSync(join(root, "tests", `${file}.test.ts`), "utf8").includes(title),
        `${fault}: ${title}`,
      );
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
## What other SDKs get wrong

Each fault seen in the other SDKs for AssemblyScript, and what would fail if it were here.

| fault | test |
| --- | --- |
${faults
  .map(([fault, ...tests]) => {
    const files = [...new Set(tests.map(([file]) => file))];
    return `| ${fault} | ${files.map((file) => `[${file}](../tests/${file}.test.ts)`).join(", ")} |`;
  })
  .join("\n")}

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
