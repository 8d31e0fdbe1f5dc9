/** What the build finds out about headers from the text of a filter: a guess may keep a check in the module, never drop one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { newParser } from "../../src/transform/compiler/compiler.js";
import { flagsOf } from "../../src/transform/source/header-flags.js";
import { findHeaderLiterals } from "../../src/transform/source/header-literals.js";

/** The flags for a filter that does `statement` in a callback, sorted. */
function flags(statement: string, declarations = ""): string {
  const parser = newParser();
  const text = `${declarations}
class Filter extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const headers = this.request.headers;
    ${statement};
    return FilterHeadersStatus.Continue;
  }
}`;
  parser.parseFile(text, "filter.ts", true);
  return flagsOf(findHeaderLiterals(parser.sources)).sort().join(" ");
}

const request = "this.request.headers";
const response = "this.response.headers";
const PLAIN = "PLAIN_FIELDS PLAIN_NAMES PLAIN_PSEUDO PLAIN_REMOVALS PLAIN_STATUSES";
const ALL_CHECKS = "CHECKS_AUTHORITY CHECKS_METHOD CHECKS_PATH CHECKS_SCHEME CHECKS_STATUS";
const UNKNOWN = `${ALL_CHECKS} PLAIN_REMOVALS`;

test("literals that are good leave no check in the module", () => {
  for (const statement of [
    "headers.set('x-a', '1')",
    `${request}.set(":path", "/a?b=c")`,
    `${request}.set(":authority", "a.example:80")`,
    `${request}.set("host", "a.example")`,
    `${request}.set(":scheme", "https")`,
    "headers.remove('x-a')",
    "headers.remove('te')",
    "map.set(1, 2, 3)",
    "this.response.body.replaceAll('a', 'b')",
  ])
    assert.equal(flags(statement), PLAIN, statement);
  assert.equal(flags("headers.set(NAME, NAME)", 'const NAME = "x-a";'), PLAIN);
});

test("a pseudo-header leaves its own check, where its value or its message is not known", () => {
  const with1 = (check: string): string => `CHECKS_${check} PLAIN_FIELDS PLAIN_NAMES PLAIN_REMOVALS`;
  assert.equal(flags('headers.set(":path", "/a")'), `${with1("PATH")} PLAIN_STATUSES`);
  assert.equal(
    flags(`${request}.set(":path", path)`),
    "CHECKS_PATH PLAIN_NAMES PLAIN_REMOVALS PLAIN_STATUSES",
  );
  assert.equal(flags(`${request}.set(":method", "POST")`), `${with1("METHOD")} PLAIN_STATUSES`);
  assert.equal(flags(`${response}.set(":status", "404")`), `${with1("STATUS")} PLAIN_STATUSES`);
  assert.equal(flags(`${response}.set(":status", "204")`), with1("STATUS"));
  assert.equal(flags('headers.set(":status", "999")'), with1("STATUS"));
  // "request" may be something else's here.
  for (const declaration of [
    "class Other { request: HttpResponse; }",
    "class Other { get request(): HttpResponse { return response; } }",
    "class Other { constructor(public request: HttpResponse) {} }",
  ])
    assert.equal(flags(`${request}.set(":path", "/a")`, declaration), `${with1("PATH")} PLAIN_STATUSES`);
});

test("whatever is not known, or is the host's own, leaves all checks", () => {
  for (const [statement, declarations] of [
    ["headers.set(name, '1')"],
    ["headers.add('content-length', '1')"],
    ["headers.set('Upgrade', 'x')"],
    ["headers.set('connection', 'close')"],
    ["headers.set('te', 'trailers')"],
    ["headers.set('host', 'a')"],
    [`${response}.set("host", "a")`],
    ["headers.add('host', 'a')"],
    ["headers.set(':foo', '1')"],
    ["headers.add(':path', '/')"],
    ["headers.set('x a', '1')"],
    ["const write = headers.set"],
    ["(headers.set)('x-a', '1')"],
    ["headers.set(NAME, '1')", 'let NAME = "x-a";'],
    ["headers.set(NAME, '1')", 'const NAME = "x-a"; function f(NAME: string): void {}'],
    ["headers.set(NAME, '1')", 'const NAME = "x-a"; function f(): void { const NAME = "te"; }'],
    ["headers.set(NAME, '1')", 'const NAME = "x-a"; namespace N { export const NAME = "te"; }'],
    ["headers.set(Names.a, '1')", 'class Names { static a: string = "x-a"; }'],
  ] as const) {
    const found = flags(statement, declarations);
    assert.equal(found, UNKNOWN, `${statement} ${declarations ?? ""}`);
  }
  assert.equal(
    flags("headers.set('x-a', '1')", 'import { write } from "proxy-wasm-as/assembly/http/header-writes";'),
    UNKNOWN,
  );
  assert.match(
    flags("headers.replaceAll(pairs)"),
    /^CHECKS_AUTHORITY CHECKS_METHOD CHECKS_PATH CHECKS_SCHEME CHECKS_STATUS /,
  );
});

test("a header whose removal is looked at keeps that check", () => {
  for (const [statement, declarations] of [
    ["headers.remove('x-forwarded-proto')"],
    ["headers.remove('X-Forwarded-Proto')"],
    ["headers.remove('content-length')"],
    ["headers.remove('transfer-encoding')"],
    ["headers.remove('connection')"],
    ["headers.remove('Upgrade')"],
    ["headers.remove('host')"],
    ["headers.remove(':path')"],
    ["headers.remove(name)"],
    ["const remove = headers.remove"],
    ["(headers.remove)('x-a')"],
    ["headers.remove(NAME)", 'const NAME = "x-a"; function f(): void { const NAME = "host"; }'],
  ] as const)
    assert.ok(
      !flags(statement, declarations).includes("PLAIN_REMOVALS"),
      `${statement} ${declarations ?? ""}`,
    );
});

test("a literal that is never right ends the build with its place and a remedy", () => {
  for (const [statement, reason] of [
    [
      `${response}.set(":status", "abc")`,
      /^filter\.ts:5:\d+: ":status" cannot be "abc"; give it a number from 200 to 599\.$/,
    ],
    [`${response}.set(":status", "199")`, /give it a number from 200 to 599/],
    [
      `${response}.set(":path", "/x")`,
      /a response cannot have ":path"; use ":status", or a name without ":"\.$/,
    ],
    [`${request}.set(":status", "200")`, /a request cannot have ":status"; use ":path", /],
    [`${request}.set(":protocol", "websocket")`, /a request cannot have ":protocol"/],
    [`${request}.set(":path", "a b")`, /":path" cannot be "a b"; give it a path that begins with "\/"/],
    [`${request}.set(":method", "G T")`, /":method" cannot be "G T"; give it a method/],
    [`${request}.set(":authority", "")`, /":authority" cannot be ""; give it a host/],
    [`${request}.set("Host", "a@b")`, /"host" cannot be "a@b"/],
    [`${request}.set(":scheme", "ftp")`, /give it http or https/],
    [`${request}.add(":path", "/")`, /a request has one ":path"; set it\.$/],
    [
      `this.request.trailers.set(":path", "/")`,
      /trailers cannot have ":path"; write it among the headers\.$/,
    ],
    [`${request}.set("x a", "1")`, /"x a" is no header name/],
    [`${request}.set("x-a", "1\\n2")`, /has a control character/],
    [`${request}.remove(":path")`, /":path" cannot be removed, because the host needs it.*set it instead\.$/],
    [`${request}.remove("x-forwarded-proto")`, /cannot be removed/],
    [`exchange.response.headers.set(":status", "0")`, /":status" cannot be "0"/],
  ] as const)
    assert.throws(() => flags(statement), { name: "BuildError", message: reason }, statement);
});
