/** Whatever way a filter is written, it does what it says, or the build says why not: none is silent. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { buildError, compileFilterText } from "../support/compile.js";
import { guardPrograms } from "./programs.js";
import { tryGuards } from "./try-guards.js";

// Every fourth of those that are combined, and all of several files; programs.long.test.ts tries all.
const programs = guardPrograms().filter(
  ({ files }, index) => index % 4 === 0 || Object.keys(files).length > 1,
);

test(`each of ${programs.length} ways to write a guard refuses all requests`, () => tryGuards(programs));

const head = `import { FailurePolicy, FilterHeadersStatus, HttpContext, PluginContext, TcpContext, registerHttpFilter, registerPlugin, registerTcpFilter } from "proxy-wasm-as";\n`;

const guard = (method: string): string =>
  `${head}class Guard extends HttpContext {\n  ${method}\n}\nregisterHttpFilter<Guard>();\n`;

const body = "(headerCount: u32, endOfStream: bool): FilterHeadersStatus { return this.respond(401); }";
const headers = "(headerCount: u32, endOfStream: bool): FilterHeadersStatus";

const refused: readonly [what: string, text: string, message: string | RegExp][] = [
  [
    "a class that overrides nothing",
    `${head}class Guard extends HttpContext {}\nregisterHttpFilter<Guard>();\n`,
    "filter.ts:3:1: Guard overrides no callback, so it would let everything pass; override onRequestHeaders, for instance.",
  ],
  [
    "a class that only says what becomes of bugs",
    `${head}class Guard extends HttpContext { onError(error: Error): FailurePolicy { return FailurePolicy.FailOpen; } }\nregisterHttpFilter<Guard>();\n`,
    "filter.ts:3:1: Guard overrides no callback, so it would let everything pass; override onRequestHeaders, for instance.",
  ],
  [
    "a class that only says that large bodies pass, and looks at none",
    `${head.replace("HttpContext,", "WholeBodyContext,")}class Guard extends WholeBodyContext { get passesLargeRequests(): bool { return true; } }\nregisterHttpFilter<Guard>();\n`,
    "filter.ts:3:1: Guard overrides no callback, so it would let everything pass; override onRequestHeaders, for instance.",
  ],
  [
    "a network filter that overrides nothing",
    `${head}class Guard extends TcpContext {}\nregisterTcpFilter<Guard>();\n`,
    "filter.ts:3:1: Guard overrides no callback, so it would let everything pass; override onNewConnection, for instance.",
  ],
  [
    "a plugin that overrides nothing",
    `${head}class Guard extends PluginContext {}\nregisterPlugin<Guard>();\n`,
    "filter.ts:3:1: Guard overrides no callback, so it would let everything pass; override onConfigure or createHttpContext, for instance.",
  ],
  [
    "a plugin whose streams override nothing",
    `${head}class Stream extends HttpContext {}\nclass Guard extends PluginContext { createHttpContext(): HttpContext { return new Stream(); } }\nregisterPlugin<Guard>();\n`,
    "filter.ts:4:1: what Guard makes overrides no callback, so it would let everything pass; override onRequestHeaders, for instance.",
  ],
  [
    "an abstract class that is registered",
    `${head}abstract class Guard extends HttpContext { onRequestHeaders${body} }\nregisterHttpFilter<Guard>();\n`,
    "filter.ts:3:1: Guard is abstract; register a class that extends it.",
  ],
  [
    "a registration that is not imported",
    `import { FilterHeadersStatus, HttpContext } from "proxy-wasm-as";\nclass Guard extends HttpContext { onRequestHeaders${body} }\nregisterHttpFilter<Guard>();\n`,
    'filter.ts:3:1: registerHttpFilter is not imported: import { registerHttpFilter } from "proxy-wasm-as";',
  ],
  [
    "a flow that is not imported",
    "registerFlow((x) => { x.respond(401); });\n",
    'filter.ts:1:1: registerFlow is not imported: import { registerFlow } from "proxy-wasm-as/assembly/flow";',
  ],
  [
    "a class without a field that its base class leaves to it",
    `${head}abstract class Base extends HttpContext { abstract limit: number; onRequestHeaders${headers} { return this.limit > 0 ? FilterHeadersStatus.Continue : this.respond(401); } }\nclass Guard extends Base {}\nregisterHttpFilter<Guard>();\n`,
    "filter.ts:3:7: Guard has no field limit, which Base leaves to it; give it one with a value, for example limit = … .",
  ],
  [
    "a stream whose constructor takes its plugin, without the plugin",
    `${head}class Guard extends HttpContext { constructor(private plug: PluginContext) { super(); } onRequestHeaders${body} }\nregisterHttpFilter<Guard>();\n`,
    "filter.ts:3:1: the constructor of Guard takes arguments, which a registration cannot give it; make it in a plugin's createHttpContext, new Guard(this), and register the plugin.",
  ],
  [
    "a plugin whose base class has a constructor that takes something",
    `${head}class Base extends PluginContext { constructor(n: i32) { super(); } }\nclass Guard extends Base { onConfigure(configuration: string): bool { return true; } }\nregisterPlugin<Guard>();\n`,
    "filter.ts:4:1: the constructor of Guard takes arguments, which a registration cannot give it; leave them out.",
  ],
  [
    "a plugin that makes contexts of both kinds",
    `${head}class Stream extends HttpContext { onRequestHeaders${body} }\nclass Connection extends TcpContext { onDone(): void {} }\nclass Guard extends PluginContext { createHttpContext(): HttpContext { return new Stream(); } createTcpContext(): TcpContext { return new Connection(); } }\nregisterPlugin<Guard>();\n`,
    "filter.ts:5:1: Guard makes contexts of both kinds, and the host does not say which one it wants: connections would pass unseen; register a plugin class of its own for each, or let createHttpContext answer null: HttpContext | null.",
  ],
  ...(
    [
      ["onHttpRequestHeaders", `onRequestHeaders${headers}`],
      ["onHttpRequestBody", "onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus"],
      ["onHttpResponseHeaders", `onResponseHeaders${headers}`],
      ["onHttpResponseTrailers", "onResponseTrailers(trailerCount: u32): FilterTrailersStatus"],
      ["onHttpStreamDone", "onDone(): void"],
      ["onRequestHeadrs", `onRequestHeaders${headers}`],
      ["onRequestHeader", `onRequestHeaders${headers}`],
      ["onRequstHeaders", `onRequestHeaders${headers}`],
      ["onRequestHaeders", `onRequestHeaders${headers}`],
      ["onResponseHeadersX", `onResponseHeaders${headers}`],
      ["onLogs", "onLog(): void"],
      ["on_request_headers", `onRequestHeaders${headers}`],
      ["on_http_request_headers", `onRequestHeaders${headers}`],
      ["OnHttpRequestHeaders", `onRequestHeaders${headers}`],
      ["onrequestheaders", `onRequestHeaders${headers}`],
    ] as const
  ).map(([name, right]): [string, string, string] => [
    `a method called ${name}`,
    guard(`${name}${body}`),
    `filter.ts:3:3: nothing calls Guard.${name}; did you mean ${right}?`,
  ]),
  [
    "a tick",
    guard("onTick(): void {}"),
    "filter.ts:3:3: nothing calls Guard.onTick; start a timer with this.every(milliseconds, (…) => …).",
  ],
  [
    "Go's start of a plugin",
    `${head}class Guard extends PluginContext {\n  onPluginStart(configuration: string): bool { return false; }\n}\nregisterPlugin<Guard>();\n`,
    "filter.ts:3:3: nothing calls Guard.onPluginStart; did you mean onConfigure(configuration: string): bool?",
  ],
  [
    "a plugin's callback in a stream",
    guard(`onConfigure(configuration: string): bool { return false; } onRequestHeaders${body}`),
    "filter.ts:3:3: nothing calls Guard.onConfigure; HttpContext has no such callback: call it, or give it another name.",
  ],
  [
    "a callback that no SDK has",
    guard(`onRainyDay(): void {} onRequestHeaders${body}`),
    "filter.ts:3:3: nothing calls Guard.onRainyDay; HttpContext has no such callback: call it, or give it another name.",
  ],
  [
    "a callback as a field",
    guard(`onRequestHeaders: i32 = 1;`),
    `filter.ts:3:3: Guard.onRequestHeaders is no method, so nothing calls it; declare it as onRequestHeaders${headers}.`,
  ],
  [
    "an alias of another type in the signature",
    `${head}type Count = i64;\nclass Guard extends HttpContext {\n  onRequestHeaders(headerCount: Count, endOfStream: bool): FilterHeadersStatus { return this.respond(401); }\n}\nregisterHttpFilter<Guard>();\n`,
    `filter.ts:4:3: Guard.onRequestHeaders(headerCount: Count, endOfStream: bool): FilterHeadersStatus does not override onRequestHeaders${headers}; declare it exactly so.`,
  ],
  [
    "a callback of the ABI by the user's own hand",
    `${head}export function proxy_on_request_headers(id: u32, count: u32, end: i32): i32 { return 0; }\n${guard(`onRequestHeaders${body}`).slice(head.length)}`,
    `filter.ts:2:17: the export "proxy_on_request_headers" would take the place of this package's, so that the filter's classes are not called; leave it out, or override a method of HttpContext or PluginContext.`,
  ],
  [
    "two registrations of one root id, by two names",
    `${head}import { registerHttpFilter as also } from "proxy-wasm-as";\nconst ID = "a";\nclass Guard extends HttpContext { onRequestHeaders${body} }\nregisterHttpFilter<Guard>(ID);\nalso<Guard>("a");\n`,
    'filter.ts:6:1: the root id "a" is registered twice, the first is at filter.ts:5:1; give each plugin a root id of its own.',
  ],
  [
    "a registration that nothing calls",
    `${head}class Guard extends HttpContext { onRequestHeaders${body} }\nexport function setUp(): void { registerHttpFilter<Guard>(); }\n`,
    "filter.ts:3:33: this is not called while the module starts, so the filter would let everything pass; call it at the top of the entry file, or of a file that the entry imports.",
  ],
  [
    "a trap at module scope",
    `${head}const parts = "a".split(",");\nconst second = parts[1];\n${guard(`onRequestHeaders${headers} { return this.respond(401, second); }`).slice(head.length)}`,
    /^this module traps while it starts, so no host would load it: Index out of range at .*:3:16 in module scope\. /,
  ],
  [
    "the clock at module scope",
    `${head}const date = new Date();\n${guard(`onRequestHeaders${body}`).slice(head.length)}`,
    /^filter\.ts:2:14: "proxy_get_current_time_nanoseconds" is called at module scope, .* call it in onVmStart, in onConfigure or later\.$/,
  ],
  ...(
    [
      [
        "RegExp",
        'new RegExp("ab".charAt(0))',
        /write new Regex\(pattern\) from proxy-wasm-as\/assembly\/std\/regex/,
      ],
      ["process", 'process.env["HOME"]', /there is no process: read what you need from the plugin's config/],
      ["setTimeout", "setTimeout(() => {}, 5)", /write this\.after\(milliseconds/],
      ["performance", "performance.now()", /write clock\.now\(\) of proxy-wasm-as, in nanoseconds/],
      ["URL", 'new URL("http://a/")', /import \{ Url, Query \} from "proxy-wasm-as\/assembly\/std\/url"/],
    ] as const
  ).map(([name, expression, message]): [string, string, RegExp] => [
    `${name} at module scope`,
    `${head}const value = ${expression};\n${guard(`onRequestHeaders${body}`).slice(head.length)}`,
    new RegExp(`${message.source}[^]*in filter\\.ts\\(2,1[59]\\)`),
  ]),
];

for (const [what, text, message] of refused) {
  test(`the build refuses ${what}`, async () => {
    const said = (await buildError(text)).replace(/^FAILURE /, "");
    if (typeof message === "string") assert.equal(said, message);
    else assert.match(said, message);
  });
}

test("two registrations of one root id that only run time shows: no configuration is accepted", async () => {
  const text = `${head}class Guard extends HttpContext { onRequestHeaders${body} }\nregisterHttpFilter<Guard>("a" + "b");\nregisterHttpFilter<Guard>("ab");\n`;
  const wasm = await compileFilterText(text);
  await assert.rejects(createHost({ wasm, rootId: "ab" }), /two plugins are registered for root_id "ab"/);
});

test("a context that was made before is refused with 500 and a line in the log", async () => {
  const text = `${head}class Pool extends PluginContext {\n  private readonly one: Guard = new Guard();\n  createHttpContext(): HttpContext { return this.one; }\n}\nclass Guard extends HttpContext { onResponseHeaders${headers} { this.response.headers.set("x-guard", "1"); return 0; } }\nregisterPlugin<Pool>();\n`;
  const host = await createHost({ wasm: await compileFilterText(text), upstream: "echo" });
  for (let i = 0; i < 3; i++) {
    const { status, logs } = await host.request({ path: "/" });
    assert.equal(status, 500);
    assert.match(
      logs.map(({ message }) => message).join("\n"),
      /createHttpContext answered a context that it did not make/,
    );
  }
});

test("a constructor that calls the host only when it is told to may run at module scope", async () => {
  const text = `import { FilterHeadersStatus, HttpContext, clock, registerHttpFilter } from "proxy-wasm-as";\nclass Timed { at: u64 = 0; constructor(now: bool) { if (now) this.at = clock.now(); } }\nconst timed = new Timed(false);\nclass Guard extends HttpContext { onRequestHeaders${headers} { return this.respond(401 + <u32>timed.at); } }\nregisterHttpFilter<Guard>();\n`;
  const host = await createHost({ wasm: await compileFilterText(text), upstream: "echo" });
  assert.equal((await host.request({ path: "/" })).status, 401);
});

test("a build whose module imports its memory is refused", async () => {
  assert.equal(
    await buildError(guard(`onRequestHeaders${body}`), { options: ["--importMemory"] }),
    "FAILURE the module imports its memory, which Envoy provides and other hosts do not; remove importMemory from asconfig.json.",
  );
});

test("a build in which bugs end the VM refuses onError", async () => {
  const text = `${head}class Guard extends HttpContext {
  onError(error: Error): FailurePolicy { return FailurePolicy.FailOpen; }
  onRequestHeaders${body}
}
registerHttpFilter<Guard>();
`;
  const message = await buildError(text, { options: ["--use", "PROXY_WASM_TRAPS=1"] });
  assert.match(
    message,
    /filter\.ts:3:3: nothing calls Guard\.onError in a build with PROXY_WASM_TRAPS, in which a bug ends the VM; remove one of the two\./,
  );
});
