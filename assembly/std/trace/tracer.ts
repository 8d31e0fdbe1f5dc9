/**
 * Spans on their way to a collector.
 *
 * @module
 */
import { Status } from "../../abi/enums";
import { CallResult } from "../../context/call-result";
import { PluginContext } from "../../context/plugin-context";
import { Headers } from "../../http/headers";
import { random } from "../../services/random";
import { Counter } from "../../services/metric";
import { ProtobufReader, ProtobufWriter, WireType } from "../protobuf";
import { TraceContext, TraceFormat } from "./context";
import { Span, SpanKind, SpanSink, clean } from "./span";

/** Options of a `Tracer`. */
export class TracerOptions {
  /** The cluster by which the collector is reached; `""` passes contexts on and sends nothing. */
  cluster: string = "";
  /** The `host` that the collector sees; the cluster's name unless given. */
  authority: string = "";
  /** The path to which spans go. */
  path: string = "/v1/traces";
  /** More headers for the collector, as `[name, value]`: keys. */
  headers: string[][] = [];
  /** The service's name. */
  service: string = "proxy";
  /** Which part of the traces that begin here is recorded, from 0 to 1. Others say it of those that they begin. */
  ratio: f64 = 1;
  /** How the traces that begin here are passed on. */
  format: TraceFormat = TraceFormat.W3c;
  /** Milliseconds between two batches. */
  period: u32 = 5000;
  /** The most spans that wait. */
  mostWaiting: i32 = 2048;
  /** The most spans of a batch. */
  mostAtOnce: i32 = 512;
  /** Milliseconds that sending a batch may take. */
  timeout: u32 = 5000;
}

/** The most bytes of spans that wait. */
const MOST_BYTES: i32 = 1 << 20;
/** How often a batch is tried. */
const MOST_TRIES: i32 = 3;

/**
 * Makes spans and sends them to a collector, as OTLP over HTTP (`application/x-protobuf`): in batches, one at a time, every
 * `period`. Spans that do not fit in the queue, that the collector refuses or that it has not taken after three tries are dropped
 * and counted by the metric `trace_spans_dropped`; `trace_spans_sent` counts the others. Keep it in the plugin, and call `start`
 * in `onConfigure`. Each thread of the proxy sends its own.
 *
 * @example
 * class Traced extends PluginContext {
 *   tracer: Tracer = new Tracer({ cluster: "collector", service: "shop" });
 *
 *   onConfigure(configuration: string): bool {
 *     this.tracer.start(this);
 *     return true;
 *   }
 *   createHttpContext(): HttpContext {
 *     return new TracedStream(this);
 *   }
 * }
 * class TracedStream extends HttpContext {
 *   span: Span | null = null;
 *
 *   constructor(private readonly traced: Traced) {
 *     super();
 *   }
 *
 *   onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
 *     const span = this.traced.tracer.begin("request", this.request.headers);
 *     for (const [name, value] of span.context.headers()) this.request.headers.set(name, value);
 *     this.span = span;
 *     return FilterHeadersStatus.Continue;
 *   }
 *   onLog(): void {
 *     const span = this.span;
 *     if (span !== null) span.end();
 *   }
 * }
 */
@final
export class Tracer extends SpanSink {
  private options: TracerOptions;
  private plugin: PluginContext | null = null;
  private waiting: Uint8Array[] = [];
  private bytes: i32 = 0;
  /** The batch that is being sent, or is to be tried again. */
  private batch: Uint8Array | null = null;
  private batchSpans: i32 = 0;
  private tries: i32 = 0;
  private underWay: bool = false;
  private dropped: Counter = new Counter("trace_spans_dropped");
  private sent: Counter = new Counter("trace_spans_sent");

  constructor(options: Partial<TracerOptions>) {
    super();
    this.options = options as TracerOptions;
  }

  /** Sends what has ended, from now on. Call it in `onConfigure`. */
  start(plugin: PluginContext): void {
    if (this.options.cluster.length == 0 || this.plugin !== null) return;
    this.plugin = plugin;
    plugin.everyWith<Tracer>(this.options.period, this, (self) => self.send());
  }

  /**
   * The span of a request: below the one that its headers name, or the first of a trace that begins here. May be called while the
   * headers can be read.
   */
  begin(name: string, headers: Headers, kind: SpanKind = SpanKind.Server): Span {
    let parent = TraceContext.of(headers);
    if (parent === null)
      return new Span(this, TraceContext.create(this.decide(), this.options.format), "", name, kind);
    if (parent.undecided) parent = parent.$decided(this.decide());
    return new Span(this, parent.child(), parent.spanId, name, kind);
  }

  private decide(): bool {
    const ratio = this.options.ratio;
    return ratio >= 1 || (ratio > 0 && <f64>random.u32() < ratio * 4294967296);
  }

  /** @internal Takes a span that has ended. */
  $take(span: Uint8Array): void {
    const options = this.options;
    if (this.plugin === null) return; // there is no collector
    if (this.waiting.length >= options.mostWaiting || this.bytes + span.length > MOST_BYTES) {
      this.dropped.increment();
      return;
    }
    this.waiting.push(span);
    this.bytes += span.length;
  }

  private send(): void {
    if (this.underWay) return;
    if (this.batch === null) this.makeBatch();
    const batch = this.batch;
    if (batch === null) return;
    const options = this.options;
    const headers = [["content-type", "application/x-protobuf"]].concat(options.headers);
    this.tries++;
    this.underWay = true;
    const status = this.plugin!.fetchWith<Tracer>(
      options.cluster,
      {
        method: "POST",
        authority: options.authority,
        path: options.path,
        headers,
        bytes: batch,
        timeout: options.timeout,
      },
      this,
      (self, result) => self.answered(result),
    );
    if (status != Status.Ok) this.failed();
  }

  private makeBatch(): void {
    const count = min(this.waiting.length, max(this.options.mostAtOnce, 1));
    if (count == 0) return;
    const spans = new ProtobufWriter().message(1, new ProtobufWriter().text(1, "proxy-wasm-as"));
    for (let i = 0; i < count; i++) {
      spans.bytes(2, this.waiting[i]);
      this.bytes -= this.waiting[i].length;
    }
    this.waiting = this.waiting.slice(count);
    const name = new ProtobufWriter().text(1, clean(this.options.service));
    const attribute = new ProtobufWriter().text(1, "service.name").message(2, name);
    const resource = new ProtobufWriter().message(1, attribute);
    const all = new ProtobufWriter().message(1, new ProtobufWriter().message(1, resource).message(2, spans));
    this.batch = all.toBytes();
    this.batchSpans = count;
    this.tries = 0;
  }

  private answered(result: CallResult): void {
    const status = result.status;
    if (status == 429 || status == 408 || status >= 500 || status == 0) return this.failed();
    const taken = status >= 200 && status < 300;
    const refused = taken ? min<u64>(refusedSpans(result), this.batchSpans) : this.batchSpans;
    this.forget(<i64>refused);
  }

  /** Tries once more in the next turn, a few times. */
  private failed(): void {
    this.underWay = false;
    if (this.tries >= MOST_TRIES) this.forget(this.batchSpans);
  }

  private forget(dropped: i64): void {
    this.underWay = false;
    this.batch = null;
    if (dropped > 0) this.dropped.increment(dropped);
    if (this.batchSpans > dropped) this.sent.increment(this.batchSpans - dropped);
  }
}

/** How many spans of a batch the collector has not taken, as its answer says. */
function refusedSpans(result: CallResult): u64 {
  if (result.bodySize == 0 || result.bodySize > 65536) return 0;
  const answer = new ProtobufReader(result.body.bytes());
  while (answer.next()) {
    if (!answer.$is(1, WireType.Bytes)) continue;
    const partial = answer.message();
    while (partial.next()) if (partial.$is(1, WireType.Varint)) return partial.number;
  }
  return 0;
}
