/** Attributes by their paths: of a request, of a connection, of the node; and their bytes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderMap } from "../../src/host/abi/header-map.js";
import { nodeAttribute } from "../../src/host/services/attribute-parts.js";
import { attribute } from "../../src/host/services/attributes.js";
import { connectionAttributes } from "../../src/host/services/connection-attributes.js";
import { serialize, unserializable } from "../../src/host/services/properties.js";
import type {
  Found,
  PropertyValue,
  RequestInfo,
  TcpInfo,
  Visible,
} from "../../src/host/services/properties.js";

const connection = { id: 7, sourceAddress: "10.0.0.1:1234", destinationAddress: "[::1]:80" };
const begun: RequestInfo = {
  ...{
    connection,
    protocol: "HTTP/2",
    startTime: 1000,
    startNanoseconds: 1_000_000_042n,
    endTime: undefined,
  },
  ...{ requestSize: 5, requestTotalSize: 50, responseCode: undefined, responseCodeDetails: undefined },
  ...{ responseFlags: 0, responseSize: 0, responseTotalSize: 0, upstreamAddress: undefined },
  ...{ upstreamTried: false, upstreamFailure: "", upstreamLatency: undefined, upstreamComplete: false },
  ...{ attempts: 0, routeName: undefined, clusterName: "" },
};
const over: RequestInfo = {
  ...{ ...begun, endTime: 1002.5, responseCode: 404, responseCodeDetails: "via_upstream", responseFlags: 16 },
  ...{ responseSize: 6, responseTotalSize: 60, upstreamAddress: "10.0.0.2:8080", upstreamTried: true },
  ...{ upstreamFailure: "why", upstreamLatency: 1.5, upstreamComplete: true, attempts: 2 },
  ...{ routeName: "r", clusterName: "c" },
};
const requestHeaders = HeaderMap.of([
  [":method", "GET"],
  [":path", "/a?b?c#d"],
  [":authority", "h"],
  [":scheme", "http"],
  ["referer", "ref"],
  ["user-agent", "ua"],
  ["x-request-id", "id"],
  ["content-length", "12"],
]);
const responseHeaders = HeaderMap.of([["x-r", "1"]]);
const responseTrailers = HeaderMap.of([["grpc-status", "9"]]);
const nothing: Visible = {
  requestHeaders: undefined,
  responseHeaders: undefined,
  responseTrailers: undefined,
};
const all: Visible = { requestHeaders, responseHeaders, responseTrailers };
const [noBytes, empty] = [new Uint8Array(0), new Uint8Array(4)];

/** A path, and its value before and after. */
const ofRequests: readonly (readonly [path: string, begun: Found, over: Found])[] = [
  ["request", unserializable, unserializable],
  ["request.headers", empty, requestHeaders],
  ["request.headers.referer", undefined, "ref"],
  ["request.headers.none", undefined, undefined],
  ["request.time", 1_000_000_042n, 1_000_000_042n],
  ["request.duration", undefined, 2_500_000n],
  ["request.protocol", "HTTP/2", "HTTP/2"],
  ["request.size", 5, 12],
  ["request.total_size", 50, 50],
  ["request.path", undefined, "/a?b?c#d"],
  ["request.url_path", undefined, "/a"],
  ["request.query", undefined, "b?c"],
  ["request.host", undefined, "h"],
  ["request.scheme", undefined, "http"],
  ["request.method", undefined, "GET"],
  ["request.referer", undefined, "ref"],
  ["request.useragent", undefined, "ua"],
  ["request.id", undefined, "id"],
  ["request.none", undefined, undefined],
  ["response", unserializable, unserializable],
  ["response.code", undefined, 404],
  ["response.code_details", undefined, "via_upstream"],
  ["response.flags", 0, 16],
  ["response.size", 0, 6],
  ["response.total_size", 0, 60],
  ["response.headers", empty, responseHeaders],
  ["response.headers.x-r", undefined, "1"],
  ["response.trailers", empty, responseTrailers],
  ["response.trailers.grpc-status", undefined, "9"],
  ["response.grpc_status", undefined, 9],
  ["response.backend_latency", undefined, 1_500_000n],
  ["response.none", undefined, undefined],
  ["source", unserializable, unserializable],
  ["source.address", "10.0.0.1:1234", "10.0.0.1:1234"],
  ["source.port", 1234, 1234],
  ["source.none", undefined, undefined],
  ["destination", unserializable, unserializable],
  ["destination.address", "[::1]:80", "[::1]:80"],
  ["destination.port", 80, 80],
  ["connection", unserializable, unserializable],
  ["connection.id", 7, 7],
  ["connection.mtls", false, false],
  ["connection.requested_server_name", "", ""],
  ["connection.none", undefined, undefined],
  ["connection_id", 7, 7],
  ["connection_id.a", undefined, undefined],
  ["upstream", unserializable, unserializable],
  ["upstream.request_attempt_count", 0, 2],
  ["upstream.num_endpoints", undefined, 1],
  ["upstream.address", undefined, "10.0.0.2:8080"],
  ["upstream.local_address", undefined, "10.0.0.2:8080"],
  ["upstream.port", undefined, 8080],
  ["upstream.locality", undefined, noBytes],
  ["upstream.transport_failure_reason", undefined, "why"],
  ["upstream.cx_pool_ready_duration", undefined, 0],
  ["upstream.none", undefined, undefined],
  ["xds", unserializable, unserializable],
  ["xds.cluster_name", undefined, "c"],
  ["xds.route_name", undefined, "r"],
  ["xds.virtual_host_name", "all", "all"],
  ["xds.filter_chain_name", "", ""],
  ["xds.listener_direction", 0, 0],
  ["xds.cluster_metadata", undefined, noBytes],
  ["xds.cluster_metadata.filter_metadata", undefined, empty],
  ["xds.listener_metadata", noBytes, noBytes],
  ["xds.listener_metadata.typed_filter_metadata", empty, empty],
  ["xds.listener_metadata.none", undefined, undefined],
  ["xds.listener_metadata.filter_metadata.a", undefined, undefined],
  ["xds.route_metadata", undefined, noBytes],
  ["xds.upstream_host_metadata", undefined, unserializable],
  ["xds.none", undefined, undefined],
  ["metadata", noBytes, noBytes],
  ["metadata.filter_metadata", empty, empty],
  ["metadata.none", undefined, undefined],
  ["filter_state", unserializable, unserializable],
  ["filter_state.a", undefined, undefined],
  ["none", undefined, undefined],
];

for (const [path, before, after] of ofRequests)
  test(`${path} of a request`, () => {
    assert.deepEqual(attribute(path.split("."), begun, nothing), before);
    assert.deepEqual(attribute(path.split("."), over, all), after);
  });

test("attributes of a request that depend on more than one thing", () => {
  const read = (path: string, info: Partial<RequestInfo>, visible: Partial<Visible> = {}): Found =>
    attribute(path.split("."), { ...begun, ...info }, { ...nothing, ...visible });
  const withLength = (length: string): Visible => ({
    ...nothing,
    requestHeaders: HeaderMap.of([["content-length", length]]),
  });
  for (const length of ["x", "-1", "1.5", "", "1 2"])
    assert.equal(read("request.size", {}, withLength(length)), 5);
  assert.equal(read("request.path", {}, withLength("1")), undefined);
  assert.equal(read("request.query", {}, withLength("1")), undefined);
  const path = (value: string): Visible => ({ ...nothing, requestHeaders: HeaderMap.of([[":path", value]]) });
  assert.equal(read("request.query", {}, path("/a")), "");
  assert.equal(read("request.url_path", {}, path("/a#b")), "/a#b");
  const headers = { responseHeaders: HeaderMap.of([["grpc-status", "3"]]) };
  assert.equal(read("response.grpc_status", { responseCode: 200 }, headers), 3);
  assert.equal(read("response.grpc_status", {}, { ...headers, responseTrailers }), 9);
  assert.equal(read("response.grpc_status", { responseCode: 503 }), 14);
  // A latency is known once all has come, or the request is over.
  const latency = { upstreamLatency: 2 };
  assert.equal(read("response.backend_latency", latency), undefined);
  assert.equal(read("response.backend_latency", { ...latency, upstreamComplete: true }), 2_000_000n);
  assert.equal(read("response.backend_latency", { ...latency, endTime: 1001 }), 2_000_000n);
  assert.equal(read("upstream.cx_pool_ready_duration", { upstreamAddress: "a:1" }), undefined);
  assert.equal(read("xds.route_metadata", { routeName: "" }) instanceof Uint8Array, true);
});

const fresh: TcpInfo = {
  ...{ cluster: undefined, upstreamAddress: undefined, upstreamFailure: "", responseFlags: 0 },
  startNanoseconds: 42n,
};
const led: TcpInfo = {
  ...fresh,
  cluster: "c",
  upstreamAddress: "10.0.0.2:81",
  upstreamFailure: "why",
  responseFlags: 32,
};

/** A path, and its value before and after the connection to the upstream. */
const ofConnections: readonly (readonly [path: string, fresh: Found, led: Found])[] = [
  ["connection_id", 7, 7],
  ["connection_id.a", 7, 7],
  ["metadata", noBytes, noBytes],
  ["metadata.filter_metadata", empty, empty],
  ...["request", "response", "source", "destination", "connection", "upstream", "xds", "filter_state"].map(
    (map) => [map, unserializable, unserializable] as const,
  ),
  ["none", undefined, undefined],
  ["none.a", undefined, undefined],
  ["filter_state.a", undefined, undefined],
  ["source.address", "10.0.0.1:1234", "10.0.0.1:1234"],
  ["destination.port", 80, 80],
  ["connection.id", 7, 7],
  ["connection.mtls", false, false],
  ["request.time", 42n, 42n],
  ["response.time", undefined, undefined],
  ["response.flags", 0, 32],
  ["request.flags", undefined, undefined],
  ...["request.size", "request.total_size", "response.size", "response.total_size"].map(
    (size) => [size, 0, 0] as const,
  ),
  ["request.path", undefined, undefined],
  ["request.size.a", undefined, undefined],
  ["upstream.transport_failure_reason", "", "why"],
  ["upstream.address", undefined, "10.0.0.2:81"],
  ["upstream.port", undefined, 81],
  ["upstream.request_attempt_count", 0, 1],
  ["upstream.num_endpoints", undefined, 1],
  ["upstream.cx_pool_ready_duration", undefined, 0],
  ["xds.listener_direction", 0, 0],
  ["xds.cluster_name", undefined, "c"],
  ["xds.filter_chain_name", "", ""],
  ["xds.cluster_metadata", undefined, noBytes],
  ["xds.cluster_metadata.filter_metadata", undefined, empty],
  ["xds.listener_metadata", noBytes, noBytes],
  ["xds.listener_metadata.filter_metadata", empty, empty],
  ["xds.upstream_host_metadata", undefined, unserializable],
  ["xds.route_name", undefined, undefined],
  ["other.listener_direction", undefined, undefined],
];

for (const [path, before, after] of ofConnections)
  test(`${path} of a connection`, () => {
    assert.deepEqual(connectionAttributes(path.split("."), connection, fresh), before);
    assert.deepEqual(connectionAttributes(path.split("."), connection, led), after);
  });

test("attributes of the node, which has no name", () => {
  for (const [path, value] of [
    ["xds", unserializable],
    ["xds.node", noBytes],
    ["xds.node.id", ""],
    ["xds.node.cluster", ""],
    ["xds.node.locality", undefined],
    ["xds.node.id.a", undefined],
    ["xds.cluster_name", undefined],
    ["node.node.id", undefined],
  ] as const)
    assert.deepEqual(nodeAttribute(path.split(".")), value, path);
});

test("each kind of value has its bytes, little-endian", () => {
  const cases: [PropertyValue, string][] = [
    ["a\xff", "61ff"],
    [true, "01"],
    [false, "00"],
    [258, "0201000000000000"],
    [-2, "feffffffffffffff"],
    [2n ** 64n + 1n, "0100000000000000"],
    [{ double: 1.5 }, "000000000000f83f"],
    [Uint8Array.of(1, 2), "0102"],
    [HeaderMap.of([["a", "b"]]), "01000000010000000100000061006200"],
  ];
  for (const [value, hex] of cases) assert.equal(Buffer.from(serialize(value)).toString("hex"), hex);
});
