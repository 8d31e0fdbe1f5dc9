import { Body } from "../abi/body.js";
import { HeaderMap } from "../abi/header-map.js";
import type { Environment } from "../environment.js";
import type { Fields } from "../services/cluster.js";
import type { RequestInfo } from "../services/properties.js";
import { ResponseFlag } from "../services/response-flags.js";
import { DecodeDirection } from "./decode.js";
import { PauseHolders, Place } from "./direction.js";
import { EncodeDirection } from "./encode.js";
import type { HttpFilter, HttpStreamFilter } from "./filter.js";
import { isGrpcRequest, ownReply, prepareReply } from "./local-reply.js";
import type { LocalReply, PreparedReply } from "./local-reply.js";
import { newRequestInfo } from "./request-info.js";
import { ResponseWriter } from "./response-writer.js";
import type { Client, StreamOptions } from "./stream-options.js";

/** One HTTP request and its response, on their way through the filters. */
export class HttpStream {
  readonly info: RequestInfo;
  requestHeaders: HeaderMap | undefined;
  requestTrailers: HeaderMap | undefined;
  responseHeaders: HeaderMap | undefined;
  responseTrailers: HeaderMap | undefined;
  /** Values that filters leave for each other. */
  readonly filterState = new Map<string, { value: Uint8Array; readonly readonly: boolean }>();
  readonly decode: DecodeDirection;
  readonly encode: EncodeDirection;
  /** Tells whether the stream's end is being told. */
  isEnding = false;
  isDestroyed = false;
  /** The whole response has come from the filters. */
  localComplete = false;
  /** A filter holds headers, and its body callback could let them go, but is not called while they are held. */
  waitsForBody: "request" | "response" | undefined;
  /** Set when headers were changed: the route is chosen again. */
  routeStale = true;
  /** The whole request has come from the client. */
  isRemoteComplete = false;
  /** The request's method is HEAD: its response has no body. */
  isHead = false;
  /** The client asks for the connection's end behind the response. */
  closesConnection = false;
  private readonly writer: ResponseWriter;
  /** The stream was ended within, and not by the client. */
  private wasClosed = false;
  private pieces = 0;
  private prepared: PreparedReply | undefined;
  private isGrpc = false;
  private wasmFilters: readonly HttpStreamFilter[] = [];
  private router: HttpFilter | undefined;
  private requestBytes = 0;

  constructor(
    private readonly options: StreamOptions,
    client: Client,
  ) {
    const { bufferLimit } = options;
    this.info = newRequestInfo(options);
    this.writer = new ResponseWriter(this, client, options);
    const ofRequest = new PauseHolders<"filters" | "upstream">((paused) => client.pause?.(paused));
    this.decode = new DecodeDirection(this, bufferLimit, ofRequest);
    const ofResponse = new PauseHolders<"filters" | "client">((paused) => this.onPauseUpstream?.(paused));
    this.encode = new EncodeDirection(this, this.writer, bufferLimit, ofResponse);
  }

  get environment(): Environment {
    return this.options.environment;
  }

  get isHttp2(): boolean {
    return this.options.protocol === "HTTP/2";
  }

  // Events of the client

  /** The request's headers; `host` and `:authority` are one. */
  onHeaders(fields: Fields, endStream: boolean): void {
    const headers = HeaderMap.of(fields);
    this.requestHeaders = headers;
    this.isHead = headers.get(":method") === "HEAD";
    this.isGrpc = isGrpcRequest(headers);
    this.closesConnection = !this.isHttp2 && /(^|,)\s*close\s*(,|$)/i.test(headers.get("connection") ?? "");
    this.info.requestTotalSize = headers.byteSize;
    this.isRemoteComplete = endStream;
    this.createFilters();
    if (!headers.has(":authority")) {
      this.sendLocalReply({ ...ownReply(400, "missing_host_header") });
      return;
    }
    const upgrades = /(^|,)\s*upgrade\s*(,|$)/i.test(headers.get("connection") ?? "");
    if (!upgrades) for (const name of ["connection", "upgrade"]) headers.remove(name);
    for (const name of ["keep-alive", "proxy-connection", "transfer-encoding"]) headers.remove(name);
    if (!headers.has("x-forwarded-proto")) headers.add("x-forwarded-proto", "http");
    if (!headers.has("x-request-id")) headers.add("x-request-id", this.options.requestId());
    this.decode.passHeaders(undefined, headers, endStream);
  }

  onData(bytes: Uint8Array, endStream: boolean): void {
    if (this.isDestroyed) return;
    this.requestBytes += bytes.length;
    this.info.requestSize = this.requestBytes;
    this.info.requestTotalSize += bytes.length;
    this.isRemoteComplete ||= endStream;
    const data = Body.of(bytes);
    this.decode.passData(undefined, data, endStream);
    data.take();
    this.pieces++;
  }

  /** How many pieces of the request's body have passed: a piece is gone when the next number comes. */
  get passedPieces(): number {
    return this.pieces;
  }

  onTrailers(fields: Fields): void {
    if (this.isDestroyed) return;
    this.requestTrailers = HeaderMap.of(fields);
    this.isRemoteComplete = true;
    this.decode.passTrailers(undefined, this.requestTrailers);
  }

  /** The client went away. */
  onClientReset(): void {
    if (this.isDestroyed) return;
    this.writer.isCut = true;
    this.info.responseCodeDetails = "downstream_remote_disconnect";
    this.info.responseFlags |= ResponseFlag.ClientGone;
    this.destroy();
  }

  // Calls of filters and the router

  /** Chooses the route again when headers have changed: its name and cluster are properties. */
  refreshRoute(): void {
    if (!this.routeStale || this.requestHeaders === undefined) return;
    this.routeStale = false;
    this.router?.chooseRoute?.(this.requestHeaders);
  }

  addRequestTrailers(): HeaderMap {
    return (this.requestTrailers = new HeaderMap());
  }

  addResponseTrailers(): HeaderMap {
    return (this.responseTrailers ??= new HeaderMap());
  }

  /** The response of the router. */
  respond(headers: HeaderMap, endStream: boolean): void {
    if (this.isDestroyed || this.localComplete) return;
    this.info.responseCodeDetails = "via_upstream";
    this.info.responseCode = Number(headers.get(":status"));
    this.responseHeaders = headers;
    this.encode.passHeaders(undefined, headers, endStream);
  }

  respondData(bytes: Uint8Array, endStream: boolean): void {
    if (!this.isDestroyed && !this.localComplete) this.encode.passData(undefined, Body.of(bytes), endStream);
  }

  respondTrailers(trailers: HeaderMap): void {
    if (this.isDestroyed || this.localComplete) return;
    this.responseTrailers = trailers;
    this.encode.passTrailers(undefined, trailers);
  }

  /** Ends the stream without a response, or within one. */
  reset(): void {
    if (this.isDestroyed || this.isEnding) {
      this.wasClosed = true;
      return;
    }
    this.abortRunning();
    this.end();
  }

  /**
   * Tells whether a filter that closes the stream kills Envoy: request and response are over, and the codec's part of the stream
   * is gone. As long as the request is not complete, or the client went away, it is there.
   */
  get isCodecGone(): boolean {
    const isOver = this.isEnding || this.isDestroyed;
    return isOver && this.isRemoteComplete && (this.writer.isComplete || this.wasClosed);
  }

  /** Tells whether a local reply can only close the stream. */
  get hasResponseStarted(): boolean {
    return this.writer.hasStarted;
  }

  /** Answers the request in place of the upstream. */
  sendLocalReply(reply: LocalReply): void {
    this.abortRunning();
    if (this.writer.hasStarted && (this.isDestroyed || this.isEnding)) this.wasClosed = true;
    if (this.isDestroyed) return;
    this.info.responseCodeDetails = reply.details;
    if (!this.writer.hasStarted) this.info.responseCode = reply.status;
    if (this.responseHeaders === undefined) {
      this.createFilters();
      if (this.decode.isRunning) this.prepared ??= prepareReply(reply, this.isGrpc, this.isHead);
      else this.encodeReply(prepareReply(reply, this.isGrpc, this.isHead));
    } else if (!this.writer.hasStarted) this.replyDirectly(prepareReply(reply, this.isGrpc, this.isHead));
    else this.end();
  }

  /** Stops reading the request, as long as one of these holds it. */
  pauseClient(by: "filters" | "upstream", paused: boolean): void {
    this.decode.pauses.set(by, paused);
  }

  /** Stops reading the response, as long as one of these holds it. */
  pauseUpstream(by: "filters" | "client", paused: boolean): void {
    this.encode.pauses.set(by, paused);
  }

  /** Set by the router. */
  onPauseUpstream: ((paused: boolean) => void) | undefined;

  /** The callback that runs has ended the stream or answered the request: the message that it was given goes no further. */
  private abortRunning(): void {
    if (this.decode.isRunning) this.decode.isAborted = true;
    else if (this.encode.isRunning) this.encode.isAborted = true;
  }

  private createFilters(): void {
    if (this.router !== undefined) return;
    const { wasm, router } = this.options.filters(this);
    this.wasmFilters = wasm;
    this.router = router;
    this.decode.places = [...wasm, router].map((filter, i) => new Place(filter, i, this.decode));
    this.encode.places = [...wasm].reverse().map((filter, i) => new Place(filter, i, this.encode));
  }

  /** Sends the reply with which a filter's callback has answered the request, now that the callback is over. */
  sendPreparedReply(): void {
    const { prepared } = this;
    this.prepared = undefined;
    if (prepared !== undefined) this.encodeReply(prepared);
  }

  /** A reply on the response's way through the filters. */
  private encodeReply({ headers, body, endStream }: PreparedReply): void {
    this.responseHeaders = headers;
    this.encode.passHeaders(undefined, headers, endStream);
    if (!endStream && !this.isDestroyed) this.encode.passData(undefined, Body.of(body), true);
  }

  /** A reply past the filters, when they have begun with another response. */
  private replyDirectly({ headers, body, endStream }: PreparedReply): void {
    this.encode.streaming = true;
    this.responseHeaders = headers;
    this.writer.headers(headers, endStream);
    if (!endStream && !this.isDestroyed) this.writer.data(body, true);
  }

  /** The response is complete, or there will be none. */
  end(): void {
    if (this.isDestroyed || this.isEnding) return;
    this.localComplete = true;
    if (!this.writer.isComplete) {
      this.wasClosed = true;
      this.writer.cut();
    }
    this.destroy();
  }

  private destroy(): void {
    if (this.isDestroyed || this.isEnding) return;
    this.isEnding = true;
    this.info.endTime = this.environment.loop.now();
    for (const filter of this.wasmFilters) filter.onLog();
    this.options.onLog(this);
    this.isDestroyed = true;
    for (const filter of this.wasmFilters) filter.onDestroy();
    this.router?.onDestroy();
    this.isEnding = false;
  }
}
