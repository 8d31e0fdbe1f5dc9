/**
 * A Proxy-Wasm host that behaves like Envoy 1.40, in plain TypeScript: `proxy-wasm-as/host`. It needs nothing from
 * Node and runs in a browser, too. Tests want `proxy-wasm-as/testing`, which is built on it.
 *
 * @module
 */
export { HeaderMap } from "./abi/header-map.js";
export type { LogLevel } from "./abi/enums.js";
export { decodePairs, encodePairs } from "./abi/pairs.js";
export type { Pairs } from "./abi/pairs.js";
export { Status, statusName } from "./abi/status.js";
export { binaryOf, bytesOf, readable, textOf } from "./abi/text.js";
export { envoyVersions } from "./envoy-rules.js";
export type { EnvoyVersion } from "./envoy-rules.js";
export type { LogEntry, Refusal } from "./environment.js";
export { Host } from "./host.js";
export type { HostOptions, StreamInput } from "./host.js";
export type { Route } from "./http/router.js";
export type { HttpStream } from "./http/stream.js";
export type { Client } from "./http/stream-options.js";
export type {
  Cluster,
  ConnectionEvents,
  Fields,
  ResetReason,
  UpstreamConnection,
  UpstreamEvents,
  UpstreamRequest,
} from "./services/cluster.js";
export type { ForeignFunction, ForeignResult } from "./services/foreign.js";
export type { Metric, Metrics } from "./services/metrics.js";
export type { ConnectionInfo, PropertyValue, RequestInfo } from "./services/properties.js";
export type { TcpClient, TcpStream } from "./tcp/stream.js";
export type { ModuleStack, StackFrame } from "./vm/backtrace.js";
export { readModule } from "./vm/binary.js";
export { bugsIn } from "./vm/bugs.js";
export type { ModuleExport, ModuleImport, ModuleInfo } from "./vm/binary.js";
export { EnvoyCrash, LoadError } from "./vm/errors.js";
export { callText, unsigned } from "./vm/host-call.js";
export type { CallingModule, HostCall, Value } from "./vm/host-call.js";
export type { Loop, Timer } from "./vm/loop.js";
export { RealLoop, VirtualLoop } from "./vm/loop.js";
export type { FailurePolicy, PluginOptions } from "./vm/plugin.js";
