import type { Body } from "../abi/body.js";
import type { Environment } from "../environment.js";
import type { HeaderMap } from "../abi/header-map.js";
import type { HttpFilter, HttpStreamFilter } from "./filter.js";
import type { Direction, Place } from "./side.js";
import type { HttpStream } from "./stream.js";

/** The request of a stream. */
export class DecodeDirection implements Direction<HttpFilter> {
  buffered: Body | undefined;
  streaming = true;

  constructor(private readonly stream: HttpStream) {}

  get trailers(): HeaderMap | undefined {
    return this.stream.requestTrailers;
  }

  get isComplete(): boolean {
    return this.stream.isRemoteComplete;
  }

  get isDestroyed(): boolean {
    return this.stream.isDestroyed;
  }

  get canContinue(): boolean {
    return !this.stream.localComplete && !this.stream.isDestroyed;
  }

  newBuffer(): Body {
    return this.stream.newRequestBuffer();
  }

  doHeaders(place: Place<HttpFilter>, endStream: boolean): void {
    this.stream.decodeHeaders(place, this.stream.requestHeaders!, endStream);
  }

  doData(place: Place<HttpFilter>, endStream: boolean): void {
    this.stream.decodeData(place, this.buffered!, endStream);
  }

  doTrailers(place: Place<HttpFilter>): void {
    this.stream.decodeTrailers(place, this.stream.requestTrailers!);
  }
}

/** The response of a stream. */
export class EncodeDirection implements Direction<HttpStreamFilter> {
  buffered: Body | undefined;
  streaming = true;

  constructor(private readonly stream: HttpStream) {}

  get trailers(): HeaderMap | undefined {
    return this.stream.responseTrailers;
  }

  get isComplete(): boolean {
    return this.stream.localComplete;
  }

  get isDestroyed(): boolean {
    return this.stream.isDestroyed;
  }

  get canContinue(): boolean {
    return !this.stream.isEncodeComplete && !this.stream.isDestroyed;
  }

  newBuffer(): Body {
    return this.stream.newResponseBuffer();
  }

  doHeaders(place: Place<HttpStreamFilter>, endStream: boolean): void {
    const { responseHeaders, environment } = this.stream;
    if (responseHeaders === undefined) {
      refuseWithoutHeaders(environment);
      return;
    }
    this.stream.encodeHeaders(place, responseHeaders, endStream);
  }

  doData(place: Place<HttpStreamFilter>, endStream: boolean): void {
    this.stream.encodeData(place, this.buffered!, endStream);
  }

  doTrailers(place: Place<HttpStreamFilter>): void {
    this.stream.encodeTrailers(place, this.stream.responseTrailers!);
  }
}

/** Envoy would use headers that are not there. */
export function refuseWithoutHeaders(environment: Environment): void {
  environment.crash(
    "proxy_continue_stream(1) of a response that has no headers yet",
    "Continue the response only after on_response_headers.",
  );
}
