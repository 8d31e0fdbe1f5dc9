import type { Environment } from "../environment.js";
import type { Fields } from "../services/cluster.js";
import type { ConnectionInfo } from "../services/properties.js";
import type { HttpFilter, HttpStreamFilter } from "./filter.js";
import type { HttpStream } from "./stream.js";

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
