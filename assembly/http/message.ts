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
 * What the handle of a request or response stands for: nothing, or this when its stream is gone. Added to the number of
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

  /** Usable in `onResponseBody`, and elsewhere while it is buffered. */
  get body(): Body {
    return handle<Body>(handleValue(this) + BufferType.HttpResponseBody);
  }
}
