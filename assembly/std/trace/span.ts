/**
 * Spans.
 *
 * @module
 */
import { clock } from "../../services/clock";
import { ProtobufWriter } from "../protobuf";
import { hex } from "../encoding/hex";
import { TraceContext } from "./context";

/** The kind of work that a span stands for. */
export const enum SpanKind {
  /** Something within. */
  Internal = 1,
  /** A request that is answered. */
  Server,
  /** A call. */
  Client,
}

/** The receiver of ended spans. */
export abstract class SpanSink {
  /** @internal Takes a span as OTLP has it. */
  abstract $take(span: Uint8Array): void;
}

/** The most attributes of a span, and the most units of a text. */
const MOST_ATTRIBUTES: u32 = 64;
const MOST_UNITS: i32 = 1024;

/** A text as protobuf wants it, of a bounded length: collectors refuse a whole batch for a byte that is no UTF-8. */
export function clean(text: string): string {
  const end = min(text.length, MOST_UNITS);
  let cleaned = "";
  let start = 0;
  for (let i = 0; i < end; i++) {
    const unit = <u32>text.charCodeAt(i);
    if ((unit & 0xf800) != 0xd800) continue;
    if (unit < 0xdc00 && i + 1 < end && (text.charCodeAt(i + 1) & 0xfc00) == 0xdc00) {
      i++;
      continue;
    }
    cleaned += text.substring(start, i) + "\ufffd";
    start = i + 1;
  }
  return cleaned + text.substring(start, end);
}

/**
 * Something that takes time, as a trace shows it. One that is not recorded costs its ids and nothing else, and is passed on all
 * the same. `Tracer.begin` makes one of a request, `child` one of a call.
 *
 * @example
 * const call = span.child("check");
 * this.fetch("auth", { path: "/check", headers: call.context.headers() }, (result) => {
 *   call.setInteger("http.response.status_code", result.status);
 *   if (result.failed) call.fail("no answer");
 *   call.end();
 * });
 */
@final
export class Span {
  private message: ProtobufWriter | null = null;
  private attributes: u32 = 0;
  private failed: bool = false;
  private why: string = "";

  /** @internal */
  constructor(
    private readonly sink: SpanSink,
    /** The context to send with calls and requests. */
    readonly context: TraceContext,
    parent: string,
    name: string,
    kind: SpanKind,
  ) {
    if (context.sampled) this.message = this.begin(parent, name, kind);
  }

  private begin(parent: string, name: string, kind: SpanKind): ProtobufWriter {
    const context = this.context;
    const message = new ProtobufWriter()
      .bytes(1, hex.decode(context.traceId)!)
      .bytes(2, hex.decode(context.spanId)!)
      .text(5, clean(name))
      .number(6, kind)
      .fixed64(7, clock.now());
    if (context.state.length > 0) message.text(3, context.state);
    if (parent.length > 0) message.bytes(4, hex.decode(parent)!);
    return message;
  }

  /** Tells whether it is recorded, and has not ended. */
  get isRecording(): bool {
    return this.message !== null;
  }

  /** Sets an attribute; see OpenTelemetry's semantic conventions for names. Set each once: 64 are kept. */
  set(name: string, value: string): this {
    if (this.mayAdd()) this.add(name, new ProtobufWriter().text(1, clean(value)));
    return this;
  }

  /** The same with a whole number. */
  setInteger(name: string, value: i64): this {
    if (this.mayAdd()) this.add(name, new ProtobufWriter().signed(3, value));
    return this;
  }

  /** The same with true or false. */
  setBool(name: string, value: bool): this {
    if (this.mayAdd()) this.add(name, new ProtobufWriter().bool(2, value));
    return this;
  }

  /** Says that it has failed. */
  fail(why: string = ""): this {
    this.failed = true;
    this.why = why;
    return this;
  }

  /** A span of something that this one does; of a call unless `kind` says another thing. */
  child(name: string, kind: SpanKind = SpanKind.Client): Span {
    return new Span(this.sink, this.context.child(), this.context.spanId, name, kind);
  }

  /** Ends it: it is sent with others. Attributes that are set afterwards have no effect, nor has another end. */
  end(): void {
    const message = this.message;
    if (message === null) return;
    this.message = null;
    message.fixed64(8, clock.now());
    if (this.attributes > MOST_ATTRIBUTES) message.number(10, this.attributes - MOST_ATTRIBUTES);
    if (this.failed) message.message(15, new ProtobufWriter().text(2, clean(this.why)).number(3, 2));
    this.sink.$take(message.toBytes());
  }

  private mayAdd(): bool {
    return this.message !== null && ++this.attributes <= MOST_ATTRIBUTES;
  }

  private add(name: string, value: ProtobufWriter): void {
    this.message!.message(9, new ProtobufWriter().text(1, clean(name)).message(2, value));
  }
}
