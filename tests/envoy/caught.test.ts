/** What a filter throws and catches: the request goes on, and all others, too. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { criticalLines, startBuggy } from "../support/bugs.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest } from "../support/envoy.js";
import { request } from "../support/http.js";
import { processorTime } from "../support/processor-time.js";

/** Each kind of bug, and what is caught of it. */
const kinds: Readonly<Record<string, string>> = {
  throw: "Error: thrown",
  assert: "Error: asserted",
  index: "RangeError: Index out of range",
  typed: "RangeError: Index out of range",
  static: "RangeError: Index out of range",
  key: "Error: Key does not exist",
  null: "TypeError: Unexpected 'null' (not assigned or failed cast)",
  cast: "TypeError: invalid downcast",
  length: "RangeError: Invalid length",
  pop: "RangeError: Array is empty",
  unreachable: "Error: unreachable",
  divide: "RangeError: division by zero",
  remainder: "RangeError: division by zero",
  overflow: "RangeError: a quotient that is too large",
  deep: "Error: deep",
  lambda: "Error: in a function",
};

const compiler = createRequire(import.meta.url).resolve("assemblyscript/package.json");
const { version } = JSON.parse(readFileSync(compiler, "utf8")) as { version: string };
/** Compilers before 0.28.19 cannot leave a flow within `try`. */
const isOldCompiler = Number(version.split(".")[2]) < 19;

for (const target of ["release", "debug"] as const) {
  envoyTest(`what is thrown is caught in each callback (${target})`, async (t) => {
    const { envoy, upstream } = await startBuggy(t, "tests/envoy/filters/caught.ts", { target });
    const ask = (bug: string, body?: string) =>
      request(envoy.port, {
        headers: [["x-bug", bug]],
        ...(body !== undefined && { method: "POST", body }),
      });
    for (const [kind, text] of Object.entries(kinds)) {
      for (const stage of ["headers", "timer", "answer"]) {
        const response = await ask(`${kind}@${stage}`);
        assert.equal(`${response.status} ${String(response.body)}`, `200 ${text}`, `${kind}@${stage}`);
      }
      assert.equal(String((await ask(`${kind}@body`, "a body")).body), text, kind);
      const response = await ask(`${kind}@response`);
      assert.equal(Object.fromEntries(response.headers)["x-caught"], text, kind);
      assert.equal(Object.fromEntries(upstream.requests.at(-1).headers)["x-made"], "Error: thrown");
      await ask(`${kind}@log`);
      const message = text.slice(text.indexOf(" ") + 1);
      const nested = await ask(`${kind}@nested`);
      assert.equal(String(nested.body), `a a! b! ${message} last ended`, kind);
      assert.equal(String((await ask(`${kind}@finally`)).body), "left", kind);
    }
    for (const kind of ["throw", "index", "divide", "lambda"])
      assert.equal(String((await ask(`${kind}@many`)).body), String(2000 * kinds[kind]!.length), kind);
    await envoy.waitForLog((log) => Object.values(kinds).every((text) => log.includes(`caught ${text}`)));
    assert.deepEqual(criticalLines(envoy), []);

    for (const kind of ["throw", "index", "divide"]) {
      const before = criticalLines(envoy).length;
      assert.equal((await ask(`${kind}@again`)).status, 500);
      const [line, ...more] = criticalLines(envoy).slice(before);
      assert.deepEqual(more, []);
      assert.match(
        line!,
        /^abort: [\w ]+ at tests\/envoy\/filters\/bug-kinds\.ts:\d+:\d+ in onRequestHeaders/,
      );
    }
    for (const kind of ["loop", "recursion", "memory", "throw"]) {
      const before = processorTime(envoy.pid);
      assert.equal((await ask(`${kind}@lost`)).status, 500, kind);
      assert.ok(processorTime(envoy.pid) - before < 5000, `${kind} took long`);
      assert.match(criticalLines(envoy).at(-1), /without end|memory|in a callback/, kind);
    }
    for (let n = 0; n < 1000; n++) {
      const kind = Object.keys(kinds)[n % 16]!;
      const response = await ask(`${kind}@${["headers", "nested", "response"][n % 3]!}`);
      assert.equal(response.status, 200);
      if (n % 3 === 0) assert.equal(String(response.body), kinds[kind]);
    }
  });

  envoyTest(`what is thrown in flows is caught, whatever waits meanwhile (${target})`, async (t) => {
    if (isOldCompiler) {
      await assert.rejects(
        compileFilter("tests/envoy/filters/caught-flow.ts", { target }),
        /caught-flow\.ts:\d+:\d+: a flow waits within try, which takes AssemblyScript 0\.28\.19 or newer/,
      );
      return;
    }
    const { envoy } = await startBuggy(t, "tests/envoy/filters/caught-flow.ts", { target });
    for (let round = 0; round < 3; round++)
      await Promise.all(
        Object.entries(kinds).map(async ([kind, text]) => {
          const message = text.slice(text.indexOf(" ") + 1);
          const caught = `${message} ${message}200`;
          const response = await request(envoy.port, { headers: [["x-bug", kind]] });
          assert.equal(response.status, 200, kind);
          assert.equal(String(response.body), `t0 ${caught} f0 t1 ${caught} f1 t2 f2 t3 ${caught}`, kind);
        }),
      );
    for (let n = 0; n < 200; n++) {
      const refused = await request(envoy.port, { headers: [["x-refused", "1"]] });
      assert.equal(`${refused.status} ${String(refused.body)}`, "403 refused");
      const done = await request(envoy.port);
      assert.equal(Object.fromEntries(done.headers)["x-done"], "yes");
    }
    assert.deepEqual(criticalLines(envoy), []);
    assert.equal((await request(envoy.port, { headers: [["x-uncaught", "1"]] })).status, 500);
    assert.match(criticalLines(envoy).at(-1), /^abort: thrown at tests\/envoy\/filters\/bug-kinds\.ts:/);
  });
}
