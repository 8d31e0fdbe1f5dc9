import { Body } from "../abi/body.js";
import { HeaderMap } from "../abi/header-map.js";
import { noBytes } from "../abi/text.js";
import type { Environment } from "../environment.js";
import type { Fields } from "../services/cluster.js";
import type { ConnectionInfo, RequestInfo } from "../services/properties.js";
import { ResponseFlag } from "../services/response-flags.js";
import { DecodeDirection, EncodeDirection, refuseWithoutHeaders } from "./directions.js";
import { DataStatus, HeadersStatus, TrailersStatus } from "./filter.js";
import type { HttpFilter, HttpStreamFilter } from "./filter.js";
import { detailsOf, responseProblem } from "./header-checks.js";
import { ownReply, prepareReply } from "./local-reply.js";
import type { LocalReply, PreparedReply } from "./local-reply.js";
import { newRequestInfo } from "./request-info.js";
import { Place } from "./side.js";
import type { Direction } from "./side.js";

/** The receiver of a response: the client. */
export interface Client {
  headers(fields: Fields, endStream: boolean): void;
  data(bytes: Uint8Array, endStream: boolean): void;
  trailers(fields: Fields): void;
  /** The connection, or HTTP/2 stream, is cut. */
  reset(): void;
  /** The stream holds more than it may: send nothing more until this is called with false. */
  pause?(paused: boolean): void;
}

/** The treatment of a response's `server` header; Envoy's `server_header_transformation`. */
export type ServerHeader = "OVERWRITE" | "APPEND_IF_ABSENT" | "PASS_THROUGH";

/** The parts and settings of a stream. */
export interface StreamOptions {
  readonly environment: Environment;
  readonly connection: ConnectionInfo;
  readonly protocol: "HTTP/1.1" | "HTTP/2";
  /** The most bytes that a filter may hold back. */
  readonly bufferLimit: number;
  readonly requestId: () => string;
  readonly serverHeader?: ServerHeader | undefined;
  /** The filters in the order in which requests pass them; the last is the router. */
  readonly filters: (stream: HttpStream) => {
    readonly wasm: readonly HttpStreamFilter[];
    readonly router: HttpFilter;
  };
  /** Access loggers that are no filters. */
  readonly onLog: (stream: HttpStream) => void;
}

/** Which filter callbacks run: a local reply acts differently in each. */
const DECODE_HEADERS = 1;
const DECODE_DATA = 2;
const DECODE_TRAILERS = 4;
const DECODING = 7;
const ENCODE_HEADERS = 8;
const ENCODE_DATA = 16;
const ENCODE_TRAILERS = 32;
const ENCODING = 56;

/** One HTTP request and its response, on their way through the filters. */
export class HttpStream {
  readonly info: RequestInfo;
  requestHeaders: HeaderMap | undefined;
  requestTrailers: HeaderMap | undefined;
  responseHeaders: HeaderMap | undefined;
  responseTrailers: HeaderMap | undefined;
  /** Values that filters leave for each other. */
  readonly filterState = new Map<string, { value: Uint8Array; readonly readonly: boolean }>();
  readonly decode: Direction<HttpFilter>;
  readonly encode: Direction<HttpStreamFilter>;
  /** Tells whether the stream's end is being told. */
  isEnding = false;
  isDestroyed = false;
  /** The whole response has come from the filters. */
  localComplete = false;
  /** A filter holds headers, and its body callback could let them go, but is not called while they are held. */
  waitsForBody: "request" | "response" | undefined;
  /** Set when headers were changed: the route is chosen again. */
  routeStale = true;
  private remoteComplete = false;
  /** The whole response has gone out. */
  private encodeComplete = false;
  private responseStarted = false;
  private wasReset = false;
  /** The stream was ended within, and not by the client. */
  private wasClosed = false;
  private pieces = 0;
  private decoderAborted = false;
  private encoderAborted = false;
  private prepared: PreparedReply | undefined;
  private calls = 0;
  private isHead = false;
  private isGrpc = false;
  private closesConnection = false;
  private decoders: Place<HttpFilter>[] = [];
  private encoders: Place<HttpStreamFilter>[] = [];
  private wasmFilters: readonly HttpStreamFilter[] = [];
  private router: HttpFilter | undefined;
  private requestBytes = 0;
  private readonly requestHolders = new Set<string>();
  private readonly responseHolders = new Set<string>();

  constructor(
    private readonly options: StreamOptions,
    private readonly client: Client,
  ) {
    this.info = newRequestInfo(options);
    this.decode = new DecodeDirection(this);
    this.encode = new EncodeDirection(this);
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
    this.isGrpc = /^application\/grpc($|\+)/.test(headers.get("content-type") ?? "");
    this.closesConnection = !this.isHttp2 && /(^|,)\s*close\s*(,|$)/i.test(headers.get("connection") ?? "");
    this.info.requestTotalSize = headers.byteSize;
    this.remoteComplete = endStream;
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
    this.decodeHeaders(undefined, headers, endStream);
  }

  onData(bytes: Uint8Array, endStream: boolean): void {
    if (this.isDestroyed) return;
    this.requestBytes += bytes.length;
    this.info.requestSize = this.requestBytes;
    this.info.requestTotalSize += bytes.length;
    this.remoteComplete ||= endStream;
    const data = Body.of(bytes);
    this.decodeData(undefined, data, endStream);
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
    this.remoteComplete = true;
    this.decodeTrailers(undefined, this.requestTrailers);
  }

  /** The client went away. */
  onClientReset(): void {
    if (this.isDestroyed) return;
    this.wasReset = true;
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

  /** Lets go of the request that this filter holds. */
  continueDecoding(filter: HttpFilter): void {
    this.decoders.find((place) => place.filter === filter)?.resume();
  }

  continueEncoding(filter: HttpStreamFilter): void {
    if (this.isEnding && this.responseHeaders === undefined) refuseWithoutHeaders(this.environment);
    this.encoders.find((place) => place.filter === filter)?.resume();
  }

  /** Adds data to what a filter holds, while its data callback runs. */
  holdRequest(filter: HttpFilter, data: Body): void {
    this.decode.streaming = false;
    this.decoders.find((place) => place.filter === filter)!.hold(data);
  }

  holdResponse(filter: HttpStreamFilter, data: Body): void {
    this.encode.streaming = false;
    this.encoders.find((place) => place.filter === filter)!.hold(data);
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
    this.encodeHeaders(undefined, headers, endStream);
  }

  respondData(bytes: Uint8Array, endStream: boolean): void {
    if (!this.isDestroyed && !this.localComplete) this.encodeData(undefined, Body.of(bytes), endStream);
  }

  respondTrailers(trailers: HeaderMap): void {
    if (this.isDestroyed || this.localComplete) return;
    this.responseTrailers = trailers;
    this.encodeTrailers(undefined, trailers);
  }

  /** Ends the stream without a response, or within one. */
  reset(): void {
    if (this.isDestroyed || this.isEnding) {
      this.wasClosed = true;
      return;
    }
    if ((this.calls & DECODING) !== 0) this.decoderAborted = true;
    else if ((this.calls & ENCODING) !== 0) this.encoderAborted = true;
    this.endStream();
  }

  /**
   * Tells whether a filter that closes the stream kills Envoy: request and response are over, and the codec's part of the stream
   * is gone. As long as the request is not complete, or the client went away, it is there.
   */
  get isCodecGone(): boolean {
    return (
      (this.isEnding || this.isDestroyed) && this.remoteComplete && (this.encodeComplete || this.wasClosed)
    );
  }

  /** Tells whether a local reply can only close the stream. */
  get hasResponseStarted(): boolean {
    return this.responseStarted;
  }

  /** Answers the request in place of the upstream. */
  sendLocalReply(reply: LocalReply): void {
    if ((this.calls & DECODING) !== 0) this.decoderAborted = true;
    else if ((this.calls & ENCODING) !== 0) this.encoderAborted = true;
    if (this.responseStarted && (this.isDestroyed || this.isEnding)) this.wasClosed = true;
    if (this.isDestroyed) return;
    this.info.responseCodeDetails = reply.details;
    if (!this.responseStarted) this.info.responseCode = reply.status;
    if (this.responseHeaders === undefined) {
      this.createFilters();
      if ((this.calls & DECODING) !== 0) this.prepared ??= prepareReply(reply, this.isGrpc, this.isHead);
      else this.encodeReply(prepareReply(reply, this.isGrpc, this.isHead));
    } else if (!this.responseStarted) this.replyDirectly(prepareReply(reply, this.isGrpc, this.isHead));
    else this.endStream();
  }

  // The request's way

  decodeHeaders(after: Place<HttpFilter> | undefined, headers: HeaderMap, endStream: boolean): void {
    for (let i = after === undefined ? 0 : after.index + 1; i < this.decoders.length; i++) {
      const place = this.decoders[i]!;
      place.endStream = endStream;
      this.calls |= DECODE_HEADERS;
      let status = place.filter.decodeHeaders(headers, endStream);
      this.calls &= ~DECODE_HEADERS;
      if (this.decoderAborted) {
        this.executePrepared();
        status = HeadersStatus.StopIteration;
      }
      const goesOn = place.afterHeaders(status);
      if (this.localComplete || !goesOn) return;
    }
  }

  decodeData(from: Place<HttpFilter> | undefined, data: Body, endStream: boolean): void {
    if (this.localComplete) return;
    let addedAt: Place<HttpFilter> | undefined;
    const hadTrailers = this.requestTrailers !== undefined;
    for (let i = first(from); i < this.decoders.length; i++) {
      const place = this.decoders[i]!;
      if (place.holdIfStoppedAll(data) || place.endStream) return;
      this.calls |= DECODE_DATA;
      place.endStream = endStream && this.requestTrailers === undefined;
      const status = place.filter.decodeData(data, place.endStream);
      this.calls &= ~DECODE_DATA;
      if (this.decoderAborted) {
        this.executePrepared();
        return;
      }
      if (!hadTrailers && this.requestTrailers !== undefined && addedAt === undefined) {
        endStream = false;
        addedAt = place;
      }
      if (!place.afterData(status, data) && i + 1 < this.decoders.length) break;
    }
    if (addedAt !== undefined) this.decodeTrailers(addedAt, this.requestTrailers!);
  }

  decodeTrailers(from: Place<HttpFilter> | undefined, trailers: HeaderMap): void {
    if (this.localComplete) return;
    for (let i = first(from); i < this.decoders.length; i++) {
      const place = this.decoders[i]!;
      if (place.stoppedAll) return;
      this.calls |= DECODE_TRAILERS;
      let status = place.filter.decodeTrailers(trailers);
      place.endStream = true;
      this.calls &= ~DECODE_TRAILERS;
      if (this.decoderAborted) {
        this.executePrepared();
        status = TrailersStatus.Stop;
      }
      if (!place.afterTrailers(status)) return;
    }
  }

  // The response's way

  encodeHeaders(after: Place<HttpStreamFilter> | undefined, headers: HeaderMap, endStream: boolean): void {
    if (after === undefined) this.localComplete = endStream;
    for (let i = after === undefined ? 0 : after.index + 1; i < this.encoders.length; i++) {
      const place = this.encoders[i]!;
      place.endStream = endStream;
      this.calls |= ENCODE_HEADERS;
      let status = place.filter.encodeHeaders(headers, endStream);
      if (this.encoderAborted) status = HeadersStatus.StopIteration;
      this.calls &= ~ENCODE_HEADERS;
      if (!place.afterHeaders(status)) return;
    }
    const problem = responseProblem(headers);
    if (problem !== undefined) {
      const details = `filter_removed_required_response_headers{${detailsOf(problem)}}`;
      this.sendLocalReply(ownReply(502, details, problem));
      return;
    }
    this.send(headers, endStream);
  }

  encodeData(from: Place<HttpStreamFilter> | undefined, data: Body, endStream: boolean): void {
    if (from === undefined) this.localComplete = endStream;
    let addedAt: Place<HttpStreamFilter> | undefined;
    const hadTrailers = this.responseTrailers !== undefined;
    for (let i = first(from); i < this.encoders.length; i++) {
      const place = this.encoders[i]!;
      if (place.holdIfStoppedAll(data) || place.endStream) return;
      this.calls |= ENCODE_DATA;
      place.endStream = endStream && this.responseTrailers === undefined;
      let status = place.filter.encodeData(data, place.endStream);
      if (this.encoderAborted) status = DataStatus.StopNoBuffer;
      this.calls &= ~ENCODE_DATA;
      if (!hadTrailers && this.responseTrailers !== undefined) addedAt ??= place;
      if (!place.afterData(status, data)) return;
    }
    const isEnd = endStream && addedAt === undefined;
    this.sendData(data.take(), isEnd);
    if (addedAt !== undefined && !this.isDestroyed) this.encodeTrailers(addedAt, this.responseTrailers!);
  }

  encodeTrailers(from: Place<HttpStreamFilter> | undefined, trailers: HeaderMap): void {
    if (from === undefined) this.localComplete = true;
    for (let i = first(from); i < this.encoders.length; i++) {
      const place = this.encoders[i]!;
      if (place.stoppedAll) return;
      this.calls |= ENCODE_TRAILERS;
      const status = place.filter.encodeTrailers(trailers);
      place.endStream = true;
      this.calls &= ~ENCODE_TRAILERS;
      if (!place.afterTrailers(status)) return;
    }
    if (this.wasReset) return;
    // HTTP/1 has trailers behind chunks only, not behind a body of a given length.
    if (this.isHttp2 || this.responseHeaders?.has("content-length") !== true)
      this.client.trailers(trailers.pairs());
    else this.client.data(noBytes, true);
    this.finish();
  }

  newRequestBuffer(): Body {
    return new Body(
      this.options.bufferLimit,
      () => this.onRequestTooLarge(),
      () => this.pauseClient("filters", false),
    );
  }

  newResponseBuffer(): Body {
    return new Body(
      this.options.bufferLimit,
      () => this.onResponseTooLarge(),
      () => this.pauseUpstream("filters", false),
    );
  }

  /** Stops reading the request, as long as one of these holds it. */
  pauseClient(by: "filters" | "upstream", paused: boolean): void {
    if (switched(this.requestHolders, by, paused)) this.client.pause?.(paused);
  }

  /** Stops reading the response, as long as one of these holds it. */
  pauseUpstream(by: "filters" | "client", paused: boolean): void {
    if (switched(this.responseHolders, by, paused)) this.onPauseUpstream?.(paused);
  }

  /** Set by the router. */
  onPauseUpstream: ((paused: boolean) => void) | undefined;

  get isRemoteComplete(): boolean {
    return this.remoteComplete;
  }

  get isEncodeComplete(): boolean {
    return this.encodeComplete;
  }

  private onRequestTooLarge(): void {
    if (this.decode.streaming) this.pauseClient("filters", true);
    else this.sendLocalReply(ownReply(413, "request_payload_too_large"));
  }

  private onResponseTooLarge(): void {
    if (this.encode.streaming) this.pauseUpstream("filters", true);
    else this.sendLocalReply(ownReply(500, "response_payload_too_large"));
  }

  private createFilters(): void {
    if (this.router !== undefined) return;
    const { wasm, router } = this.options.filters(this);
    this.wasmFilters = wasm;
    this.router = router;
    this.decoders = [...wasm, router].map((filter, i) => new Place(filter, i, this.decode));
    this.encoders = [...wasm].reverse().map((filter, i) => new Place(filter, i, this.encode));
  }

  private executePrepared(): void {
    const { prepared } = this;
    this.prepared = undefined;
    if (prepared !== undefined) this.encodeReply(prepared);
  }

  /** A reply on the response's way through the filters. */
  private encodeReply({ headers, body, endStream }: PreparedReply): void {
    this.responseHeaders = headers;
    this.encodeHeaders(undefined, headers, endStream);
    if (!endStream && !this.isDestroyed) this.encodeData(undefined, Body.of(body), true);
  }

  /** A reply past the filters, when they have begun with another response. */
  private replyDirectly({ headers, body, endStream }: PreparedReply): void {
    this.encode.streaming = true;
    this.responseHeaders = headers;
    this.send(headers, endStream);
    if (!endStream && !this.isDestroyed) this.sendData(body, true);
  }

  private send(headers: HeaderMap, endStream: boolean): void {
    if (this.responseStarted)
      this.warn("the response's headers go out twice: it was continued and continued itself");
    this.responseStarted = true;
    if (!headers.has("date")) headers.add("date", new Date(this.environment.loop.now()).toUTCString());
    const { serverHeader = "OVERWRITE" } = this.options;
    if (serverHeader === "OVERWRITE" || (serverHeader === "APPEND_IF_ABSENT" && !headers.has("server")))
      headers.put("server", "envoy");
    const upgrades = headers.get(":status") === "101";
    for (const name of ["transfer-encoding", "keep-alive", "proxy-connection"]) headers.remove(name);
    if (!upgrades) for (const name of ["connection", "upgrade"]) headers.remove(name);
    if (!this.isHttp2 && !upgrades && (this.closesConnection || !this.remoteComplete))
      headers.put("connection", "close");
    this.info.responseCode = Number(headers.get(":status"));
    this.info.responseTotalSize += headers.byteSize;
    if (this.wasReset) return;
    this.client.headers(this.framed(headers, endStream), endStream);
    if (endStream) this.finish();
  }

  /** HTTP/1 says that there is no body where there might be one. */
  private framed(headers: HeaderMap, endStream: boolean): Fields {
    const code = this.info.responseCode!;
    const mayHaveBody = endStream && !this.isHead && code >= 200 && code !== 204;
    if (this.isHttp2 || !mayHaveBody || headers.has("content-length")) return headers.pairs();
    return [...headers.pairs(), ["content-length", "0"]];
  }

  private sendData(bytes: Uint8Array, endStream: boolean): void {
    if (this.wasReset) return;
    this.info.responseSize += bytes.length;
    this.info.responseTotalSize += bytes.length;
    this.client.data(bytes, endStream);
    if (endStream) this.finish();
  }

  private warn(message: string): void {
    this.environment.log({ level: "warn", from: "", message, contextId: 0, ofModule: false });
  }

  private finish(): void {
    this.encodeComplete = true;
    this.endStream();
  }

  /** The response is complete, or there will be none. */
  private endStream(): void {
    if (this.isDestroyed || this.isEnding) return;
    this.localComplete = true;
    if (!this.encodeComplete) {
      this.wasReset = true;
      this.wasClosed = true;
      this.client.reset();
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

/** The index at which data and trailers begin: that of the filter whose stop is being lifted, or of the next one. */
function first<F>(from: Place<F> | undefined): number {
  if (from === undefined) return 0;
  return from.startHere ? from.index : from.index + 1;
}

/** Adds or removes a holder; whether the first has come or the last has gone. */
function switched(holders: Set<string>, by: string, holds: boolean): boolean {
  const { size } = holders;
  if (holds) holders.add(by);
  else holders.delete(by);
  return size > 0 !== holders.size > 0;
}
