/**
 * The two messages of an exchange.
 *
 * @module
 */
import { Message } from "./message";

/** The request of an exchange. */
@final
export class ExchangeRequest extends Message {
  /**
   * The path with its query, as it is now; null when it cannot be read any more. See `HttpRequest.path`, also for the four below.
   *
   * @example
   * const path = x.request.path;
   * if (path !== null && path.startsWith("/internal/")) x.respond(404);
   */
  get path(): string | null {
    return this.stream.request.path;
  }

  /** What stands behind the first "?" of the path: null when there is no "?". */
  get query(): string | null {
    return this.stream.request.query;
  }

  /** The method. */
  get method(): string | null {
    return this.stream.request.method;
  }

  /** The host that is asked for, and the port if the client has sent one. */
  get host(): string | null {
    return this.stream.request.host;
  }

  /** "http" or "https", as the proxy has it. */
  get scheme(): string | null {
    return this.stream.request.scheme;
  }
}

/** The response of an exchange: the upstream's, or one that another filter has given in its stead. */
@final
export class ExchangeResponse extends Message {
  /** The HTTP status; 0 when the headers can no longer be read. */
  get status(): u32 {
    return this.stream.response.status;
  }
}
