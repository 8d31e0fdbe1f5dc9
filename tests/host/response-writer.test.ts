/** A response as it goes out: the headers that the connection manager adds and takes away, and what is counted. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderMap } from "../../src/host/abi/header-map.js";
import type { Pairs } from "../../src/host/abi/pairs.js";
import { ResponseWriter } from "../../src/host/http/response-writer.js";
import type { ServerHeader } from "../../src/host/http/stream-options.js";
import { VirtualLoop } from "../../src/host/vm/loop.js";

interface Facts {
  readonly isHttp2?: boolean;
  readonly isHead?: boolean;
  readonly closesConnection?: boolean;
  readonly isRemoteComplete?: boolean;
  readonly serverHeader?: ServerHeader;
}

/** A writer to a client that remembers what it got. */
function writer(facts: Facts = {}) {
  const told: unknown[] = [];
  const info = { responseCode: 0, responseTotalSize: 0, responseSize: 0 };
  const stream = {
    ...{ isHttp2: false, isHead: false, closesConnection: false, isRemoteComplete: true, info, ...facts },
    environment: { loop: new VirtualLoop(0), log: (entry: { message: string }) => told.push(entry.message) },
    responseHeaders: undefined as HeaderMap | undefined,
    end: () => told.push("end"),
  };
  const client = {
    headers: (fields: Pairs, isEnd: boolean) =>
      told.push([fields.map(([name, value]) => `${name}: ${value}`), isEnd]),
    data: (bytes: Uint8Array, isEnd: boolean) => told.push([Buffer.from(bytes).toString(), isEnd]),
    trailers: (fields: Pairs) => told.push(["trailers", fields.length]),
    reset: () => told.push("reset"),
  };
  const options = facts.serverHeader === undefined ? {} : { serverHeader: facts.serverHeader };
  return {
    told,
    info,
    stream,
    writer: new ResponseWriter(stream as never, client, options as never),
  };
}

const date = "date: Thu, 01 Jan 1970 00:00:00 GMT";

/** What stands behind the status of a response with these headers; the date and the server stand at its end. */
function behind(pairs: Pairs, facts: Facts = {}, endStream = false, status = "200"): string[] {
  const { told, writer: out } = writer(facts);
  out.headers(HeaderMap.of([[":status", status], ...pairs]), endStream);
  const [lines, isEnd] = told[0] as [string[], boolean];
  assert.deepEqual([lines[0], isEnd, out.hasStarted], [`:status: ${status}`, endStream, true]);
  return lines.slice(1);
}

const [own, both] = ["server: envoy", [date, "server: envoy"]];
const hops: Pairs = [
  ["connection", "x"],
  ["keep-alive", "1"],
  ["proxy-connection", "y"],
  ["transfer-encoding", "chunked"],
  ["upgrade", "raw"],
];

test("a response has a date and a server, and no headers of one hop", () => {
  assert.deepEqual(behind([]), both);
  assert.deepEqual(behind([["date", "d"]]), ["date: d", own]);
  assert.deepEqual(behind(hops), both);
  assert.deepEqual(behind(hops, {}, false, "101"), ["connection: x", "upgrade: raw", ...both]);
});

test("the server's name is put over another, kept, or put where there is none", () => {
  const nginx: Pairs = [["server", "nginx"]];
  assert.deepEqual(behind(nginx), [own, date]);
  assert.deepEqual(behind(nginx, { serverHeader: "OVERWRITE" }), [own, date]);
  assert.deepEqual(behind(nginx, { serverHeader: "APPEND_IF_ABSENT" }), ["server: nginx", date]);
  assert.deepEqual(behind([], { serverHeader: "APPEND_IF_ABSENT" }), both);
  assert.deepEqual(behind(nginx, { serverHeader: "PASS_THROUGH" }), ["server: nginx", date]);
  assert.deepEqual(behind([], { serverHeader: "PASS_THROUGH" }), [date]);
});

test("a connection of HTTP/1 that ends after the response says so", () => {
  const close = "connection: close";
  assert.deepEqual(behind([], { closesConnection: true }), [...both, close]);
  assert.deepEqual(behind([], { isRemoteComplete: false }), [...both, close]);
  assert.deepEqual(behind([], { isRemoteComplete: false, isHttp2: true }), both);
  assert.deepEqual(behind([], { closesConnection: true }, false, "101"), both);
});

test("HTTP/1 says that there is no body where there might be one", () => {
  const none = "content-length: 0";
  assert.deepEqual(behind([], {}, true), [...both, none]);
  assert.deepEqual(behind([], {}, true, "404"), [...both, none]);
  for (const status of ["100", "199", "204"]) assert.deepEqual(behind([], {}, true, status), both, status);
  assert.deepEqual(behind([], { isHead: true }, true), both);
  assert.deepEqual(behind([], { isHttp2: true }, true), both);
  assert.deepEqual(behind([["content-length", "5"]], {}, true), ["content-length: 5", ...both]);
});

test("what goes out is counted, and the end is known", () => {
  const { told, info, writer: out } = writer();
  const headers = HeaderMap.of([[":status", "201"]]);
  out.headers(headers, false);
  const size = headers.byteSize;
  assert.deepEqual(info, { responseCode: 201, responseTotalSize: size, responseSize: 0 });
  out.data(new Uint8Array(3), false);
  assert.equal(out.isComplete, false);
  out.data(new Uint8Array(2), true);
  assert.equal(out.isComplete, true);
  assert.deepEqual(info, { responseCode: 201, responseTotalSize: size + 5, responseSize: 5 });
  assert.deepEqual(told.slice(1), [["\0\0\0", false], ["\0\0", true], "end"]);
  const cut = writer();
  cut.writer.isCut = true;
  cut.writer.headers(HeaderMap.of([[":status", "200"]]), true);
  cut.writer.data(new Uint8Array(1), true);
  cut.writer.trailers(new HeaderMap());
  assert.deepEqual([cut.told, cut.info.responseCode, cut.info.responseSize], [[], 200, 0]);
});

test("trailers go out behind chunks and over HTTP/2; behind a length there is only an end", () => {
  for (const [facts, hasLength, expected] of [
    [{}, false, ["trailers", 1]],
    [{}, true, ["", true]],
    [{ isHttp2: true }, true, ["trailers", 1]],
  ] as const) {
    const { told, stream, writer: out } = writer(facts);
    stream.responseHeaders = HeaderMap.of(hasLength ? [["content-length", "1"]] : []);
    out.trailers(HeaderMap.of([["t", "1"]]));
    assert.deepEqual([told, out.isComplete], [[expected, "end"], true]);
  }
  const unknown = writer();
  unknown.writer.trailers(new HeaderMap());
  assert.deepEqual(unknown.told, [["trailers", 0], "end"]);
});

test("headers that go out twice are warned of, and a client that is cut gets nothing more", () => {
  const { told, writer: out } = writer();
  out.headers(HeaderMap.of([[":status", "200"]]), false);
  out.headers(HeaderMap.of([[":status", "200"]]), false);
  assert.equal(told[1], "the response's headers go out twice: it was continued and continued itself");
  out.cut();
  out.data(new Uint8Array(1), true);
  assert.deepEqual([told.at(-1), out.isCut], ["reset", true]);
});
