import type { Body } from "../abi/body.js";
import type { HeaderMap } from "../abi/header-map.js";
import type { Environment } from "../environment.js";
import { Direction, Running, firstIndex } from "./direction.js";
import type { PauseHolders, Place } from "./direction.js";
import { DataStatus, HeadersStatus } from "./filter.js";
import type { HttpStreamFilter } from "./filter.js";
import { detailsOf, responseProblem } from "./header-checks.js";
import { ownReply } from "./local-reply.js";
import type { LocalReply } from "./local-reply.js";
import type { ResponseWriter } from "./response-writer.js";
import type { HttpStream } from "./stream.js";

/** The response of a stream, on its way from the router through the filters to the client. */
export class EncodeDirection extends Direction<HttpStreamFilter, "client"> {
  constructor(
    stream: HttpStream,
    private readonly writer: ResponseWriter,
    bufferLimit: number,
    pauses: PauseHolders<"filters" | "client">,
  ) {
    super(stream, bufferLimit, pauses);
  }

  get trailers(): HeaderMap | undefined {
    return this.stream.responseTrailers;
  }

  get isComplete(): boolean {
    return this.stream.localComplete;
  }

  get canContinue(): boolean {
    return !this.writer.isComplete && !this.stream.isDestroyed;
  }

  protected override tooLarge(): LocalReply {
    return ownReply(500, "response_payload_too_large");
  }

  override resume(filter: HttpStreamFilter): void {
    const { stream } = this;
    if (stream.isEnding && stream.responseHeaders === undefined) refuseWithoutHeaders(stream.environment);
    super.resume(filter);
  }

  doHeaders(place: Place<HttpStreamFilter>, endStream: boolean): void {
    const { responseHeaders, environment } = this.stream;
    if (responseHeaders === undefined) {
      refuseWithoutHeaders(environment);
      return;
    }
    this.passHeaders(place, responseHeaders, endStream);
  }

  doData(place: Place<HttpStreamFilter>, endStream: boolean): void {
    this.passData(place, this.buffered!, endStream);
  }

  doTrailers(place: Place<HttpStreamFilter>): void {
    this.passTrailers(place, this.stream.responseTrailers!);
  }

  /** Headers on their way to the filters behind this one, or to all, and then to the client. */
  passHeaders(after: Place<HttpStreamFilter> | undefined, headers: HeaderMap, endStream: boolean): void {
    if (after === undefined) this.stream.localComplete = endStream;
    for (let i = after === undefined ? 0 : after.index + 1; i < this.places.length; i++) {
      const place = this.places[i]!;
      place.endStream = endStream;
      this.running |= Running.Headers;
      let status = place.filter.encodeHeaders(headers, endStream);
      if (this.isAborted) status = HeadersStatus.StopIteration;
      this.running &= ~Running.Headers;
      if (!place.afterHeaders(status)) return;
    }
    const problem = responseProblem(headers);
    if (problem !== undefined) {
      const details = `filter_removed_required_response_headers{${detailsOf(problem)}}`;
      this.stream.sendLocalReply(ownReply(502, details, problem));
      return;
    }
    this.writer.headers(headers, endStream);
  }

  passData(from: Place<HttpStreamFilter> | undefined, data: Body, endStream: boolean): void {
    const { stream } = this;
    if (from === undefined) stream.localComplete = endStream;
    let addedAt: Place<HttpStreamFilter> | undefined;
    const hadTrailers = stream.responseTrailers !== undefined;
    for (let i = firstIndex(from); i < this.places.length; i++) {
      const place = this.places[i]!;
      if (place.holdIfStoppedAll(data) || place.endStream) return;
      this.running |= Running.Data;
      place.endStream = endStream && stream.responseTrailers === undefined;
      let status = place.filter.encodeData(data, place.endStream);
      if (this.isAborted) status = DataStatus.StopNoBuffer;
      this.running &= ~Running.Data;
      if (!hadTrailers && stream.responseTrailers !== undefined) addedAt ??= place;
      if (!place.afterData(status, data)) return;
    }
    const isEnd = endStream && addedAt === undefined;
    this.writer.data(data.take(), isEnd);
    if (addedAt !== undefined && !stream.isDestroyed) this.passTrailers(addedAt, stream.responseTrailers!);
  }

  passTrailers(from: Place<HttpStreamFilter> | undefined, trailers: HeaderMap): void {
    if (from === undefined) this.stream.localComplete = true;
    for (let i = firstIndex(from); i < this.places.length; i++) {
      const place = this.places[i]!;
      if (place.stoppedAll) return;
      this.running |= Running.Trailers;
      const status = place.filter.encodeTrailers(trailers);
      place.endStream = true;
      this.running &= ~Running.Trailers;
      if (!place.afterTrailers(status)) return;
    }
    this.writer.trailers(trailers);
  }
}

/** Envoy would use headers that are not there. */
function refuseWithoutHeaders(environment: Environment): void {
  environment.crash(
    "proxy_continue_stream(1) of a response that has no headers yet",
    "Continue the response only after on_response_headers.",
  );
}
