/// <reference path="../runtime/build.d.ts" />
/**
 * The base class of plugins and streams.
 *
 * @module
 */
import { FailurePolicy, Status } from "../abi/enums";
import { cast } from "../memory/cast";
import { MAY_COMPOSE } from "../runtime/build";
import { ContextKind, Target, expectStream } from "../runtime/target";
import { creatingId, creatingPlugin } from "./new-context";
import { GrpcOptions, GrpcResult, sendGrpcCall } from "./grpc-call";
import { GrpcStream, openStream } from "./grpc-stream";
import { CallResult } from "./call-result";
import { CallOptions, sendHttpCall } from "./http-call";
import { idOfNew, noteNew } from "./parts";
import { PluginContext } from "./plugin-context";
import { Timer, startTimer } from "./timers";

/**
 * A context of the host: a plugin, or a stream or connection that it handles. A helper function can take one of any kind as a
 * parameter, and do all that the three have in common.
 *
 * @example
 * function report(context: Context, line: string): void {
 *   context.fetch("audit", { method: "POST", body: line }, (result) => {});
 * }
 */
export abstract class Context extends Target {
  constructor() {
    super(MAY_COMPOSE ? idOfNew() : creatingId, creatingPlugin);
    if (MAY_COMPOSE) noteNew(this);
  }

  /**
   * The plugin that this stream or connection belongs to, of its base class; a plugin's is itself. A constructor that is given the
   * plugin, as with `PluginContext`, has it with its own class.
   */
  get plugin(): PluginContext {
    expectStream(this);
    const owner = this.$owner;
    if (owner === null) abort("no plugin");
    return cast<Target | null, PluginContext>(owner);
  }

  /**
   * Called when the context has ended, for access logging: all headers of an HTTP stream can be read, none written. In
   * Envoy it comes before `onDone`, and only here are the request's headers readable again. An access logger is called
   * here on its plugin's context. Source: `proxy_on_log`.
   */
  onLog(): void {}

  /** Called last; the context is forgotten afterwards. Source: `proxy_on_delete`. */
  onDelete(): void {}

  /**
   * Called when a bug in the filter has ended a callback of this context: an error that was not caught, an index out of range, a
   * loop without end. The error is in the log already. The answer decides about the stream or connection: nothing of the filter
   * runs for it afterwards. The client gets the response that `respond` sends in here, if it is called. The answer has no effect
   * for a plugin's own callbacks, when a response has been chosen already, and when nothing can be held any more (`onLog`,
   * `onDone`). A stream or connection that does not override it asks its plugin, and a plugin answers `FailClosed`.
   *
   * `FailOpen` lets held data go on as it is. It counts as `FailClosed` where that would not be safe: a change of the body was
   * refused, its body is to be dropped, or both the request and the response are held. An error that is thrown in `onError`
   * itself is logged, and counts as `FailClosed`. Not called when memory has run out, nor for errors at module scope. See
   * docs/bugs.md.
   *
   * @param error the error; `message` and `stack` (the place) are those in the log.
   * @returns the fate of the stream or connection.
   *
   * @example
   * class Banner extends HttpContext {
   *   onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
   *     this.response.headers.set("x-banner", this.request.headers.get("cookie")!.split("=")[1]);
   *     return FilterHeadersStatus.Continue;
   *   }
   *   onError(error: Error): FailurePolicy {
   *     return FailurePolicy.FailOpen; // rather no banner than no page
   *   }
   * }
   */
  onError(error: Error): FailurePolicy {
    const owner = this.$owner;
    return owner === null
      ? FailurePolicy.FailClosed
      : cast<Target | null, PluginContext>(owner).onError(error);
  }

  /** @internal */
  $mayBePartOf(kind: u32): bool {
    return kind == ContextKind.Plugin;
  }

  /** @internal A bug in the filter has ended it: lets go of what still works for it. */
  $abandon(): void {}

  /**
   * Sends an HTTP request to a cluster of the host, and answers at once; `callback` gets the upstream's answer, with this
   * context in effect, or is never called once the stream is gone. May be called in every callback. An arrow function may
   * use `this`; hold a request by answering `FilterHeadersStatus.StopAllIterationAndWatermark`, and let it go on with
   * `resumeRequest()`.
   *
   * Answers `Status.BadArgument` when the host has no such cluster or an option cannot be sent, and
   * `Status.InternalFailure` when the cluster has no endpoint; `callback` is not called then. Source: `proxy_http_call`.
   *
   * @example
   * this.fetch("auth", { path: "/check", timeout: 500 }, (result) => {
   *   if (result.status == 200) this.resumeRequest();
   *   else this.respond(403, "no\n");
   * });
   */
  fetch(cluster: string, options: Partial<CallOptions>, callback: (result: CallResult) => void): Status {
    return sendHttpCall<(result: CallResult) => void>(this, cluster, options as CallOptions, callback, call);
  }

  /** `fetch` with a function that is given `self`; the build writes it for arrow functions that use `this`. */
  fetchWith<T>(
    cluster: string,
    options: Partial<CallOptions>,
    self: T,
    callback: (self: T, result: CallResult) => void,
  ): Status {
    return sendHttpCall<T>(this, cluster, options as CallOptions, self, callback);
  }

  /**
   * Calls a gRPC method that takes one message and answers one; messages are protobuf bytes. Like `fetch` otherwise.
   * Answers `Status.ParseFailure` when the host has no such cluster. Source: `proxy_grpc_call`.
   *
   * @example
   * this.grpcCall("auth", "acme.Auth", "Check", message, { timeout: 500 }, (result) => {
   *   if (result.status == GrpcStatus.Ok) this.resumeRequest();
   *   else this.respond(403, result.message);
   * });
   */
  grpcCall(
    cluster: string,
    service: string,
    method: string,
    message: Uint8Array,
    options: Partial<GrpcOptions>,
    callback: (result: GrpcResult) => void,
  ): Status {
    return sendGrpcCall<(result: GrpcResult) => void>(
      this,
      cluster,
      service,
      method,
      message,
      options as GrpcOptions,
      callback,
      answer,
    );
  }

  /** `grpcCall` with a function that is given `self`. */
  grpcCallWith<T>(
    cluster: string,
    service: string,
    method: string,
    message: Uint8Array,
    options: Partial<GrpcOptions>,
    self: T,
    callback: (self: T, result: GrpcResult) => void,
  ): Status {
    return sendGrpcCall<T>(this, cluster, service, method, message, options as GrpcOptions, self, callback);
  }

  /**
   * Opens a gRPC stream; `stream` gets what comes, with this context in effect, and sends. It ends with this context.
   * May be called in every callback; if a stream's metadata matters, in timers (see `GrpcStream.onInitialMetadata`).
   * Source: `proxy_grpc_stream`.
   */
  grpcStream(
    cluster: string,
    service: string,
    method: string,
    stream: GrpcStream,
    options: Partial<GrpcOptions> | null = null,
  ): Status {
    return openStream(this, cluster, service, method, stream, options as GrpcOptions | null);
  }

  /**
   * Calls `callback` every `milliseconds` (at least 1), with this context in effect, until the timer is stopped or the
   * context ends. An arrow function may use `this`. A plugin's timers run in each worker thread. Source:
   * `proxy_set_tick_period_milliseconds`, which all timers of a plugin share.
   *
   * @example
   * this.every(60000, () => this.refresh());
   */
  every(milliseconds: u32, callback: () => void): Timer {
    return startTimer<() => void>(this, milliseconds, false, callback, run);
  }

  /** `every` with a function that is given `self`. */
  everyWith<T>(milliseconds: u32, self: T, callback: (self: T) => void): Timer {
    return startTimer<T>(this, milliseconds, false, self, callback);
  }

  /** Calls `callback` once after `milliseconds`; see `every`. */
  after(milliseconds: u32, callback: () => void): Timer {
    return startTimer<() => void>(this, milliseconds, true, callback, run);
  }

  /** `after` with a function that is given `self`. */
  afterWith<T>(milliseconds: u32, self: T, callback: (self: T) => void): Timer {
    return startTimer<T>(this, milliseconds, true, self, callback);
  }
}

function answer(callback: (result: GrpcResult) => void, result: GrpcResult): void {
  callback(result);
}

/** Calls a callback that needs nothing. */
function run(callback: () => void): void {
  callback();
}

/** Calls a callback that needs nothing but the result. */
function call(callback: (result: CallResult) => void, result: CallResult): void {
  callback(result);
}
