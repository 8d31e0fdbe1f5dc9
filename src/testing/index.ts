/**
 * Tests of filters in milliseconds, with any test runner: `proxy-wasm-as/testing`. The module runs in a host that
 * behaves like Envoy 1.40; time stands still until the test lets it pass, and upstreams answer what it says.
 *
 * @example
 * const host = await createHost({ wasm: "build/plugin.wasm", upstream: { body: "hello" } });
 * const response = await host.request({ path: "/x", headers: { "x-user": "ann" } });
 * expectResponse(response, { status: 200, body: "hello", upstreamHeaders: { "x-hello": "world" } });
 *
 * @module
 */
export type { ClusterScript } from "./cluster.js";
export type { Answer } from "./upstream-call.js";
export { UpstreamCall } from "./upstream-call.js";
export type { ExpectedResponse } from "./explain.js";
export { ResponseDiffers, expectResponse, explain } from "./explain.js";
export { FilterBug } from "./filter-bug.js";
export type { BodyInit, FieldValue, FieldsInit } from "./message.js";
export { Fields } from "./message.js";
export { TestConnection } from "./test-connection.js";
export type { TestHostOptions, TestPlugin } from "./test-host-options.js";
export { StreamHangs } from "./stream-hangs.js";
export { TestHost, createHost } from "./test-host.js";
export type { RequestInit, TestResponse } from "./test-stream.js";
export { TimeLimitExceeded } from "./time-limit.js";
export { TestStream } from "./test-stream.js";
export { EnvoyCrash, LoadError, Status, envoyVersions } from "../host/index.js";
export type { EnvoyVersion } from "../host/index.js";
