import type {
  Cluster,
  ConnectionEvents,
  Fields as FieldList,
  ResetReason,
  UpstreamConnection,
  UpstreamEvents,
  UpstreamRequest,
} from "../host/index.js";
import type { VirtualLoop } from "../host/index.js";
import type { BodyInit, FieldsInit } from "./message.js";
import { Fields, chunksOf, fieldsOf, join } from "./message.js";

/** What a scripted upstream answers. */
export interface Answer {
  /** 200 unless given. */
  readonly status?: number;
  readonly headers?: FieldsInit;
  readonly body?: BodyInit;
  readonly trailers?: FieldsInit;
  /** Virtual milliseconds before the answer comes. */
  readonly delay?: number;
  /** The connection is lost, in place of an answer; with `status`, after the headers. */
  readonly reset?: ResetReason | true;
}

/**
 * How a cluster answers: always the same, by what was asked (a promise will do), or not until the test says so
 * (`"hold"`, then `host.calls[…].answer`). `"refused"` is nobody listening, `"none"` a cluster without endpoints.
 */
export type ClusterScript =
  | Answer
  | ((request: UpstreamCall) => Answer | "hold" | Promise<Answer>)
  | "hold"
  | "refused"
  | "none"
  | "echo";

/** A request that an upstream got. */
export class UpstreamCall {
  /** The fields with their pseudo-headers, as Envoy would send them. */
  headers = new Fields([]);
  trailers = new Fields([]);
  /** Whether all of the request has come. */
  complete = false;
  /** Whether the other side has given up. */
  cancelled = false;
  /** Whether it has been answered. */
  answered = false;
  private readonly chunks: Uint8Array[] = [];

  constructor(
    readonly cluster: string,
    private readonly loop: VirtualLoop,
    private readonly events: UpstreamEvents,
    private readonly http2: boolean,
    private readonly wake: () => void,
  ) {}

  get method(): string {
    return this.headers.get(":method") ?? "";
  }

  get path(): string {
    return this.headers.get(":path") ?? "";
  }

  /** The body that has come, as text. */
  get body(): string {
    return new TextDecoder().decode(this.bodyBytes);
  }

  get bodyBytes(): Uint8Array {
    return join(this.chunks);
  }

  /** Answers all at once. */
  answer(answer: Answer): void {
    if (this.answered || this.cancelled) return;
    this.answered = true;
    if (answer.delay !== undefined && answer.delay > 0)
      this.loop.after(answer.delay, () => this.send(answer));
    else this.loop.post(() => this.send(answer));
    this.wake();
  }

  /** Answers in steps: the headers now, the rest by `respondData` and `respondTrailers`. */
  respondHeaders(status: number, headers: FieldsInit = {}, endStream = false): void {
    this.answered = true;
    this.step(() => this.events.headers([[":status", String(status)], ...fieldsOf(headers)], endStream));
  }

  respondData(data: string | Uint8Array, endStream = false): void {
    this.step(() => this.events.data(chunksOf(data)[0] ?? new Uint8Array(0), endStream));
  }

  respondTrailers(trailers: FieldsInit): void {
    this.step(() => this.events.trailers(fieldsOf(trailers)));
  }

  /** Cuts the connection. */
  reset(reason: ResetReason = "connection termination"): void {
    this.answered = true;
    this.step(() => this.events.reset(reason));
  }

  /** @internal */
  take(headers: FieldList): void {
    this.headers = new Fields(headers.map(([name, value]) => [name, value]));
  }

  /** @internal */
  takeData(bytes: Uint8Array): void {
    if (bytes.length > 0) this.chunks.push(bytes);
  }

  private step(event: () => void): void {
    this.loop.post(() => {
      if (!this.cancelled) event();
    });
    this.wake();
  }

  private send(answer: Answer): void {
    if (this.cancelled) return;
    if (answer.reset !== undefined && answer.status === undefined) {
      this.events.reset(answer.reset === true ? "connection termination" : answer.reset);
      return;
    }
    const chunks = chunksOf(answer.body);
    const headers = fieldsOf(answer.headers);
    const status = answer.status ?? 200;
    const names = headers.map(([name]) => name.toLowerCase());
    const isFramed = names.includes("content-length") || names.includes("transfer-encoding");
    const length = chunks.reduce((size, chunk) => size + chunk.length, 0);
    const noBody = this.method === "HEAD" || status === 204 || status === 304;
    if (!isFramed && answer.trailers === undefined && answer.reset === undefined && !noBody)
      headers.push(["content-length", String(length)]);
    else if (!isFramed && !noBody && !this.http2) headers.push(["transfer-encoding", "chunked"]);
    const isEmpty =
      noBody || (chunks.length === 0 && answer.trailers === undefined && answer.reset === undefined);
    const fields = headers.map(([name, value]): [string, string] => [name.toLowerCase(), value]);
    this.events.headers([[":status", String(status)], ...fields], isEmpty);
    if (isEmpty) return;
    chunks.forEach((chunk, i) => {
      const isLast = this.http2 && i === chunks.length - 1 && answer.trailers === undefined;
      this.later(() => this.events.data(chunk, isLast && answer.reset === undefined));
    });
    if (answer.reset !== undefined)
      // Within an HTTP/1 message, an end that comes too early is an error of the protocol.
      this.later(() => this.events.reset(answer.reset === true ? "protocol error" : answer.reset!));
    else if (answer.trailers !== undefined) this.later(() => this.events.trailers(fieldsOf(answer.trailers)));
    else if (!this.http2) this.later(() => this.events.data(new Uint8Array(0), true));
  }

  private later(event: () => void): void {
    this.loop.post(() => {
      if (!this.cancelled) event();
    });
  }
}

/** What a scripted upstream tells the test's host. */
export interface ClusterHooks {
  readonly loop: VirtualLoop;
  started(call: UpstreamCall): void;
  /** Work that runs outside the virtual clock. */
  waitFor(work: Promise<void>): void;
  wake(): void;
}

/** An upstream that does what a test says. */
export class ScriptedCluster implements Cluster {
  readonly address = "127.0.0.1:50000";
  readonly hasEndpoints: boolean;
  readonly http2: boolean;

  constructor(
    private readonly name: string,
    public script: ClusterScript,
    private readonly hooks: ClusterHooks,
    http2 = name.startsWith("grpc"),
  ) {
    this.hasEndpoints = script !== "none";
    this.http2 = http2;
  }

  open(events: UpstreamEvents): UpstreamRequest {
    const { hooks } = this;
    const call = new UpstreamCall(this.name, hooks.loop, events, this.http2, () => hooks.wake());
    if (this.script === "refused") {
      call.answered = true;
      hooks.loop.post(() => events.reset("remote connection failure"));
      return { headers: () => {}, data: () => {}, trailers: () => {}, reset: () => (call.cancelled = true) };
    }
    hooks.started(call);
    const end = (isEnd: boolean): void => {
      if (!isEnd || call.complete) return;
      call.complete = true;
      this.answer(call);
    };
    return {
      headers: (fields, endStream) => {
        call.take(fields);
        end(endStream);
      },
      data: (bytes, endStream) => {
        call.takeData(bytes);
        end(endStream);
      },
      trailers: (fields) => {
        call.trailers = new Fields(fields.map(([name, value]) => [name, value]));
        end(true);
      },
      reset: () => {
        call.cancelled = true;
        hooks.wake();
      },
    };
  }

  /** A raw connection: what comes goes back, or is thrown away. */
  connect(events: ConnectionEvents): UpstreamConnection {
    const { loop } = this.hooks;
    if (this.script === "refused" || this.script === "none") loop.post(() => events.failed());
    else loop.post(() => events.connected());
    const echoes = this.script === "echo";
    let closed = false;
    return {
      write: (bytes, endStream) => {
        loop.post(() => {
          if (closed || (!echoes && !endStream)) return;
          if (echoes && bytes.length > 0) events.data(bytes, false);
          if (endStream) events.data(new Uint8Array(0), true);
        });
      },
      close: () => (closed = true),
    };
  }

  private answer(call: UpstreamCall): void {
    const { script } = this;
    if (script === "hold" || script === "none" || script === "refused") return;
    if (script === "echo") {
      const lines = [`${call.method} ${call.path}`, call.headers.toString(), "", call.body];
      call.answer({ headers: { "content-type": "text/plain" }, body: lines.join("\n") });
      return;
    }
    const answer = typeof script === "function" ? script(call) : script;
    if (answer === "hold") return;
    if (answer instanceof Promise) {
      this.hooks.waitFor(
        answer.then(
          (value) => call.answer(value),
          () => call.reset(),
        ),
      );
    } else call.answer(answer);
  }
}
