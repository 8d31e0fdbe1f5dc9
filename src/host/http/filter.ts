import type { Body } from "../abi/body.js";
import type { HeaderMap } from "../abi/header-map.js";

/** A filter's answer to headers, as Envoy understands it. */
export const HeadersStatus = {
  Continue: 0,
  StopIteration: 1,
  StopAllAndBuffer: 3,
  StopAllAndWatermark: 4,
} as const;
export type HeadersStatus = (typeof HeadersStatus)[keyof typeof HeadersStatus];

/** A filter's answer to a piece of the body. */
export const DataStatus = { Continue: 0, StopAndBuffer: 1, StopAndWatermark: 2, StopNoBuffer: 3 } as const;
export type DataStatus = (typeof DataStatus)[keyof typeof DataStatus];

/** A filter's answer to trailers. */
export const TrailersStatus = { Continue: 0, Stop: 1 } as const;
export type TrailersStatus = (typeof TrailersStatus)[keyof typeof TrailersStatus];

/** A filter of the chain; the last one is the router. */
export interface HttpFilter {
  decodeHeaders(headers: HeaderMap, endStream: boolean): HeadersStatus;
  decodeData(data: Body, endStream: boolean): DataStatus;
  decodeTrailers(trailers: HeaderMap): TrailersStatus;
  onDestroy(): void;
  /** Of the router: chooses the route by what the headers are now, for those who ask for its name. */
  chooseRoute?(headers: HeaderMap): void;
}

/** A filter that sees responses, too. */
export interface HttpStreamFilter extends HttpFilter {
  encodeHeaders(headers: HeaderMap, endStream: boolean): HeadersStatus;
  encodeData(data: Body, endStream: boolean): DataStatus;
  encodeTrailers(trailers: HeaderMap): TrailersStatus;
  /** The stream has ended; its filters are about to be destroyed. */
  onLog(): void;
}
