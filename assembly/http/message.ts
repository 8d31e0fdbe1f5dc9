/**
 * The two halves of an HTTP stream.
 *
 * @module
 */
import { BufferType, HeaderMapType } from "../abi/enums";
import { handle, handleValue } from "../memory/handle";
import { Body } from "./body";
import { Headers } from "./headers";

/**
 * The value of a request's or response's handle when its stream is gone. Added to the number of
 * a header map or buffer it makes one that no host has, so that every call answers `Status.BadArgument`.
 */
export const GONE: i32 = 0x70;

/**
 * The request of a stream: its headers, body and trailers.
 *
 * @example
 * const host = this.request.headers.get(":authority");
 */
@unmanaged
@final
export class HttpRequest {
  /** Readable and writable in `onRequestHeaders` and while they are held; readable in `onLog`. */
  get headers(): Headers {
    return handle<Headers>(handleValue(this) + HeaderMapType.RequestHeaders);
  }

  /**
   * Readable and writable in `onRequestTrailers` and while they are held there; may be made in the last `onRequestBody`, which
   * must then answer `Continue`: Envoy 1.40 would let the request go on in any case, or hang, so the stream is reset instead.
   */
  get trailers(): Headers {
    return handle<Headers>(handleValue(this) + HeaderMapType.RequestTrailers);
  }

  /**
   * The path with its query, as it is now: the header `:path`. Null when it cannot be read here; `lastStatus()` then says why,
   * as it does for the four below. They cost what reading a header costs.
   *
   * @example
   * const path = this.request.path;
   * if (path !== null && path.startsWith("/internal/")) return this.respond(404);
   */
  get path(): string | null {
    return this.headers.get(":path");
  }

  /**
   * What stands behind the first "?" of the path: null when there is no "?", `""` when nothing stands behind it. `Query` of
   * `std/url` reads its parameters.
   *
   * @example
   * const query = this.request.query;
   * if (query !== null && query.includes("debug=")) return this.respond(400);
   */
  get query(): string | null {
    return this.headers.part(":path", 0x3f);
  }

  /**
   * The method: the header `:method`.
   *
   * @example
   * if (this.request.method == "TRACE") return this.respond(405);
   */
  get method(): string | null {
    return this.headers.get(":method");
  }

  /**
   * The host that is asked for, and the port if the client has sent one: the header `:authority`, which is `host` in HTTP/1.
   * `Authority` of `std/url` takes it apart.
   *
   * @example
   * if (this.request.host == "old.example.com") return this.respond(410);
   */
  get host(): string | null {
    return this.headers.get(":authority");
  }

  /**
   * "http" or "https", as the proxy has it: the header `:scheme`.
   *
   * @example
   * if (this.request.scheme != "https") return this.respond(403, "use https\n");
   */
  get scheme(): string | null {
    return this.headers.get(":scheme");
  }

  /** Usable in `onRequestBody`, and elsewhere while it is buffered. */
  get body(): Body {
    return handle<Body>(handleValue(this) + BufferType.HttpRequestBody);
  }
}

/**
 * The response of a stream: its headers, body and trailers.
 *
 * @example
 * this.response.headers.remove("server-timing");
 */
@unmanaged
@final
export class HttpResponse {
  /** Readable and writable in `onResponseHeaders` and while they are held; readable in `onLog`. */
  get headers(): Headers {
    return handle<Headers>(handleValue(this) + HeaderMapType.ResponseHeaders);
  }

  /**
   * Readable and writable in `onResponseTrailers` and while they are held there; readable in `onLog`. They cannot be made: Envoy
   * 1.40 would keep them from a filter that waits for the whole body, which then never ends.
   */
  get trailers(): Headers {
    return handle<Headers>(handleValue(this) + HeaderMapType.ResponseTrailers);
  }

  /**
   * The HTTP status: the header `:status`; 0 when it cannot be read here. Set the header to change it.
   *
   * @example
   * if (this.response.status >= 500) log.warn("the upstream fails");
   */
  get status(): u32 {
    return this.headers.decimal(":status");
  }

  /** Usable in `onResponseBody`, and elsewhere while it is buffered. */
  get body(): Body {
    return handle<Body>(handleValue(this) + BufferType.HttpResponseBody);
  }
}
