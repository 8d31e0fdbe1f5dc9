/**
 * Proxy-Wasm filters in AssemblyScript: everything that `import … from "proxy-wasm-as"` offers.
 *
 * @module
 */
export {
  CloseType,
  FailurePolicy,
  FilterDataStatus,
  FilterHeadersStatus,
  FilterMetadataStatus,
  FilterStatus,
  FilterTrailersStatus,
  GrpcStatus,
  LogLevel,
  Status,
} from "./abi/enums";
export { lastStatus } from "./runtime/status";
export { log } from "./services/log";
export { clock } from "./services/clock";
export { environment } from "./services/environment";
export { random } from "./services/random";
export { callForeignFunction } from "./services/foreign";
export { Counter, Gauge, Histogram } from "./services/metric";
export { countBugs } from "./services/bug-counter";
export { property } from "./services/property";
export { SharedData, SharedValue } from "./context/shared-data";
export { SharedSpace } from "./context/shared-space";
export { SharedQueue } from "./context/shared-queue";
export { StatsReader } from "./services/stats";
export { Body } from "./http/body";
export { BodyEditor } from "./http/body-editor";
export { Headers } from "./http/headers";
export { LocalResponseOptions } from "./http/local-response";
export { HttpRequest, HttpResponse } from "./http/message";
export { CallFailure, CallResult } from "./context/call-result";
export { CallOptions } from "./context/http-call";
export { Timer } from "./context/timers";
export { AccessLogger } from "./context/access-logger";
export { Context } from "./context/context";
export { GrpcOptions, GrpcResult } from "./context/grpc-call";
export { GrpcStream } from "./context/grpc-stream";
export { TcpContext } from "./context/tcp-context";
export { StatsSink } from "./context/stats-sink";
export { PluginContext } from "./context/plugin-context";
export { HttpContext } from "./context/http-context";
export { BodyChunksContext } from "./context/body-chunks";
export { EditedBodyContext } from "./context/edited-body";
export { WholeBodyContext } from "./context/whole-body";
export { registerHttpFilter, registerPlugin, registerTcpFilter } from "./context/register";
