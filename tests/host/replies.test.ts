/** Replies of the host itself, and the headers that go out or cannot. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderMap } from "../../src/host/abi/header-map.js";
import type { Pairs } from "../../src/host/abi/pairs.js";
import { detailsOf, requestProblem, responseProblem } from "../../src/host/http/header-checks.js";
import { isGrpcRequest, ownReply, prepareReply } from "../../src/host/http/local-reply.js";
import { grpcStatusOf } from "../../src/host/services/grpc-status.js";
import { utf8 } from "./remembering.js";

const heads: Pairs = [
  [":method", "POST"],
  [":path", "/p"],
  [":authority", "a"],
];

test("a local reply: its length and type, as gRPC, and for HEAD", () => {
  const pairs = (
    headers: Pairs,
    body: string,
    isGrpc = false,
    isHead = false,
    grpcStatus?: number,
  ): unknown => {
    const reply = { status: 403, body: utf8(body), headers, grpcStatus, details: "" };
    const { headers: map, body: sent, endStream } = prepareReply(reply, isGrpc, isHead);
    return [map.pairs().map(([name, value]) => `${name}: ${value}`), Buffer.from(sent).toString(), endStream];
  };
  const odd: Pairs = [
    [":status", "500"],
    ["content-type", "a/b"],
    ["content-length", "99"],
    ["x-a", "1"],
  ];
  assert.deepEqual(pairs([], "no"), [
    [":status: 403", "content-length: 2", "content-type: text/plain"],
    "no",
    false,
  ]);
  assert.deepEqual(pairs(odd, "no"), [
    [":status: 403", "content-type: a/b", "content-length: 2", "x-a: 1"],
    "no",
    false,
  ]);
  assert.deepEqual(pairs(odd, ""), [[":status: 403", "x-a: 1"], "", true]);
  assert.deepEqual(pairs([], "no", false, true), [
    ...[[":status: 403", "content-length: 2", "content-type: text/plain"], "no", true],
  ]);
  const grpc = [":status: 200", "content-type: application/grpc"];
  assert.deepEqual(pairs(odd, "", true), [[grpc[0], grpc[1], "x-a: 1", "grpc-status: 7"], "", true]);
  assert.deepEqual(pairs([], "a %é\n~", true, false, 5), [
    ...[[...grpc, "grpc-status: 5", "grpc-message: a %25%C3%A9%0A~"], "", true],
  ]);
  assert.deepEqual(pairs([], "no", true, true, 0), [[...grpc, "grpc-status: 0"], "", true]);
  assert.deepEqual(pairs([["grpc-status", "3"]], "", true, false, 5), [
    ...[[":status: 200", "grpc-status: 3", "content-type: application/grpc"], "", true],
  ]);
  for (const [type, is] of [
    ["application/grpc", true],
    ["application/grpc+proto", true],
    ["application/grpc-web", false],
    ["application/grpcx", false],
    ["xapplication/grpc", false],
    [undefined, false],
  ] as const)
    assert.equal(isGrpcRequest(HeaderMap.of(type === undefined ? [] : [["content-type", type]])), is, type);
  for (const [status, body] of [
    [413, "Payload Too Large"],
    [500, "Internal Server Error"],
    [404, ""],
  ] as const) {
    const reply = ownReply(status, "why");
    assert.deepEqual(reply, { status, body: utf8(body), headers: [], grpcStatus: undefined, details: "why" });
  }
});

test("a status of HTTP as one of gRPC", () => {
  const known = { 400: 13, 401: 16, 403: 7, 404: 12, 429: 14, 502: 14, 503: 14, 504: 14 };
  for (const [http, status] of Object.entries(known)) assert.equal(grpcStatusOf(Number(http)), status, http);
  for (const http of [200, 302, 402, 405, 428, 430, 500, 501, 505])
    assert.equal(grpcStatusOf(http), 2, `${http}`);
});

test("headers that cannot go out are told in Envoy's words", () => {
  for (const [pairs, problem] of [
    [heads, undefined],
    [[[":path", "/"]], "missing required header: :method"],
    [[[":method", "GET"]], "missing required header: :path"],
    [[[":method", "CONNECT"]], undefined],
    [[...heads, ["a b", ""]], "invalid header name: a b"],
    [[...heads, ["a:", ""]], "invalid header name: a:"],
    [[...heads, ["!#$%&'*+-.^_`|~09az", "\t ~\x80\xff"]], undefined],
    [[...heads, ["a", "\x7f"]], "invalid header value for: a"],
    [[...heads, ["a", "b\nc"]], "invalid header value for: a"],
  ] as [Pairs, string | undefined][])
    assert.equal(requestProblem(HeaderMap.of(pairs)), problem);
  for (const [status, is] of [
    ["200", true],
    [" 200 ", true],
    ["", false],
    ["x", false],
    ["2 0", false],
    [undefined, false],
  ] as const) {
    const headers = HeaderMap.of(status === undefined ? [] : [[":status", status]]);
    assert.equal(responseProblem(headers), is ? undefined : "missing required header: :status", status);
  }
  assert.equal(detailsOf("a b\tc\nd-e"), "a_b_c_d-e");
});
