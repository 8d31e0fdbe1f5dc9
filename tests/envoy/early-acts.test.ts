/**
 * Filters that use their stream while its context is made, before there is anything of it. One that decides by what it then reads
 * would let every request pass, so each of these answers 500, and says why.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";

const names = "FilterHeadersStatus, HttpContext, PluginContext, property, registerHttpFilter, registerPlugin";
const head = `import { ${names} } from "proxy-wasm-as";\nimport { attributes } from "proxy-wasm-as/assembly/envoy";\n`;
const callback = `onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus { return this.blocked ? this.respond(401) : FilterHeadersStatus.Continue; }`;

/** A filter with a field, and what else stands in its class; `before` stands before it. */
const guard = (field: string, more = "", before = ""): string =>
  `${head}${before}class Guard extends HttpContext {\n  private blocked: bool = ${field};\n  ${more}\n  ${callback}\n}\nregisterHttpFilter<Guard>();\n`;
const made = (body: string, more = "", before = ""): string =>
  guard("false", `constructor() { super(); ${body} }\n  ${more}`, before);

const early: readonly (readonly [what: string, text: string])[] = [
  ["a header in a field's initial value", guard('this.request.headers.get("x-bad") !== null')],
  ["a header in a constructor", made('this.blocked = this.request.headers.equals("x-bad", "1");')],
  ["whether a header is there", guard('this.request.headers.has("x-bad")')],
  ["the path", guard('this.request.path == "/"')],
  ["all headers", guard("this.request.headers.entries().length > 3")],
  ["a header of the response", guard('this.response.headers.get("x-bad") !== null')],
  ["a method", guard("this.isBad()", 'isBad(): bool { return this.request.headers.has("x-bad"); }')],
  [
    "a function",
    guard(
      "isBad(this)",
      "",
      'function isBad(stream: HttpContext): bool { return stream.request.headers.has("x-bad"); }\n',
    ),
  ],
  [
    "a base class",
    guard("false", "", "")
      .replace("extends HttpContext", "extends Base")
      .replace(
        "class Guard",
        'abstract class Base extends HttpContext { protected readonly bad: string | null = this.request.headers.get("x-bad"); }\nclass Guard',
      ),
  ],
  [
    "a function that a constant holds",
    guard(
      "isBad(this)",
      "",
      'const isBad = (stream: HttpContext): bool => stream.request.headers.has("x-bad");\n',
    ),
  ],
  [
    "another object's constructor",
    guard(
      "new Check(this).isBad",
      "",
      'class Check { isBad: bool; constructor(stream: HttpContext) { this.isBad = stream.request.headers.has("x-bad"); } }\n',
    ),
  ],
  [
    "a function in a list",
    guard(
      "checks[0](this)",
      "",
      'const checks: ((stream: HttpContext) => bool)[] = [];\nchecks.push((stream: HttpContext): bool => stream.request.headers.has("x-bad"));\n',
    ),
  ],
  ["a getter", guard("this.isBad", 'get isBad(): bool { return this.request.headers.has("x-bad"); }')],
  ["a response", made("this.respond(401);")],
  ["a response of bytes", made("this.respondBytes(401, new Uint8Array(1));")],
  ["a reset", made("this.reset();")],
  ["a header that is set", made('this.request.headers.set("x-good", "1");')],
  ["a header that is removed", made('this.request.headers.remove("x-bad");')],
  ["a body", guard("this.request.body.size > 0")],
  ["a property of the request", guard('property.text(["request", "path"]) == "/"')],
  ["an attribute of the request", guard('attributes.request.path() == "/"')],
  [
    "where a plugin makes the context",
    `${head}class Guard extends HttpContext {\n  constructor(private blocked: bool) { super(); }\n  ${callback}\n}\nclass Plugin extends PluginContext {\n  createHttpContext(): HttpContext { return new Guard(attributes.request.path() == "/"); }\n}\nregisterPlugin<Plugin>();\n`,
  ],
];

const said = /constructor and its fields' initial values cannot use its request or response/;

for (const [what, text] of early) {
  test(`what a filter reads or does too early fails its request: ${what}`, async () => {
    const host = await createHost({ wasm: await compileFilterText(text), mayFail: true, upstream: "echo" });
    for (let i = 0; i < 2; i++) {
      const response = await host.request({ path: "/", headers: { "x-bad": "1" } });
      assert.equal(response.status, 500);
    }
    assert.match(host.errors[0]!, said);
    // A call without arguments has no room for its place.
    if (!text.includes("attributes.request.path()")) assert.match(host.errors[0]!, /filter\.ts:\d+:\d+/);
  });
}

envoyTest("what a filter reads or does too early fails its request in Envoy", async (t) => {
  const upstream = await startUpstream(t);
  // Each was seen in Envoy once; here is one of each kind, since each takes an Envoy of its own.
  for (const [what, text] of early.filter((_, index) => index % 6 === 0)) {
    const wasm = await compileFilterText(text);
    const envoy = await startEnvoy(t, { filters: [{ wasm }], upstream: upstream.port });
    for (let i = 0; i < 2; i++)
      assert.equal((await request(envoy.port, { headers: [["x-bad", "1"]] })).status, 500, what);
    assert.match(envoy.log, said, what);
    await envoy.stop();
  }
});

test("a filter whose constructor uses nothing of its stream carries no guard against it", async () => {
  const text = guard("Date.now() == 1").replace(
    "return this.blocked",
    'if (this.request.headers.has("x-bad")) this.blocked = true;\n return this.blocked',
  );
  const host = await createHost({ wasm: await compileFilterText(text), upstream: "echo" });
  assert.equal((await host.request({ path: "/" })).status, 200);
  assert.equal((await host.request({ path: "/", headers: { "x-bad": "1" } })).status, 401);
});
