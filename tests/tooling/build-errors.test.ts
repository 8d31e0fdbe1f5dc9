import assert from "node:assert/strict";
import { test } from "node:test";
import ProxyWasmTransform from "../../src/transform/index.js";
import { buildError, compileText } from "../support/compile.js";

/** A filter with `member` in its class, and `before` above the class; the member is in line 4, `before` in line 2. */
function filter(member: string, before = ""): string {
  return `import { FilterHeadersStatus, HttpContext, PluginContext, clock, registerHttpFilter, registerPlugin } from "proxy-wasm-as";
${before.replaceAll("\n", " ")}
class Mine extends HttpContext {
  ${member}
}
registerHttpFilter<Mine>();
`;
}

/** A request callback that runs `statement`. */
function onRequest(statement: string): string {
  return `onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus { ${statement} return 0; }`;
}

const errors: [what: string, source: string, message: string][] = [
  [
    "an import that the ABI does not have",
    filter(
      onRequest("proxy_frobnicate();"),
      '@external("env", "proxy_frobnicate") declare function proxy_frobnicate(): void;',
    ),
    'filter.ts:2:55: the import "env.proxy_frobnicate" is not part of Proxy-Wasm ABI 0.2.1, and a host would refuse the module. Remove it, or call what proxy-wasm-as offers for the purpose.',
  ],
  [
    "an import with another signature than the host's",
    filter(
      onRequest("proxy_done(1);"),
      '@external("env", "proxy_done") declare function proxy_done(a: i32): i32;',
    ),
    'filter.ts:2:49: the import "env.proxy_done" has the signature (i32) -> i32, but the host\'s is () -> i32; declare it so, or import it from "proxy-wasm-as/assembly/abi/imports".',
  ],
  [
    "an import that the standard library brings in",
    filter(onRequest("process.exit(1);")),
    '~lib/bindings/node.ts:5:19: the import "env.process.exit" is not part of Proxy-Wasm ABI 0.2.1, and a host would refuse the module. A filter cannot end the proxy; throw an Error to give up on a bug.',
  ],
  [
    "a host call at module scope",
    filter(onRequest("return <i32>started;"), "const started = clock.now();"),
    'filter.ts:2:17: "proxy_get_current_time_nanoseconds" is called at module scope, while the VM starts and a host allows nothing but logging; call it in onVmStart, in onConfigure or later.',
  ],
  [
    "a host call in a constructor that runs at module scope",
    filter(
      onRequest("return <i32>cache.at;"),
      "class Cache { at: u64 = clock.now(); } const cache = new Cache();",
    ),
    'filter.ts:2:54: "proxy_get_current_time_nanoseconds" is called at module scope, while the VM starts and a host allows nothing but logging; call it in onVmStart, in onConfigure or later.',
  ],
  [
    "nothing registered",
    'import { log } from "proxy-wasm-as";\nlog.info("hi");\n',
    "nothing is registered, so the module would do nothing: call registerHttpFilter<MyFilter>(), registerTcpFilter<MyFilter>() or registerPlugin<MyPlugin>() at the end of the entry file.",
  ],
  [
    "the same root id twice",
    filter(onRequest(""), 'registerPlugin<PluginContext>("a"); registerPlugin<PluginContext>("a");'),
    'filter.ts:2:37: the root id "a" is registered twice, the first is at filter.ts:2:1; give each plugin a root id of its own.',
  ],
  [
    "no root id twice",
    filter(onRequest(""), "registerPlugin<PluginContext>();"),
    "filter.ts:6:1: a second plugin is registered without a root id, the first is at filter.ts:2:1; give each plugin a root id of its own.",
  ],
  [
    "a callback with a wrong parameter",
    filter("onRequestHeaders(endOfStream: bool): FilterHeadersStatus { return 0; }"),
    "filter.ts:4:3: Mine.onRequestHeaders(endOfStream: bool): FilterHeadersStatus does not override onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus; declare it exactly so.",
  ],
  [
    "a callback with a wrong result",
    filter("onResponseHeaders(headerCount: u32, endOfStream: bool): void {}"),
    "filter.ts:4:3: Mine.onResponseHeaders(headerCount: u32, endOfStream: bool): void does not override onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus; declare it exactly so.",
  ],
  [
    "a callback whose name is misspelt",
    filter("onRequestHeader(headerCount: u32, endOfStream: bool): FilterHeadersStatus { return 0; }"),
    "filter.ts:4:3: nothing calls Mine.onRequestHeader; did you mean onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus?",
  ],
  [
    "a field that would silently take the place of a public member",
    filter("private readonly contextId: u32 = 7;"),
    "filter.ts:4:20: Mine.contextId would take the place of HttpContext.contextId, which this package needs; choose another name.",
  ],
  [
    "a method that has a public member's name, through a class between",
    filter("", "class Base extends HttpContext {}")
      .replace("Mine extends HttpContext", "Mine extends Base")
      .replace("  \n", "  reset(): void {}\n"),
    "filter.ts:4:3: Mine.reset would take the place of HttpContext.reset, which this package needs; choose another name.",
  ],
  [
    "a constructor's field that has a public member's name",
    filter("constructor(readonly plugin: string) { super(); }"),
    "filter.ts:4:24: Mine.plugin would take the place of HttpContext.plugin, which this package needs; choose another name.",
  ],
  [
    "an export that looks like a callback",
    filter(onRequest(""), "export function proxy_on_foo(): void {}"),
    'filter.ts:2:17: the export "proxy_on_foo" is not a callback of Proxy-Wasm ABI 0.2.1; rename it, or override a method of HttpContext or PluginContext.',
  ],
];

for (const [what, source, message] of errors) {
  test(`the build refuses ${what}`, async () => {
    assert.equal(await buildError(source), `FAILURE ${message}`);
  });
}

test("names that filters would choose are theirs", async () => {
  const names = [
    "id",
    "progress",
    "owner",
    "timers",
    "token",
    "state",
    "resume",
    "reply",
    "canAct",
    "isGone",
    "body",
  ];
  const fields = names.map((name) => `private ${name}: string = "x";`).join(" ");
  const uses = names.map((name) => `this.${name}.length`).join(" + ");
  const text = filter(`${fields} ${onRequest(`if (${uses} == 1) return 1;`)}`);
  assert.equal(await compileText(text), undefined);
  const plugin = text
    .replace("Mine extends HttpContext", "Mine extends PluginContext")
    .replace(/onRequestHeaders\([^)]*\): FilterHeadersStatus/, "onConfigure(configuration: string): bool")
    .replace("== 1) return 1; return 0;", "== 1) return true; return false;")
    .replace("registerHttpFilter<", "registerPlugin<");
  assert.equal(await compileText(plugin), undefined);
});

test("the build refuses a runtime that never frees memory", async () => {
  assert.equal(
    await buildError(filter(onRequest("")), { options: ["--runtime=stub"] }),
    'FAILURE the runtime "stub" never frees memory, so a proxy would run out of it; remove "runtime" from asconfig.json, or set "minimal" or "incremental".',
  );
});

test("the build refuses a configuration that does not extend the package's", async () => {
  const message = await buildError(filter(onRequest("")), { config: "none" });
  assert.match(message, /asconfig\.json must have "extends": "proxy-wasm-as\/asconfig\.json"/);
  assert.match(message, /FAILURE 1 compile error\(s\)$/);
});

test("the build refuses a compiler that is too old", () => {
  const options = { bundleMajorVersion: 0, bundleMinorVersion: 28, bundlePatchVersion: 8, runtime: 1 };
  const transform = Object.assign(Object.create(ProxyWasmTransform.prototype), { program: { options } });
  assert.throws(() => transform.afterParse({ sources: [] }), {
    message:
      "proxy-wasm-as needs AssemblyScript 0.28.9 or newer, this is 0.28.8: npm install --save-dev assemblyscript@0.28",
  });
});

test("an error in the user's source is the compiler's own", async () => {
  assert.match(
    await buildError(filter(onRequest("this.nope;"))),
    /TS2339: Property 'nope' does not exist[^]*in filter\.ts\(4,/,
  );
});
