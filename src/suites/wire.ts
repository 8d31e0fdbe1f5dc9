/**
 * The two ends of a host, between which one stream passes the filter.
 *
 * @module
 */
import type { HeaderList } from "./model.js";
import type { TraceEvent } from "./trace.js";

/** The message that has come over one half of a stream so far. */
export class Incoming {
  headers: HeaderList | undefined;
  readonly chunks: Uint8Array[] = [];
  /** Tells whether nothing more will come, be it by an end or by a break. */
  ended = false;

  /** The bytes that have come since `from`, and how many there are in all. */
  since(from: number): { bytes: Uint8Array; size: number } {
    const all = Buffer.concat(this.chunks);
    return { bytes: all.subarray(from), size: all.length };
  }
}

/** A request as the upstream has it, and the way to answer it. */
export interface Exchange {
  readonly request: Incoming;
  respond(headers: HeaderList): void;
  write(bytes: Uint8Array, isLast: boolean): Promise<void>;
}

/** A client, a host with the filter, and an upstream. */
export interface Wire {
  /** The response, as the client gets it. */
  readonly response: Incoming;
  /** The request, as the upstream gets it; undefined before it gets something. */
  readonly exchange: Exchange | undefined;
  /** Names of headers that the host adds to each request, and to each response. */
  readonly added: { readonly request: readonly string[]; readonly response: readonly string[] };

  /** Sends a request's headers, and not its end. */
  send(headers: HeaderList): Promise<void>;
  /** Sends a piece of the request's body, which is one callback. */
  write(bytes: Uint8Array, isLast: boolean): Promise<void>;
  /** Waits until the host has dealt with all that was sent, and all that it passed on and logged has come. */
  settle(): Promise<void>;
  /** Waits until `arrived`, for as long as it makes sense. */
  until(arrived: () => boolean): Promise<void>;
  /** The client goes away. */
  close(): void;
  /** The calls between host and module, and the module's messages, from its start on. */
  events(): readonly TraceEvent[];
}
