/**
 * The two messages of an exchange, as a flow sees them.
 *
 * @module
 */
import { Status } from "../abi/enums";
import { HttpContext } from "../context/http-context";
import { Body } from "../http/body";
import { Headers } from "../http/headers";
import { cast } from "../memory/cast";
import { CHANGES_BODIES } from "./build";
import { Exchange } from "./exchange";
import { Wait } from "./fiber";
import { suspend } from "./stack";

/** A request or a response. */
export class Message {
  /** @internal The end has come. */
  ended: bool = false;
  /** @internal The headers have gone on. */
  passed: bool = false;
  /** @internal The host calls nothing for it until it is resumed. */
  stopped: bool = false;
  /** @internal It was so before. */
  wasStopped: bool = false;
  /** @internal The bytes of the body that can be read now, and how many of them the flow has been given. */
  size: u32 = 0;
  /** @internal */
  seen: u32 = 0;
  /** Where the latest chunk begins. */
  private chunkStart: u32 = 0;

  /** @internal Set right after it is made. */
  owner: Exchange | null = null;

  constructor(
    private readonly stream: HttpContext,
    /** @internal */
    readonly isResponse: bool,
  ) {}

  /** @internal */
  get exchange(): Exchange {
    return cast<Exchange | null, Exchange>(this.owner);
  }

  /**
   * The headers. They can be read and changed until they go on: at `next()` for a request, at the end of the handler for
   * a response, and for both when the body is waited for without `holdHeaders`.
   */
  get headers(): Headers {
    const stream = this.stream;
    return this.isResponse ? stream.response.headers : stream.request.headers;
  }

  /** The trailers; there once the whole body has been waited for, if there are any. */
  get trailers(): Headers {
    const stream = this.stream;
    return this.isResponse ? stream.response.trailers : stream.request.trailers;
  }

  /** Waits for the whole body: its text; `""` when it has none. One beyond the limit ends the flow; see `FlowOptions`. */
  text(): string {
    return this.waitForEnd() ? this.rest.slice(this.seen) : "";
  }

  /** Waits for the whole body: its bytes; none when it has none. */
  bytes(): Uint8Array {
    return this.waitForEnd() ? this.rest.sliceBytes(this.seen) : new Uint8Array(0);
  }

  /**
   * Waits for more of the body; null at its end. What was read goes on when the flow waits for the next chunk, or for
   * anything else that lets the message go on; a body of any size passes.
   *
   * @example
   * const response = x.next();
   * for (let chunk = response.chunk(); chunk !== null; chunk = response.chunk()) sum += chunk.length;
   */
  chunk(): Uint8Array | null {
    while (this.size <= this.seen) {
      if (this.ended || !this.mayWaitFor(Wait.Chunk)) return null;
      suspend();
    }
    const start = this.seen;
    this.chunkStart = start;
    this.seen = this.size;
    return this.rest.sliceBytes(start, this.size - start);
  }

  /**
   * Replaces the body that `text()` or `bytes()` has waited for. A message without a body cannot be given one:
   * `Status.BadArgument`.
   */
  setBody(text: string): Status {
    this.prepare();
    return this.note(this.rest.splice(this.seen, this.size - this.seen, text));
  }

  /** `setBody` with bytes. */
  setBytes(bytes: Uint8Array): Status {
    this.prepare();
    return this.note(this.rest.spliceBytes(this.seen, this.size - this.seen, bytes));
  }

  /** Replaces the chunk that `chunk()` has just answered. */
  setChunk(bytes: Uint8Array): Status {
    const start = this.chunkStart;
    const status = this.rest.spliceBytes(start, this.seen - start, bytes);
    if (status == Status.Ok) this.size = this.seen = start + <u32>bytes.length;
    return status;
  }

  /** @internal What is in the buffer has gone on. */
  forget(): void {
    this.size = 0;
    this.seen = 0;
    this.chunkStart = 0;
  }

  /** @internal The headers go on now. */
  pass(): void {
    this.passed = true;
    if (this.stopped) this.wasStopped = true;
    this.stopped = false;
  }

  /** Whether the flow is at this message, and can wait for more of it. */
  private mayWaitFor(what: Wait): bool {
    const exchange = this.owner;
    return exchange !== null && exchange.at === this && exchange.mayWaitFor(what, this);
  }

  private get rest(): Body {
    const stream = this.stream;
    return this.isResponse ? stream.response.body : stream.request.body;
  }

  /** Whether there is a body, and all of it can be read. */
  private waitForEnd(): bool {
    while (!this.ended) {
      if (!this.mayWaitFor(Wait.Body)) return false;
      suspend();
    }
    return this.size > this.seen;
  }

  /** @internal The length changes: it must not have been announced. */
  prepare(): void {
    if (CHANGES_BODIES && !this.passed) this.headers.removeLength();
  }

  private note(status: Status): Status {
    if (status == Status.Ok) this.size = this.rest.size;
    return status;
  }
}

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
    return this.headers.get(":path");
  }

  /**
   * What stands behind the first "?" of the path: null when there is no "?".
   *
   * @example
   * if (x.request.query == "ping") x.respond(200, "pong\n");
   */
  get query(): string | null {
    return this.headers.part(":path", 0x3f);
  }

  /**
   * The method.
   *
   * @example
   * if (x.request.method == "TRACE") x.respond(405);
   */
  get method(): string | null {
    return this.headers.get(":method");
  }

  /**
   * The host that is asked for, and the port if the client has sent one.
   *
   * @example
   * if (x.request.host == "old.example.com") x.respond(410);
   */
  get host(): string | null {
    return this.headers.get(":authority");
  }

  /**
   * "http" or "https", as the proxy has it.
   *
   * @example
   * if (x.request.scheme != "https") x.respond(403);
   */
  get scheme(): string | null {
    return this.headers.get(":scheme");
  }
}

/** The response of an exchange: the upstream's, or one that another filter has given in its stead. */
@final
export class ExchangeResponse extends Message {
  /** The HTTP status; 0 when the headers can no longer be read. */
  get status(): u32 {
    return this.headers.decimal(":status");
  }
}
