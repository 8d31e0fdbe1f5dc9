import type { Host, HostCall, HttpStream, LogEntry, Refusal } from "../host/index.js";
import { readable } from "../host/index.js";
import { eventText } from "./events.js";
import type { BodyInit, FieldsInit } from "./message.js";
import { Fields, bytesOfChunk, chunksOf, fieldsOf, join } from "./message.js";
import type { TestHost } from "./test-host.js";
import type { UpstreamCall } from "./upstream-call.js";

/** A request of a test. */
export interface RequestInit {
  /** "GET" unless given. */
  readonly method?: string;
  /** "/" unless given. */
  readonly path?: string;
  /** "example.test" unless given. */
  readonly authority?: string;
  readonly headers?: FieldsInit;
  /** Each chunk is one `on_request_body`. */
  readonly body?: BodyInit;
  readonly trailers?: FieldsInit;
  /** Tells whether the client speaks HTTP/2, which tells the end with the last data. */
  readonly http2?: boolean;
  /** Virtual milliseconds to wait for the response; 60,000 unless given. */
  readonly wait?: number;
  /** Answer a hanging request with status 0 and do not throw. */
  readonly mayHang?: boolean;
}

/** The result of a request. */
export interface TestResponse {
  /** 0 when no response came. */
  readonly status: number;
  readonly headers: Fields;
  /** As text. */
  readonly body: string;
  readonly bodyBytes: Uint8Array;
  readonly trailers: Fields;
  /** Tells whether the whole response came. */
  readonly complete: boolean;
  /** Tells whether the connection was cut. */
  readonly reset: boolean;
  /** Envoy's %RESPONSE_CODE_DETAILS%. */
  readonly details: string;
  /** The request as the upstream got it; undefined when it got nothing. */
  readonly upstream: UpstreamCall | undefined;
  /** The messages in the log meanwhile. */
  readonly logs: readonly LogEntry[];
  /** The messages of modules meanwhile. */
  readonly messages: readonly string[];
  /** The calls to other clusters meanwhile. */
  readonly calls: readonly UpstreamCall[];
  readonly refusals: readonly Refusal[];
  /** The bugs of modules meanwhile, as the log has them; without `mayFail` no response has one. */
  readonly errors: readonly string[];
  /** The calls between host and modules meanwhile, as they began and as they were over. */
  readonly hostCalls: readonly HostCall[];
  /** The same in the words of Envoy's `wasm:trace` log, with the reasons of what was refused. */
  readonly trace: readonly string[];
}

/** A request in steps. */
export class TestStream {
  status = 0;
  headers = new Fields([]);
  trailers = new Fields([]);
  complete = false;
  /** Tells whether the stream was cut. */
  wasReset = false;
  /** Tells whether a bug in a filter throws once all is sent, and not in the middle of it. */
  private isSendingAll = false;
  /** Tells whether Envoy has stopped reading the request. */
  isPaused = false;
  private readonly chunks: Uint8Array[] = [];
  private readonly stream: HttpStream;
  private readonly from;

  constructor(
    private readonly host: TestHost,
    inner: Host,
    private readonly init: RequestInit,
  ) {
    const { logs, calls, refusals, events } = host.recent;
    this.from = {
      logs: logs.total,
      calls: calls.total,
      refusals: refusals.total,
      events: events.total,
      errors: host.bugs.recent.total,
    };
    this.stream = inner.openStream(
      {
        headers: (fields, endStream) => {
          this.headers = new Fields(fields.map(([name, value]) => [name, value]));
          this.status = Number(this.headers.get(":status"));
          this.complete = endStream;
        },
        data: (bytes, endStream) => {
          if (bytes.length > 0) this.chunks.push(bytes);
          this.complete = endStream;
        },
        trailers: (fields) => {
          this.trailers = new Fields(fields.map(([name, value]) => [name, value]));
          this.complete = true;
        },
        reset: () => (this.wasReset = true),
        pause: (paused) => (this.isPaused = paused),
      },
      { protocol: init.http2 === true ? "HTTP/2" : "HTTP/1.1" },
    );
  }

  /** Tells whether the response has come, or the stream was cut. */
  get isOver(): boolean {
    return this.complete || this.wasReset;
  }

  /** The body of the response so far, as text. */
  get body(): string {
    return new TextDecoder().decode(join(this.chunks));
  }

  /** The part of this request that the upstream has got. */
  get upstream(): UpstreamCall | undefined {
    return this.host.upstreamOf(this.stream);
  }

  /**
   * The message whose headers are held for a body that does not come while they are; Envoy's default, which is easily overlooked.
   */
  get waitsForBody(): "request" | "response" | undefined {
    return this.stream.waitsForBody;
  }

  /** Sends the headers of the request. */
  sendHeaders(endStream = false): this {
    const { method = "GET", path = "/", authority = "example.test", headers } = this.init;
    const rest = fieldsOf(headers);
    const fields = fieldsOf([
      [":authority", authority],
      [":path", path],
      [":method", method],
      [":scheme", "http"],
    ]);
    const given = new Set(rest.filter(([name]) => name.startsWith(":")).map(([name]) => name));
    const pseudo = fields.filter(([name]) => !given.has(name));
    this.event(() => this.stream.onHeaders([...pseudo, ...rest], endStream));
    return this;
  }

  /** Sends a chunk of the body. */
  send(chunk: string | Uint8Array, endStream = false): this {
    const bytes = bytesOfChunk(chunk);
    this.event(() => {
      // HTTP/1 tells the end by itself, behind the last data, but in the same event.
      const tellsLater = endStream && bytes.length > 0 && this.init.http2 !== true;
      this.stream.onData(bytes, endStream && !tellsLater);
      if (tellsLater) this.stream.onData(new Uint8Array(0), true);
    });
    return this;
  }

  /** Ends the request. */
  end(): this {
    return this.send("", true);
  }

  /** Ends the request with trailers. */
  sendTrailers(trailers: FieldsInit): this {
    this.event(() => this.stream.onTrailers(fieldsOf(trailers)));
    return this;
  }

  /** The client goes away. */
  abort(): this {
    this.wasReset = true;
    this.host.wake();
    this.event(() => this.stream.onClientReset());
    return this;
  }

  /** @internal */
  sendAll(init: RequestInit): void {
    const chunks = chunksOf(init.body);
    const hasBody = chunks.length > 0 || init.trailers !== undefined;
    this.isSendingAll = true;
    this.sendHeaders(!hasBody);
    chunks.forEach((chunk, i) => {
      this.send(chunk, i === chunks.length - 1 && init.trailers === undefined);
    });
    if (init.trailers !== undefined) this.sendTrailers(init.trailers);
    this.isSendingAll = false;
  }

  /** The response so far. */
  response(): TestResponse {
    const { host, from } = this;
    const { recent } = host;
    const logs = recent.logs.since(from.logs);
    const bodyBytes = join(this.chunks);
    const events = recent.events.since(from.events);
    return {
      status: this.status,
      headers: this.headers,
      body: new TextDecoder().decode(bodyBytes),
      bodyBytes,
      trailers: this.trailers,
      complete: this.complete,
      reset: this.wasReset,
      details: readable(this.stream.info.responseCodeDetails ?? ""),
      upstream: this.upstream,
      logs,
      messages: logs.filter(({ ofModule }) => ofModule).map(({ message }) => message),
      calls: recent.calls.since(from.calls).filter(({ stream }) => stream === undefined),
      refusals: recent.refusals.since(from.refusals),
      errors: host.bugs.recent.since(from.errors),
      get hostCalls() {
        return events.filter((event) => "into" in event);
      },
      get trace() {
        return events.map(eventText);
      },
    };
  }

  private event(action: () => void): void {
    this.host.loop.do(action);
    this.host.loop.run();
    if (!this.isSendingAll) this.host.bugs.check();
  }
}
