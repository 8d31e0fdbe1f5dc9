import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { request } from "../support/http.js";
import { root } from "../support/paths.js";

const file = "tests/envoy/filters/bugs.ts";
const lines = readFileSync(join(root, file), "utf8").split("\n");

/** `file:line:column` of a text in the filter's source. */
function placeOf(text: string): string {
  const line = lines.findIndex((l) => l.includes(text));
  return `${file}:${line + 1}:${lines[line]!.indexOf(text) + 1}`;
}

const bugs: [path: string, message: string][] = [
  ["/unreachable", `abort: unreachable at ${placeOf("unreachable();")}`],
  ["/assert", `abort: no headers expected at ${placeOf("assert(")}`],
  ["/bounds", "abort: Index out of range at ~lib/array.ts:"],
  ["/throw", `abort: thrown on größe at ${placeOf('throw new Error("thrown')}`],
  [
    "/null",
    `abort: Unexpected 'null' (not assigned or failed cast) at ${placeOf('this.request.headers.get("x-none")')}`,
  ],
  ["/long", "abort: long long long "],
];

for (const target of ["release", "debug"] as const) {
  envoyTest(
    `without exceptions, a bug logs message, file, line and column at critical level before the trap (${target})`,
    async (t) => {
      const wasm = await compileFilter(file, { target, options: ["--use", "PROXY_WASM_TRAPS=1"] });
      // A VM with a trap is gone; each bug has an Envoy filter, and so a VM, of its own.
      for (const [path, message] of bugs) {
        const envoy = await startEnvoy(t, { filters: [{ wasm, vmId: path }] });
        assert.equal((await request(envoy.port)).status, 200);
        assert.equal((await request(envoy.port, { path })).status, 503);
        const log = envoy.wasmLogs.find(({ level }) => level === "critical")!;
        assert.equal(log.message.slice(0, message.length), message);
        assert.match(log.message, / at [^ ]+\.ts:\d+:\d+$/);
      }
    },
  );
}
