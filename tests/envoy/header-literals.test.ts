/**
 * The build leaves out what looks at names and values of headers where the texts of a filter say that all are good. Here is
 * every way to write one that the build cannot know, or knows to be bad: each module still looks.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";

/** Begins another header, were it written as it is. */
const evil = '"x-a: 1\\nx-evil"';

/** Statements that write a bad header, with `headers` of the response, and answer its status. */
const attempts: readonly (readonly [what: string, attempt: string, declarations?: string])[] = [
  ["a literal name", `headers.set(${evil}, "1")`],
  ["a literal value", `headers.add("x-value", "1\\nx-evil: 1")`],
  ["an escaped NUL in a value", `headers.set("x-value", "1\\0")`],
  ["an empty name", `headers.set("", "1")`],
  ["the name of a constant", `headers.set(NAME, "1")`, `const NAME = ${evil};`],
  [
    "a parameter with the name of a constant",
    `write(headers, ${evil})`,
    'const NAME = "x-good"; function write(headers: Headers, NAME: string): Status { return headers.add(NAME, "1"); }',
  ],
  [
    "a variable with the name of a constant",
    "write(headers)",
    `const NAME = "x-good"; function write(headers: Headers): Status { const NAME = ${evil}; return headers.add(NAME, "1"); }`,
  ],
  ["a variable", `headers.set(variable, "1")`, `let variable = "x-good"; variable = ${evil};`],
  ["a field", `headers.set(Names.bad, "1")`, `class Names { static readonly bad: string = ${evil}; }`],
  ["a name that is put together", `headers.set("x-a: 1" + "\\nx-evil", "1")`],
  ["a template as a name", "headers.set(`x-a: 1\\nx-evil`, '1')"],
  ["a choice of names", `headers.set(headerCount > 0 ? ${evil} : "x-a", "1")`],
  ["a name in parentheses", `headers.set((${evil}), "1")`],
  ["a name with its type", `headers.set(${evil} as string, "1")`],
  [
    "a name in a function",
    `write(headers, ${evil})`,
    'function write(headers: Headers, name: string): Status { return headers.add(name, "1"); }',
  ],
  [
    "a name in a method of the same name",
    `new Writer(headers).set(${evil}, "1")`,
    "class Writer { constructor(public headers: Headers) {} set(name: string, value: string): Status { return this.headers.set(name, value); } }",
  ],
  ["what says how long the body is", 'headers.set("Content-Length", "1")'],
  ["what says where the body ends", 'headers.add("transfer-encoding", "chunked")'],
  ["a pseudo-header a second time", 'headers.add(":status", "201")'],
  ["a pseudo-header's removal", 'headers.remove(":status")'],
  ["a pseudo-header's removal by name", "headers.remove(NAME)", 'const NAME = ":status";'],
  ["a pseudo-header with a bad name", `headers.set(":x\\nx-evil", "1")`],
];

function filter(index: number, attempt: string, declarations = ""): string {
  return `import { FilterHeadersStatus, Headers, HttpContext, Status, registerHttpFilter } from "proxy-wasm-as";
${declarations}
class Attempt extends HttpContext {
  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const headers = this.response.headers;
    if (${attempt} != Status.BadArgument) headers.set("x-wrong-${index}", "1");
    headers.set("x-tried-${index}", "1");
    return FilterHeadersStatus.Continue;
  }
}
registerHttpFilter<Attempt>();
`;
}

envoyTest(
  "header literals: whatever the build cannot know to be good is looked at, and refused",
  async (t) => {
    const filters = [];
    for (const [index, [, attempt, declarations]] of attempts.entries())
      filters.push({ wasm: await compileFilterText(filter(index, attempt, declarations)) });
    const upstream = await startUpstream(t);
    const envoy = await startEnvoy(t, { filters, upstream: upstream.port });
    const { status, headers, complete } = await request(envoy.port, { path: "/" });
    assert.deepEqual([status, complete], [200, true]);
    const names = headers.map(([name]) => name.toLowerCase());
    attempts.forEach(([what], index) => {
      assert.ok(names.includes(`x-tried-${index}`), `${what}: not tried`);
      assert.ok(!names.includes(`x-wrong-${index}`), `${what}: not refused`);
    });
    assert.deepEqual(
      names.filter((name) => /evil|x-value|x-a/.test(name)),
      [],
    );
  },
);

test("header literals: a module whose names and values are all good does without what looks at them", async () => {
  const bytes = async (attempt: string): Promise<number> => {
    const text = filter(0, attempt, 'const GOOD = "x-good"; let made = "x-good";');
    return readFileSync(await compileFilterText(text, { optimized: true })).length;
  };
  const literal = await bytes('headers.set("x-good", "x-good")');
  assert.equal(await bytes("headers.set(GOOD, GOOD)"), literal);
  // A path that is known to be one is as good as any other value, where the message is known.
  const path = await bytes('this.request.headers.set(":path", "/good")');
  // It has the guard against changes of a request that has been answered, of some bytes.
  assert.ok(path < literal + 150);
  assert.ok((await bytes('headers.set(":path", "/good")')) > path + 100);
  assert.ok((await bytes('this.request.headers.set(":path", made)')) > path + 100);
  assert.ok((await bytes('headers.set(made, "x-good")')) > literal + 300);
  assert.ok((await bytes('headers.set("x-good", made)')) > literal + 100);
  const removed = await bytes("headers.remove(GOOD)");
  assert.ok((await bytes("headers.remove(made)")) > removed + 300);
  assert.ok((await bytes('headers.remove("content-length")')) > removed + 300);
});
