import { BufferType, MapType, StreamType } from "../abi/enums.js";
import type { Body } from "../abi/body.js";
import type { HeaderMap } from "../abi/header-map.js";
import { Status } from "../abi/status.js";
import { BodyBuffer } from "../context.js";
import type { GuestBuffer, LocalResponse } from "../context.js";
import type { RootContext } from "../root-context.js";
import { StreamContext } from "../stream-context.js";
import { attribute } from "../services/attributes.js";
import type { Found } from "../services/properties.js";
import type { Plugin } from "../vm/plugin.js";
import { HttpCallbacks } from "./callbacks.js";
import { DataStatus, HeadersStatus, TrailersStatus } from "./filter.js";
import type { HttpStreamFilter } from "./filter.js";
import { detailsOf } from "./header-checks.js";
import type { HttpStream } from "./stream.js";

/** A stream's context: a Wasm filter of the chain. */
export class HttpContext extends StreamContext implements HttpStreamFilter {
  private requestHeaders: HeaderMap | undefined;
  private requestTrailers: HeaderMap | undefined;
  private responseHeaders: HeaderMap | undefined;
  private responseTrailers: HeaderMap | undefined;
  private requestBody: Body | undefined;
  private responseBody: Body | undefined;
  /** A body callback answered AndBuffer: the body is what is held back. */
  private holdsRequest = false;
  private holdsResponse = false;
  /** Which body callback runs. */
  private inBody: "request" | "response" | undefined;
  /** The request's last piece, by its number, which is memory that Envoy has freed as soon as it has passed. */
  private lastPiece: number | undefined;
  private endOfStream = false;
  private logging = false;
  private destroyed = false;
  private readonly callbacks: HttpCallbacks;

  constructor(
    rootContext: RootContext,
    private readonly stream: HttpStream,
    settings: Plugin,
  ) {
    super(rootContext, settings);
    this.callbacks = new HttpCallbacks(this, stream);
  }

  // The way of the request and the response

  decodeHeaders(headers: HeaderMap, endStream: boolean): HeadersStatus {
    this.create();
    this.requestHeaders = headers;
    this.endOfStream = endStream;
    const status = this.callbacks.onHeaders("proxy_on_request_headers", headers, endStream);
    if (status === HeadersStatus.Continue) this.requestHeaders = undefined;
    return status;
  }

  decodeData(data: Body, endStream: boolean): DataStatus {
    if (!this.created) return DataStatus.Continue;
    if (this.holdsRequest) {
      this.stream.decode.hold(this, data);
      if (this.destroyed) return DataStatus.StopAndBuffer;
    }
    this.requestBody = data;
    this.endOfStream = endStream;
    this.lastPiece = endStream && !this.stream.isHttp2 ? this.stream.passedPieces : undefined;
    this.inBody = "request";
    const size = this.body(BufferType.HttpRequestBody).length;
    const status = this.callbacks.onBody("proxy_on_request_body", size, endStream);
    this.inBody = undefined;
    this.holdsRequest = status === DataStatus.StopAndBuffer;
    if (status === DataStatus.Continue) this.requestBody = undefined;
    return status;
  }

  decodeTrailers(trailers: HeaderMap): TrailersStatus {
    if (!this.created) return TrailersStatus.Continue;
    this.requestTrailers = trailers;
    const status = this.callbacks.onTrailers("proxy_on_request_trailers", trailers);
    if (status === TrailersStatus.Continue) this.requestTrailers = undefined;
    return status;
  }

  encodeHeaders(headers: HeaderMap, endStream: boolean): HeadersStatus {
    if (!this.created || this.callbacks.hasReplied) return HeadersStatus.Continue;
    this.responseHeaders = headers;
    this.endOfStream = endStream;
    const status = this.callbacks.onHeaders("proxy_on_response_headers", headers, endStream);
    if (status === HeadersStatus.Continue) this.responseHeaders = undefined;
    return status;
  }

  encodeData(data: Body, endStream: boolean): DataStatus {
    if (!this.created || this.callbacks.hasReplied) return DataStatus.Continue;
    if (this.holdsResponse) {
      this.stream.encode.hold(this, data);
      if (this.destroyed) return DataStatus.StopAndBuffer;
    }
    this.responseBody = data;
    this.endOfStream = endStream;
    this.inBody = "response";
    const size = this.body(BufferType.HttpResponseBody).length;
    const status = this.callbacks.onBody("proxy_on_response_body", size, endStream);
    this.inBody = undefined;
    this.holdsResponse = status === DataStatus.StopAndBuffer;
    if (status === DataStatus.Continue) this.responseBody = undefined;
    return status;
  }

  encodeTrailers(trailers: HeaderMap): TrailersStatus {
    if (!this.created || this.callbacks.hasReplied) return TrailersStatus.Continue;
    this.responseTrailers = trailers;
    const status = this.callbacks.onTrailers("proxy_on_response_trailers", trailers);
    if (status === TrailersStatus.Continue) this.responseTrailers = undefined;
    return status;
  }

  override onLog(): void {
    if (!this.created) this.create();
    this.logging = true;
    super.onLog();
    this.logging = false;
  }

  onDestroy(): void {
    if (this.destroyed || !this.created) {
      this.vm.environment.loop.atEnd(() => this.vm.contexts.delete(this.id));
      return;
    }
    this.destroyed = true;
    this.onDone();
    this.onDelete();
    this.vm.environment.loop.atEnd(() => this.vm.contexts.delete(this.id));
  }

  // Calls of the module

  override mapForReading(type: number): HeaderMap | undefined {
    switch (type) {
      case MapType.RequestHeaders:
        return this.logging ? this.stream.requestHeaders : this.requestHeaders;
      case MapType.RequestTrailers:
        return this.logging ? undefined : this.requestTrailers;
      case MapType.ResponseHeaders:
        return this.logging ? this.stream.responseHeaders : this.responseHeaders;
      case MapType.ResponseTrailers:
        return this.logging ? this.stream.responseTrailers : this.responseTrailers;
      default:
        return this.rootContext.calloutMap(type);
    }
  }

  override mapForWriting(type: number): HeaderMap | undefined {
    switch (type) {
      case MapType.RequestHeaders:
        return this.requestHeaders;
      case MapType.RequestTrailers:
        if (this.requestBody !== undefined && this.endOfStream)
          this.requestTrailers ??= this.stream.addRequestTrailers();
        return this.requestTrailers;
      case MapType.ResponseHeaders:
        return this.responseHeaders;
      case MapType.ResponseTrailers:
        if (this.responseBody !== undefined && this.endOfStream)
          this.responseTrailers ??= this.stream.addResponseTrailers();
        return this.responseTrailers;
      default:
        return undefined;
    }
  }

  override get isLogging(): boolean {
    return this.logging;
  }

  override mapReason(type: number): string {
    const names = ["request headers", "request trailers", "response headers", "response trailers"];
    const name = names[type] ?? `header map ${type}`;
    if (type > MapType.ResponseTrailers)
      return `header map ${type} is there only in the callback that brings it`;
    return `the ${name} are there only from their own callback until it continues`;
  }

  override onMapChanged(type: number): void {
    if (type === MapType.RequestHeaders) this.stream.routeStale = true;
  }

  override buffer(type: number): GuestBuffer | undefined {
    if (type === BufferType.HttpRequestBody || type === BufferType.HttpResponseBody) return this.body(type);
    return super.buffer(type);
  }

  private body(type: number): GuestBuffer {
    const isRequest = type === BufferType.HttpRequestBody;
    if (isRequest ? this.holdsRequest : this.holdsResponse)
      return new BodyBuffer(
        isRequest ? this.stream.decode.buffered : this.stream.encode.buffered,
        "nothing is held back",
      );
    const side = isRequest ? "request" : "response";
    const body = isRequest ? this.requestBody : this.responseBody;
    if (body === undefined || this.inBody === side)
      return new BodyBuffer(
        body,
        `the ${side} body is there only in its own callback, and while it is held back`,
      );
    // The callback answered 2 or 3: Envoy still has the address of a piece that has passed. Every piece but the last is empty
    // then.
    if (isRequest) {
      const isGone = this.lastPiece !== undefined && this.lastPiece < this.stream.passedPieces;
      if (!isGone) return new BodyBuffer(body, "");
    }
    if (isRequest || this.stream.isEnding)
      this.vm.environment.crash(
        `the ${side} body is accessed outside its callback, after that answered StopIterationAndWatermark or StopIterationNoBuffer, which is memory that is freed`,
        "Answer StopIterationAndBuffer to keep the body at hand, or access it in its callback.",
      );
    // In a resumption, the piece is what is held back, which stays.
    const isHeld = body === this.stream.encode.buffered;
    return new BodyBuffer(isHeld ? body : undefined, `the ${side} body is there only in its own callback`);
  }

  override continueStream(type: number): Status {
    this.stream.waitsForBody = undefined;
    if (type === StreamType.Request) this.vm.afterCall(() => this.stream.decode.resume(this));
    else if (type === StreamType.Response) this.vm.afterCall(() => this.stream.encode.resume(this));
    else return super.continueStream(type);
    this.requestHeaders = undefined;
    this.requestBody = undefined;
    this.requestTrailers = undefined;
    return Status.Ok;
  }

  override closeStream(type: number): Status {
    if (type > StreamType.Response) return super.closeStream(type);
    this.stream.info.responseCodeDetails ??= "wasm_close_stream";
    this.vm.afterCall(() => {
      if (this.stream.isCodecGone) this.refuse("proxy_close_stream");
      this.stream.reset();
    });
    return Status.Ok;
  }

  override sendLocalResponse(response: LocalResponse): void {
    const { grpcStatus } = response;
    this.vm.afterCall(() => {
      if (this.stream.isCodecGone && this.stream.hasResponseStarted) this.refuse("proxy_send_local_response");
      this.stream.sendLocalReply({
        status: response.status & 0xffff,
        body: response.body,
        headers: response.headers,
        grpcStatus: grpcStatus >= 0 && grpcStatus <= 16 ? grpcStatus : undefined,
        details: detailsOf(response.details),
      });
    });
  }

  override property(path: readonly string[]): Found {
    const set = this.vm.environment.properties.get(path.join("."));
    if (set !== undefined) return set;
    const visible = {
      requestHeaders: this.requestHeaders ?? (this.logging ? this.stream.requestHeaders : undefined),
      responseHeaders: this.responseHeaders ?? (this.logging ? this.stream.responseHeaders : undefined),
      responseTrailers: this.responseTrailers ?? (this.logging ? this.stream.responseTrailers : undefined),
    };
    if (path[0] === "xds" || path[0] === "upstream") this.stream.refreshRoute();
    const found = attribute(path, this.stream.info, visible) ?? super.property(path);
    if (found !== undefined) return found;
    if (path[0] === "filter_state" && path.length === 2) return this.stream.filterState.get(path[1]!)?.value;
    return path.length === 1 ? this.stream.filterState.get(`wasm.${path[0]}`)?.value : undefined;
  }

  override setProperty(path: string, value: Uint8Array): Status {
    const key = `wasm.${path}`;
    const state = this.stream.filterState.get(key);
    if (state?.readonly === true)
      return this.vm.because(Status.BadArgument, `the property ${path} was declared read-only and is set`);
    const readonly = this.rootContext.declaredProperties.get(path)?.readonly ?? false;
    this.stream.filterState.set(key, { value, readonly });
    return Status.Ok;
  }

  override setFilterState(name: string, value: Uint8Array): boolean {
    this.stream.filterState.set(name, { value, readonly: false });
    return true;
  }

  private refuse(call: string): void {
    this.vm.environment.crash(
      this.stream.isEnding
        ? `${call} in on_log, on_done or on_delete of an HTTP stream`
        : `${call} of an HTTP stream that was answered or closed in the same callback`,
      "Reply to a stream once, or close it, and do neither when it has ended.",
    );
  }
}
