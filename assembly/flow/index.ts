/**
 * Flow: straight-line filters. Everything that `import … from "proxy-wasm-as/assembly/flow"` offers.
 *
 * @module
 */
export { Alarm, sleep } from "./alarm";
export { Exchange } from "./exchange";
export { FetchFuture, FetchResponse, fetch, startFetch } from "./fetch";
export { Future, all, race } from "./future";
export { GrpcFuture, grpcCall, startGrpcCall } from "./grpc";
export { ExchangeRequest, ExchangeResponse } from "./request-and-response";
export { Middleware, Next, use } from "./middleware";
export { FlowPlugin } from "./plugin";
export { FlowOptions } from "./plugin-base";
export { QueueFuture, receive } from "./queue";
export { Signal } from "./signal";
export { registerFlow } from "./register";
