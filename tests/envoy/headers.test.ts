import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { Envoy } from "../../src/envoy/index.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import type { EchoUpstream } from "../../src/echo.js";
import type { RawResponse } from "../support/http.js";
import { request } from "../support/http.js";

interface Setting {
  envoy: Envoy;
  upstream: EchoUpstream;
}

type Pairs = [name: string, value: string][];

/** What the upstream answers with. */
let responseHeaders: Pairs = [];

async function start(t: TestContext, target: "release" | "debug" = "release"): Promise<Setting> {
  const wasm = await compileFilter("tests/envoy/filters/headers.ts", { target });
  const upstream = await startUpstream(t, (_, response) => {
    response.writeHead(200, responseHeaders.flat());
    response.end("fine");
  });
  return { upstream, envoy: await startEnvoy(t, { filters: [{ wasm }], upstream: upstream.port }) };
}

interface Outcome {
  response: RawResponse;
  /** What the filter logged. */
  log: string[];
  /** The headers that reached the upstream, those whose name begins with `x-` and no command or addition of Envoy's. */
  upstream: Pairs | undefined;
}

/** Sends a request whose headers the filter treats as `commands` say. */
async function send(
  { envoy, upstream }: Setting,
  commands: string[],
  headers: Pairs = [],
  where = "x-do",
): Promise<Outcome> {
  const before = { logs: envoy.wasmLogs.length, requests: upstream.requests.length };
  const response = await request(envoy.port, { headers: [...headers, [where, commands.join(";")]] });
  await envoy.waitForLog(() => envoy.wasmLogs.length >= before.logs + commands.length);
  const seen = upstream.requests[before.requests]?.headers as Pairs | undefined;
  return {
    response,
    log: envoy.wasmLogs.slice(before.logs).map(({ message }) => message),
    upstream: seen?.filter(([name]) => /^x-(?!do|forwarded-proto|request-id|envoy)/.test(name)),
  };
}

envoyTest("headers: absent, empty, repeated, upper-case and long ones are read as they are", async (t) => {
  const setting = await start(t);
  const long = "0123456789abcdef".repeat(512);
  const headers: Pairs = [
    ["x-empty", ""],
    ["x-three", "a"],
    ["x-three", ""],
    ["X-Three", "c"],
    ["x-long", long],
  ];
  const commands = [
    ...["get|x-none", "has|x-none", "equals|x-none|", "getAll|x-none", "getBytes|x-none"],
    ...["get|x-empty", "has|x-empty", "equals|x-empty|", "getAll|x-empty", "getBytes|x-empty"],
    ...["get|X-THREE", "getAll|X-Three", "equals|x-three|a", "equals|x-three|c", "getBytes|x-three"],
    ...["copy|x-long|x-copy", "copyBytes|x-long", "byteLength"],
  ];
  const { log, upstream = [] } = await send(setting, commands, headers);
  assert.deepEqual(log, [
    ...["get x-none null !1", "has x-none false !1", "equals x-none false !1", "getAll x-none []"],
    ...["getBytes x-none null !1", "get x-empty []", "has x-empty true", "equals x-empty true"],
    ...["getAll x-empty []", "getBytes x-empty <>", "get X-THREE [a]", "getAll X-Three [a][][c]"],
    ...["equals x-three true", "equals x-three false", "getBytes x-three <61>"],
    ...["copy x-long ", "copyBytes x-long 8192", "byteLength  plausible"],
  ]);
  assert.deepEqual(
    upstream.map(([name, value]) => [name, value === long ? "long" : value]),
    [
      ...headers.map(([name, value]) => [name.toLowerCase(), value === long ? "long" : value]),
      ["x-copy", "long"],
    ],
  );
});

envoyTest("headers: every byte from 0x80 to 0xFF survives both ways, alone and in any order", async (t) => {
  const setting = await start(t);
  const odd = Array.from({ length: 128 }, (_, index) => String.fromCharCode(0x80 + index));
  const values = [
    odd.join(""),
    odd.toReversed().join(""),
    Buffer.from("größer 水 𝄞").toString("latin1"),
    "\xed\xa0\x80\xf0\x82\x82\xac\xc0\xaf", // a surrogate, an overlong form, another
    "\xe6\xb0",
  ];
  responseHeaders = values.map((value, index) => [`x-odd-${index}`, value]);
  const commands = values.map((_, index) => `copy|x-odd-${index}|x-copy-${index}`);
  const { response, upstream } = await send(setting, commands, [
    ...responseHeaders,
    ["x-do-response", commands.join(";")],
  ]);
  const copies = values.map((value, index) => [`x-copy-${index}`, value]);
  assert.deepEqual(upstream, [...responseHeaders, ...copies]);
  assert.deepEqual(
    response.headers.filter(([name]) => /^x-(odd|copy)/.test(name)),
    [...responseHeaders, ...copies],
  );
  const { log } = await send(setting, ["getBytes|x-odd-4", "equals|x-odd-4|%e6%b0"], responseHeaders);
  assert.deepEqual(log, ["getBytes x-odd-4 <e6b0>", "equals x-odd-4 true"]);
});

envoyTest(
  "headers: of all 256 bytes, those that a field may have are written as they are, both ways",
  async (t) => {
    const setting = await start(t);
    // RFC 9110, section 5.5: everything but control characters, of which only the tab is allowed.
    const refused = Array.from({ length: 256 }, (_, byte) => byte).filter(
      (byte) => (byte < 0x20 && byte !== 9) || byte === 0x7f,
    );
    const expected = Array.from({ length: 256 }, (_, byte) => byte)
      .filter((byte) => !refused.includes(byte))
      .map((byte) => [`x-byte-${byte}`, `a${String.fromCharCode(byte)}b`]);
    const { log, upstream } = await send(setting, ["allBytes"]);
    assert.deepEqual(log, [`allBytes  ${refused.join(",")},`]);
    assert.deepEqual(upstream, expected);
    const { response } = await send(setting, ["allBytes"], [], "x-do-response");
    assert.deepEqual(
      response.headers.filter(([name]) => name.startsWith("x-byte")),
      expected,
    );
    // What a client may send arrives as it was, and can be passed on.
    const all = expected.map(([, value]) => value).join("");
    const copied = await send(setting, ["copy|x-all|x-copy"], [["x-all", all]]);
    assert.deepEqual(copied.upstream, [
      ["x-all", all],
      ["x-copy", all],
    ]);
  },
);

envoyTest("headers: U+FFFD and lone surrogates are written as UTF-8 can say them", async (t) => {
  const setting = await start(t);
  const { upstream } = await send(setting, ["codePoints"]);
  assert.deepEqual(
    upstream!.map(([, value]) => Buffer.from(value, "latin1").toString("hex")),
    ["efbfbd", "efbfbd", "efbfbd21", "f09d849e", "efbfbd", "efbfbd"],
  );
});

envoyTest("headers: set, add, remove and replaceAll change what they name and nothing else", async (t) => {
  const setting = await start(t);
  const headers: Pairs = [
    ["x-a", "1"],
    ["x-b", "2"],
    ["x-b", "3"],
    ["x-c", "4"],
  ];
  const changed = await send(
    setting,
    ["set|X-B|new", "add|x-a|", "remove|X-C", "remove|x-none", "set|x-odd|%ff%09%7e", "entries"],
    headers,
  );
  assert.deepEqual(changed.upstream, [
    ["x-a", "1"],
    ["x-b", "new"],
    ["x-a", ""],
    ["x-odd", "\xff\t~"],
  ]);
  assert.match(
    changed.log.at(-1),
    /^entries {2}:authority=example\.test,:path=\/,:method=GET,:scheme=http,x-a=1,/,
  );

  const replaced = await send(setting, ["replaceAll|x-new|1|x-new||x-newer|3"], headers);
  assert.deepEqual(replaced.log, ["replaceAll x-new "]);
  assert.deepEqual(replaced.upstream, [
    ["x-new", "1"],
    ["x-new", ""],
    ["x-newer", "3"],
  ]);
  assert.equal(replaced.response.status, 200);

  responseHeaders = headers;
  const response = await send(setting, ["replaceAll|x-new|1|:status|201"], [], "x-do-response");
  assert.deepEqual(
    response.response.headers.filter(([name]) => name.startsWith("x-")),
    [["x-new", "1"]],
  );
  assert.equal(response.response.status, 201);
  assert.equal(response.response.body, "fine");
  assert.ok(response.response.complete);

  const cleared = await send(setting, ["replaceAll"], [], "x-do-response");
  assert.equal(cleared.response.status, 200);
  assert.deepEqual(
    cleared.response.headers.filter(([name]) => name.startsWith("x-")),
    [],
  );
});

envoyTest(
  "headers: what would split or misroute a message is refused, in requests and responses",
  async (t) => {
    const setting = await start(t);
    responseHeaders = [["x-a", "1"]];
    const refused = [
      ...[
        "set|x-a|a%0d%0ax-evil: 1",
        "add|x-a|a%0ab",
        "set|x-a|%00",
        "add|x-a|%01",
        "set|x-a|abcdefgh%0dabcdefgh",
      ],
      ...["set|x-a%0d%0aevil|1", "add|x a|1", "set||1", "set|x%00|1", "set|x%ff|1", "set|x:y|1"],
      ...["replaceAll|x-ok|1|x-bad|%0a", "replaceAll|x bad|1", "many"],
      ...["add|:path|/other", "remove|:path", "remove|:authority", "remove|:method", "remove|:status"],
      ...["set|content-length|5", "add|Transfer-Encoding|gzip", "replaceAll|content-length|7"],
    ];
    for (const where of ["x-do", "x-do-response"]) {
      const { log, response, upstream } = await send(setting, refused, [["x-a", "1"]], where);
      assert.deepEqual(
        log.filter((line) => !line.endsWith("!2")),
        [],
        where,
      );
      assert.equal(response.status, 200);
      assert.deepEqual(upstream, [["x-a", "1"]]);
      assert.deepEqual(response.all("x-a"), ["1"]);
      assert.doesNotMatch(response.raw, /evil/);
    }
    const proto = await send(setting, ["remove|X-Forwarded-Proto", "replaceAll|x-only|1"]);
    assert.deepEqual(proto.log, ["remove X-Forwarded-Proto  !2", "replaceAll x-only "]);
    assert.equal(proto.response.status, 200, "the route needs x-forwarded-proto and the pseudo-headers");
  },
);

envoyTest("a debug build says why a call failed, once in each callback", async (t) => {
  const setting = await start(t, "debug");
  const reasons = (log: string[]): string[] =>
    log.filter((line) => line.startsWith("proxy-wasm-as: ")).map((line) => line.slice(15));
  const commands = ["set|x-a|a%0db", "remove|:path", "set|content-length|5", "remove|:path"];
  const here = "BadArgument in onRequestHeaders: ";
  assert.deepEqual(reasons((await send(setting, commands)).log), [
    `${here}the value for 'x-a' has a control character, which would break the message apart`,
    `${here}':path' cannot be removed: the host needs it to handle the message; set it instead`,
    `${here}'content-length' says where the message ends or is about the connection, and is not a filter's to set; change or remove the body`,
  ]);
  assert.deepEqual(reasons((await send(setting, commands)).log), [], "said once");
  const later = ["remove|:status", "requestGet|:path", "requestGet|x-a", "requestSet|x-a|1", "get|x-none"];
  const there = "BadArgument in onResponseHeaders: ";
  assert.deepEqual(reasons((await send(setting, later, [], "x-do-response")).log), [
    `${there}':status' cannot be removed: the host needs it to handle the message; set it instead`,
    `${there}request headers cannot be read here; keep what you need of them while they are there`,
    `${there}these headers have been passed on and can no longer be changed`,
  ]);
});
