import type { Body } from "../abi/body.js";
import type { HeaderMap } from "../abi/header-map.js";
import { Direction, Running, firstIndex } from "./direction.js";
import type { Place } from "./direction.js";
import { HeadersStatus, TrailersStatus } from "./filter.js";
import type { HttpFilter } from "./filter.js";
import { ownReply } from "./local-reply.js";
import type { LocalReply } from "./local-reply.js";

/** The request of a stream, on its way from the client through the filters to the router. */
export class DecodeDirection extends Direction<HttpFilter, "upstream"> {
  get trailers(): HeaderMap | undefined {
    return this.stream.requestTrailers;
  }

  get isComplete(): boolean {
    return this.stream.isRemoteComplete;
  }

  get canContinue(): boolean {
    return !this.stream.localComplete && !this.stream.isDestroyed;
  }

  protected override tooLarge(): LocalReply {
    return ownReply(413, "request_payload_too_large");
  }

  doHeaders(place: Place<HttpFilter>, endStream: boolean): void {
    this.passHeaders(place, this.stream.requestHeaders!, endStream);
  }

  doData(place: Place<HttpFilter>, endStream: boolean): void {
    this.passData(place, this.buffered!, endStream);
  }

  doTrailers(place: Place<HttpFilter>): void {
    this.passTrailers(place, this.stream.requestTrailers!);
  }

  /** Headers on their way to the filters behind this one, or to all. */
  passHeaders(after: Place<HttpFilter> | undefined, headers: HeaderMap, endStream: boolean): void {
    for (let i = after === undefined ? 0 : after.index + 1; i < this.places.length; i++) {
      const place = this.places[i]!;
      place.endStream = endStream;
      this.running |= Running.Headers;
      let status = place.filter.decodeHeaders(headers, endStream);
      this.running &= ~Running.Headers;
      if (this.isAborted) {
        this.stream.sendPreparedReply();
        status = HeadersStatus.StopIteration;
      }
      const goesOn = place.afterHeaders(status);
      if (this.stream.localComplete || !goesOn) return;
    }
  }

  passData(from: Place<HttpFilter> | undefined, data: Body, endStream: boolean): void {
    const { stream } = this;
    if (stream.localComplete) return;
    let addedAt: Place<HttpFilter> | undefined;
    const hadTrailers = stream.requestTrailers !== undefined;
    for (let i = firstIndex(from); i < this.places.length; i++) {
      const place = this.places[i]!;
      if (place.holdIfStoppedAll(data) || place.endStream) return;
      this.running |= Running.Data;
      place.endStream = endStream && stream.requestTrailers === undefined;
      const status = place.filter.decodeData(data, place.endStream);
      this.running &= ~Running.Data;
      if (this.isAborted) {
        stream.sendPreparedReply();
        return;
      }
      if (!hadTrailers && stream.requestTrailers !== undefined && addedAt === undefined) {
        endStream = false;
        addedAt = place;
      }
      if (!place.afterData(status, data) && i + 1 < this.places.length) break;
    }
    if (addedAt !== undefined) this.passTrailers(addedAt, stream.requestTrailers!);
  }

  passTrailers(from: Place<HttpFilter> | undefined, trailers: HeaderMap): void {
    if (this.stream.localComplete) return;
    for (let i = firstIndex(from); i < this.places.length; i++) {
      const place = this.places[i]!;
      if (place.stoppedAll) return;
      this.running |= Running.Trailers;
      let status = place.filter.decodeTrailers(trailers);
      place.endStream = true;
      this.running &= ~Running.Trailers;
      if (this.isAborted) {
        this.stream.sendPreparedReply();
        status = TrailersStatus.Stop;
      }
      if (!place.afterTrailers(status)) return;
    }
  }
}
