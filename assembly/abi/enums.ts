/**
 * The numbers of Proxy-Wasm ABI 0.2.1, under the names of its specification.
 * Source: https://github.com/proxy-wasm/spec/tree/main/abi-versions/v0.2.1 (section "Types").
 *
 * @module
 */

/** The host's answer to a call. */
export const enum Status {
  /** The call succeeded. */
  Ok = 0,
  /** The thing asked for does not exist: an absent header, property, key, queue or metric. */
  NotFound = 1,
  /** An argument is refused, or the call is not possible in this callback. */
  BadArgument = 2,
  /** The host could not encode the value. */
  SerializationFailure = 3,
  /** The host could not read the value. */
  ParseFailure = 4,
  /** An expression is malformed. */
  BadExpression = 5,
  /** A pointer lies outside the module's memory, or the module could not allocate. */
  InvalidMemoryAccess = 6,
  /** A queue has no message. */
  Empty = 7,
  /** Shared data changed since it was read. */
  CasMismatch = 8,
  /** The result has another type than expected. */
  ResultMismatch = 9,
  /** The host failed, or forbids the call (capability restriction). */
  InternalFailure = 10,
  /** The connection broke. */
  BrokenConnection = 11,
  /** This host does not have the call. */
  Unimplemented = 12,
}

/** The severity of a log message, least severe first. */
export const enum LogLevel {
  /** Each step, for the author. */
  Trace = 0,
  /** Details that help to find a fault. */
  Debug = 1,
  /** Facts that an operator may want to know. */
  Info = 2,
  /** Events that an operator should look into. */
  Warn = 3,
  /** Something has failed. */
  Error = 4,
  /** The filter cannot do its work. */
  Critical = 5,
}

/** The answer of a headers callback. */
export const enum FilterHeadersStatus {
  /** Passes the headers on. */
  Continue = 0,
  /**
   * Holds the stream until it is resumed or answered. With Envoy's `allow_on_headers_stop_iteration`, in a filter that
   * overrides the body's callback, only the headers are held: that callback runs, and lets them go when it answers
   * `Continue`. Otherwise the body is held too.
   */
  StopIteration = 1,
  /** Passes the headers on; Envoy 1.40 treats it as `Continue`. */
  ContinueAndEndStream = 2,
  /** Holds headers and body, and buffers the body; more than the buffer limit is answered with 413 or 500. */
  StopAllIterationAndBuffer = 3,
  /** Holds headers and body; the peer is made to wait when the buffer limit is reached. */
  StopAllIterationAndWatermark = 4,
}

/** The answer of a body callback. */
export const enum FilterDataStatus {
  /** Passes the data on. */
  Continue = 0,
  /** Keeps the data: the next body callback sees all that has been kept. Limited by the buffer limit (413 or 500). */
  StopIterationAndBuffer = 1,
  /**
   * Keeps the data and makes the peer wait at the buffer limit; each callback sees its own chunk only. Resume it: the end of a body that
   * is larger does not come while it is held.
   */
  StopIterationAndWatermark = 2,
  /** Drops the data. */
  StopIterationNoBuffer = 3,
}

/** The answer of a trailers callback. */
export const enum FilterTrailersStatus {
  /** Passes the trailers on. */
  Continue = 0,
  /** Holds the trailers until the stream is resumed or answered. */
  StopIteration = 1,
}

/** The answer of a metadata callback. */
export const enum FilterMetadataStatus {
  /** Passes the metadata on. */
  Continue = 0,
}

/** The fate of a stream or connection after a bug in the filter has ended one of its callbacks: the answer of `onError`. */
export const enum FailurePolicy {
  /** The request gets 500, or the response is reset; a connection is closed. */
  FailClosed = 0,
  /** It goes on without the filter. */
  FailOpen = 2,
}

/** The answer of a TCP callback. */
export const enum FilterStatus {
  /** Passes the data on. */
  Continue = 0,
  /** Keeps the data until the next callback or until the connection is resumed. */
  StopIteration = 1,
}

/** A header map of the host. */
export const enum HeaderMapType {
  RequestHeaders = 0,
  RequestTrailers = 1,
  ResponseHeaders = 2,
  ResponseTrailers = 3,
  GrpcReceiveInitialMetadata = 4,
  GrpcReceiveTrailingMetadata = 5,
  HttpCallResponseHeaders = 6,
  HttpCallResponseTrailers = 7,
}

/** A buffer of the host. */
export const enum BufferType {
  HttpRequestBody = 0,
  HttpResponseBody = 1,
  DownstreamData = 2,
  UpstreamData = 3,
  HttpCallResponseBody = 4,
  GrpcReceiveBuffer = 5,
  VmConfiguration = 6,
  PluginConfiguration = 7,
  CallData = 8,
}

/** A direction of a stream. */
export const enum StreamType {
  Request = 0,
  Response = 1,
  Downstream = 2,
  Upstream = 3,
}

/** The kind of a metric. */
export const enum MetricType {
  Counter = 0,
  Gauge = 1,
  Histogram = 2,
}

/** The side that closed a connection. */
export const enum CloseType {
  /** The host does not say. */
  Unknown = 0,
  /** This proxy has closed it. */
  Local = 1,
  /** The other side has closed it. */
  Remote = 2,
}

/** The status of a gRPC call. Source: https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
export const enum GrpcStatus {
  /** For local responses: let the host derive it from the HTTP status. */
  Unset = -1,
  /** It succeeded. */
  Ok = 0,
  /** The caller has given up. */
  Cancelled = 1,
  /** Some other error. */
  Unknown = 2,
  /** The message is wrong, whatever the state of the system. */
  InvalidArgument = 3,
  /** It took too long; it may have succeeded. */
  DeadlineExceeded = 4,
  /** There is no such thing. */
  NotFound = 5,
  /** The thing to create exists already. */
  AlreadyExists = 6,
  /** The caller is known, but has no permission. */
  PermissionDenied = 7,
  /** A quota or space is used up. */
  ResourceExhausted = 8,
  /** The system is not in a state for it. */
  FailedPrecondition = 9,
  /** It ran into another one; try the whole again. */
  Aborted = 10,
  /** Past the end. */
  OutOfRange = 11,
  /** There is no such method. */
  Unimplemented = 12,
  /** Something in the server is broken. */
  Internal = 13,
  /** The server cannot be reached now; try again. */
  Unavailable = 14,
  /** Data is lost or corrupt. */
  DataLoss = 15,
  /** The caller is not known. */
  Unauthenticated = 16,
}
