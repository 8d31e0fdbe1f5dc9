/**
 * Upstreams. A cluster gets requests as they come and answers as it likes; what it tells must come in events of the
 * host's loop.
 *
 * @module
 */

/** Headers or trailers in order, as binary text. */
export type Fields = readonly (readonly [name: string, value: string])[];

/** Why a connection to an upstream ended without an answer, in Envoy's words. */
export type ResetReason =
  | "remote connection failure"
  | "connection termination"
  | "remote reset"
  | "remote refused stream reset"
  | "remote error with CONNECT request"
  | "protocol error";

/** Envoy's message about a connection that nobody accepts. */
export const CONNECTION_REFUSED = "delayed connect error: Connection refused";

/** Receives the events of an upstream's answer. */
export interface UpstreamEvents {
  headers(fields: Fields, endStream: boolean): void;
  data(bytes: Uint8Array, endStream: boolean): void;
  trailers(fields: Fields): void;
  reset(reason: ResetReason): void;
  /** The request comes faster than it is sent; `false` when more may come. */
  full?(isFull: boolean): void;
}

/** A request to an upstream. */
export interface UpstreamRequest {
  headers(fields: Fields, endStream: boolean): void;
  data(bytes: Uint8Array, endStream: boolean): void;
  trailers(fields: Fields): void;
  /** Nobody waits for the answer any more. */
  reset(): void;
  /** The answer comes faster than it is read; `false` when it may come again. */
  pause?(paused: boolean): void;
}

/** A raw connection to an upstream. */
export interface UpstreamConnection {
  write(bytes: Uint8Array, endStream: boolean): void;
  close(): void;
  /** Data comes faster than it is read; `false` when it may come again. */
  pause?(paused: boolean): void;
}

/** Receives the events of a raw connection to an upstream. */
export interface ConnectionEvents {
  connected(): void;
  failed(): void;
  data(bytes: Uint8Array, endStream: boolean): void;
  closed(): void;
  /** Data is written faster than it is sent; `false` when more may come. */
  full?(isFull: boolean): void;
}

/** An upstream that Envoy knows by a name. */
export interface Cluster {
  /** Tells whether it is reached by HTTP/2, which has trailers and tells the end with the last data. */
  readonly http2?: boolean;
  /** False when there is nobody to connect to. */
  readonly hasEndpoints?: boolean;
  /** The value of `upstream.address`. */
  readonly address?: string;
  /** Begins a request; `stream` is the one whose request it is, and undefined for a filter's own call. */
  open(events: UpstreamEvents, stream?: object): UpstreamRequest;
  /** For network filters. */
  connect?(events: ConnectionEvents): UpstreamConnection;
}
