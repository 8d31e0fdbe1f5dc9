import type { Fields as FieldList, ResetReason, UpstreamEvents, VirtualLoop } from "../host/index.js";
import type { BodyInit, FieldsInit } from "./message.js";
import { Fields, chunksOf, fieldsOf, join } from "./message.js";

/** The answer of a scripted upstream. */
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

/** A request that an upstream got. */
export class UpstreamCall {
  /** The fields with their pseudo-headers, as Envoy would send them. */
  headers = new Fields([]);
  trailers = new Fields([]);
  /** Tells whether all of the request has come. */
  complete = false;
  /** Tells whether the other side has given up. */
  cancelled = false;
  /** Tells whether it has been answered. */
  answered = false;
  private readonly chunks: Uint8Array[] = [];

  constructor(
    readonly cluster: string,
    private readonly loop: VirtualLoop,
    private readonly events: UpstreamEvents,
    private readonly http2: boolean,
    /** @internal The stream whose request it is; undefined for a filter's own call. */
    readonly stream: object | undefined,
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
    const names = headers.map(([name]) => name);
    const isFramed = names.includes("content-length") || names.includes("transfer-encoding");
    const length = chunks.reduce((size, chunk) => size + chunk.length, 0);
    const noBody = this.method === "HEAD" || status === 204 || status === 304;
    if (!isFramed && answer.trailers === undefined && answer.reset === undefined && !noBody)
      headers.push(["content-length", String(length)]);
    else if (!isFramed && !noBody && !this.http2) headers.push(["transfer-encoding", "chunked"]);
    const isEmpty =
      noBody || (chunks.length === 0 && answer.trailers === undefined && answer.reset === undefined);
    this.events.headers([[":status", String(status)], ...headers], isEmpty);
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
