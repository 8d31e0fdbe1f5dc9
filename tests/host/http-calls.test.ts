/** HTTP calls of filters: what goes out, what is told, and how they end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderMap } from "../../src/host/abi/header-map.js";
import type { Pairs } from "../../src/host/abi/pairs.js";
import { rulesOf } from "../../src/host/envoy-rules.js";
import type { EnvoyVersion } from "../../src/host/envoy-rules.js";
import type { UpstreamEvents } from "../../src/host/services/cluster.js";
import { HttpCall } from "../../src/host/services/http-call.js";
import type { HttpCallRequest } from "../../src/host/services/http-call.js";
import { VirtualLoop } from "../../src/host/vm/loop.js";
import { lost, upstream, utf8 } from "./remembering.js";

const none = new HeaderMap();

const heads: Pairs = [
  [":method", "POST"],
  [":path", "/p"],
  [":authority", "a"],
];
const lines = heads.map(([name, value]) => `${name}: ${value}`);

interface Call {
  readonly loop: VirtualLoop;
  readonly call: HttpCall;
  readonly sent: unknown[][];
  readonly events: () => UpstreamEvents;
  /** What was told at the end: headers, body and trailers as texts; undefined for an answer that broke off. */
  readonly told: unknown[];
}

function httpCall(
  request: Partial<HttpCallRequest> = {},
  { http2 = false, version = undefined as EnvoyVersion | undefined, more = [] as Pairs } = {},
): Call {
  const loop = new VirtualLoop(0);
  const { cluster, sent, events } = upstream(http2);
  const told: unknown[] = [];
  const whole = {
    body: utf8(""),
    trailers: none,
    timeout: 0,
    ...request,
    headers: HeaderMap.of([...heads, ...more]),
  };
  const call = new HttpCall({ loop, rules: rulesOf(version) }, cluster, whole, (response) => {
    if (response === undefined) return void told.push(undefined);
    const { headers, body, trailers } = response;
    told.push([headers.pairs(), Buffer.from(body).toString(), trailers?.pairs()]);
  });
  assert.deepEqual(sent, [], "nothing goes out within the callback that calls");
  loop.run();
  return { loop, call, sent, events, told };
}

for (const [what, request, http2, expected] of [
  ["without a body", {}, false, [["headers", [...lines, "x-envoy-internal: true"], true]]],
  [
    "with a body and a timeout",
    { body: utf8("abc"), timeout: 250 },
    false,
    [
      [
        "headers",
        [...lines, "content-length: 3", "x-envoy-internal: true", "x-envoy-expected-rq-timeout-ms: 250"],
        false,
      ],
      ["data", "abc", true],
    ],
  ],
  [
    "with trailers, which HTTP/1 has not",
    { trailers: HeaderMap.of([["t", "1"]]) },
    false,
    [["headers", [...lines, "x-envoy-internal: true"], true]],
  ],
  [
    "with trailers over HTTP/2",
    { trailers: HeaderMap.of([["t", "1"]]) },
    true,
    [
      ["headers", [...lines, "x-envoy-internal: true"], false],
      ["trailers", ["t: 1"]],
    ],
  ],
  [
    "with a body and trailers over HTTP/2",
    { body: utf8("abc"), trailers: HeaderMap.of([["t", "1"]]) },
    true,
    [
      ["headers", [...lines, "content-length: 3", "x-envoy-internal: true"], false],
      ["data", "abc", false],
      ["trailers", ["t: 1"]],
    ],
  ],
] as const)
  test(`a call ${what}`, () => assert.deepEqual(httpCall(request, { http2 }).sent, expected));

test("an answer is told whole at its end, with the time that it took", () => {
  const time = ["x-envoy-upstream-service-time", "7"];
  for (const [answer, body, trailers] of [
    [(events: UpstreamEvents): void => events.headers([[":status", "200"]], true), "", undefined],
    [
      (events: UpstreamEvents): void => {
        events.headers([[":status", "200"]], false);
        events.data(utf8("ab"), false);
        events.data(utf8("c"), true);
      },
      "abc",
      undefined,
    ],
    [
      (events: UpstreamEvents): void => {
        events.headers([[":status", "200"]], false);
        events.data(utf8("ab"), false);
        events.trailers([["t", "1"]]);
      },
      "ab",
      [["t", "1"]],
    ],
  ] as const) {
    const { loop, call, events, told, sent } = httpCall({ timeout: 1000 });
    loop.advance(7);
    answer(events());
    assert.deepEqual(told, [[[[":status", "200"], time], body, trailers]]);
    // It is over: neither the timeout nor a cancellation does anything.
    loop.advance(5000);
    call.cancel();
    assert.equal(told.length, 1);
    assert.equal(sent.length, 1);
  }
});

const ownAnswer = (status: number, body: string): unknown => [
  [
    [":status", String(status)],
    ["content-length", String(body.length)],
    ["content-type", "text/plain"],
  ],
  body,
  undefined,
];

for (const [reason, status, version, more] of [
  ["remote connection failure", 503, "1.40", ""],
  ["remote connection failure", 503, "1.38", ""],
  [
    ...(["remote connection failure", 503, "1.37"] as const),
    ", transport failure reason: delayed connect error: Connection refused",
  ],
  ["connection termination", 503, "1.37", ""],
  ["remote reset", 503, "1.40", ""],
  ["protocol error", 502, "1.40", ""],
] as const)
  test(`a call that is lost (${reason}, Envoy ${version}) is answered ${status}, or breaks off`, () => {
    const before = httpCall({ timeout: 100 }, { version });
    before.events().reset(reason);
    assert.deepEqual(before.told, [ownAnswer(status, `${lost}${reason}${more}`)]);
    before.loop.advance(1000);
    assert.equal(before.told.length, 1);
    const within = httpCall({}, { version });
    within.events().headers([[":status", "200"]], false);
    within.events().reset(reason);
    assert.deepEqual(within.told, [undefined]);
  });

test("a call that takes too long is cut and answered 504, or breaks off; a cancelled one is cut and told nothing", () => {
  const late = httpCall({ timeout: 100 });
  late.loop.advance(99);
  assert.deepEqual(late.told, []);
  late.loop.advance(1);
  assert.deepEqual(late.told, [ownAnswer(504, "upstream request timeout")]);
  assert.deepEqual(late.sent.at(-1), ["reset"]);
  const within = httpCall({ timeout: 100 });
  within.events().headers([[":status", "200"]], false);
  within.loop.advance(100);
  assert.deepEqual(within.told, [undefined]);
  const free = httpCall();
  free.loop.advance(1e9);
  assert.deepEqual(free.told, []);
  const cancelled = httpCall({ timeout: 100 });
  cancelled.call.cancel();
  cancelled.call.cancel();
  cancelled.loop.advance(1000);
  cancelled.events().headers([[":status", "200"]], true);
  assert.deepEqual([cancelled.told, cancelled.sent.slice(1)], [[], [["reset"]]]);
  const loop = new VirtualLoop();
  const { cluster, sent } = upstream();
  const request = { headers: HeaderMap.of(heads), body: utf8(""), trailers: none, timeout: 0 };
  new HttpCall({ loop, rules: rulesOf() }, cluster, request, () => assert.fail("it is cancelled")).cancel();
  loop.run();
  assert.deepEqual(sent, [], "a call that is cancelled at once never goes out");
});

test("a call for gRPC that is lost is answered as gRPC", () => {
  const { events, told } = httpCall({}, { more: [["content-type", "application/grpc"]] });
  events().reset("remote reset");
  const headers = [
    [":status", "200"],
    ["content-type", "application/grpc"],
    ["grpc-status", "14"],
    ["grpc-message", `${lost}remote reset`],
  ];
  assert.deepEqual(told, [[headers, "", undefined]]);
});
