/**
 * What each example imports, exports and weighs, exactly. After a change that is meant, `npm run golden` writes the
 * files anew; commit them with the reason.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildExample, exampleNames } from "../../scripts/build-examples.js";
import { root } from "../support/paths.js";

interface Golden {
  bytes: number;
  imports: string[];
  exports: string[];
}

const write = process.env["GOLDEN"] === "write";

async function measure(name: string): Promise<Golden> {
  const binary = readFileSync(await buildExample(name));
  const module = new WebAssembly.Module(binary);
  return {
    bytes: binary.length,
    imports: WebAssembly.Module.imports(module).map(({ module: from, name: what }) => `${from}.${what}`),
    exports: WebAssembly.Module.exports(module).map(({ name: what }) => what),
  };
}

for (const name of exampleNames()) {
  test(`examples/${name} has the imports, exports and size of its golden file`, async () => {
    const file = join(root, "tests", "golden", `${name}.json`);
    const actual = await measure(name);
    if (write) writeFileSync(file, `${JSON.stringify(actual, null, 2)}\n`);
    assert.ok(existsSync(file), `there is no ${file} yet: npm run golden`);
    assert.deepEqual(actual, JSON.parse(readFileSync(file, "utf8")));
    // What contains bugs is 600 to 1,000 bytes of it (docs/bugs.md), the budget of loops 150, texts that grow in place 500,
    // copies of headers, where several are read, 1,150; what resets a second response 350, and what asks for an answered request 200.
    const most = larger[name] ?? (isHeaderOnly(actual) ? 7.25 : reads.has(name) ? 32 : 28.5);
    assert.ok(actual.bytes <= most * 1024, `${actual.bytes} bytes are more than ${most} KB`);
  });
}

/** Examples that carry a tokenizer of HTML, rules that are read into classes, JSON beside a cache, or spans. */
const reads = new Set([
  ...["content-injection", "html-domain-rewrite", "opa", "rules", "tracing"],
]);

/** Those with a configuration class, cookies and hashes; with HTML and rules; with keys of issuers; with both, as a flow; a flow with a cache for all threads; one that asks upstreams again. */
const larger: Record<string, number> = {
  ...{ sessions: 33, "enable-recaptcha": 33, "jwt-auth": 53.5, "oidc-login": 77, "response-cache": 36.25, rules: 33.5 },
  "flow-retry-on-503": 28.75,
};

/** Whether an example has to do with headers alone: no configuration, bodies, state of others, calls or metrics. */
function isHeaderOnly({ imports, exports }: Golden): boolean {
  const needed = /memory_allocate|context_create|delete|request_headers|response_headers/;
  return (
    exports.filter((name) => name.startsWith("proxy_on_")).every((name) => needed.test(name)) &&
    imports.every((name) => /header_map_value|local_response|property|proxy_log|wasi|time/.test(name))
  );
}

test("hello is at most 5,500 bytes, and imports and exports nothing that it does not use", async () => {
  const { bytes, imports, exports } = await measure("hello");
  assert.ok(bytes <= 5500, String(bytes));
  assert.deepEqual(imports.toSorted(), [
    "env.proxy_add_header_map_value",
    "env.proxy_get_header_map_value",
    "env.proxy_replace_header_map_value",
    "env.proxy_send_local_response",
  ]);
  assert.deepEqual(exports.toSorted(), [
    "_initialize",
    "memory",
    "proxy_abi_version_0_2_1",
    "proxy_on_memory_allocate",
    "proxy_on_request_headers",
    "proxy_on_response_headers",
  ]);
});
