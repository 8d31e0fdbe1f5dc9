/** Numbers of the ABI, under Envoy's names. */

export const MapType = {
  RequestHeaders: 0,
  RequestTrailers: 1,
  ResponseHeaders: 2,
  ResponseTrailers: 3,
  GrpcReceiveInitialMetadata: 4,
  GrpcReceiveTrailingMetadata: 5,
  HttpCallResponseHeaders: 6,
  HttpCallResponseTrailers: 7,
} as const;

export const BufferType = {
  HttpRequestBody: 0,
  HttpResponseBody: 1,
  DownstreamData: 2,
  UpstreamData: 3,
  HttpCallResponseBody: 4,
  GrpcReceiveBuffer: 5,
  VmConfiguration: 6,
  PluginConfiguration: 7,
  CallData: 8,
} as const;

export const StreamType = { Request: 0, Response: 1, Downstream: 2, Upstream: 3 } as const;

export const MetricType = { Counter: 0, Gauge: 1, Histogram: 2 } as const;

/** Levels of `proxy_log`, by number. */
export const logLevels = ["trace", "debug", "info", "warn", "error", "critical"] as const;

export type LogLevel = (typeof logLevels)[number];

/** Why a connection ended, as `proxy_on_…_connection_close` says it. */
export const CloseType = { Unknown: 0, Local: 1, Remote: 2 } as const;
