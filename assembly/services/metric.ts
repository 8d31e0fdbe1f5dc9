/**
 * Metrics: Envoy shows them as `wasmcustom.<name>`, and without the prefix to Prometheus.
 *
 * @module
 */
import { MetricType, Status } from "../abi/enums";
import {
  proxy_define_metric,
  proxy_get_metric,
  proxy_increment_metric,
  proxy_record_metric,
} from "../abi/imports";
import { expectValue, receivedU32, receivedU64 } from "../memory/host-values";
import { OUT, mark, release } from "../memory/scratch";
import { put, putSize } from "../memory/text";
import { DEBUG } from "../runtime/build";
import { inCallback } from "../runtime/current-callback";
import { Subject } from "../runtime/explain";
import { explain, record, refuse } from "../runtime/status";

/**
 * The base class of all kinds of metrics. A metric may be made anywhere, also at module scope; the host hears of it when it is
 * first used. The same name means the same metric in all VMs and threads.
 */
abstract class Metric {
  private id: u32 = 0;
  private defined: bool = false;

  constructor(
    /** The name, as it was given. */
    readonly name: string,
    private readonly type: MetricType,
  ) {}

  /** Makes sure that the host knows the metric. */
  private define(): Status {
    if (this.defined) return Status.Ok;
    if (!inCallback()) {
      if (DEBUG)
        explain("metric '" + this.name + "': used outside of callbacks; at module scope, only make it");
      return refuse();
    }
    const before = mark();
    const address = put(this.name);
    expectValue();
    const status = record(proxy_define_metric(this.type, address, putSize, OUT), Subject.Metric);
    release(before);
    if (status != Status.Ok) return status;
    this.id = receivedU32();
    this.defined = true;
    return status;
  }

  /** @internal */
  protected change(offset: i64): Status {
    const status = this.define();
    return status == Status.Ok ? record(proxy_increment_metric(this.id, offset), Subject.Metric) : status;
  }

  /** @internal */
  protected write(value: i64): Status {
    const status = this.define();
    return status == Status.Ok ? record(proxy_record_metric(this.id, value), Subject.Metric) : status;
  }

  /** @internal */
  protected read(): u64 {
    if (this.define() != Status.Ok) return 0;
    expectValue();
    return record(proxy_get_metric(this.id, OUT), Subject.Metric) == Status.Ok ? receivedU64() : 0;
  }
}

/** The metric of `children` for these labels, made when there is none. */
function childOf<T extends Metric>(children: Map<string, T>, name: string, labels: string[][]): T {
  const full = labelled(name, labels);
  if (children.has(full)) return children.get(full);
  const child = instantiate<T>(full);
  children.set(full, child);
  return child;
}

function labelled(name: string, labels: string[][]): string {
  let text = name;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i].length == 2) text += ";" + plain(labels[i][0]) + "=" + plain(labels[i][1]);
  }
  return text;
}

function plain(text: string): string {
  return text.replaceAll(";", "_").replaceAll("=", "_");
}

/**
 * A number that only grows.
 *
 * @example
 * const denied = new Counter("denied_total"); // at module scope
 * denied.increment();
 * denied.with([["reason", "no_token"]]).increment();
 */
@final
export class Counter extends Metric {
  private readonly children: Map<string, Counter> = new Map<string, Counter>();

  constructor(name: string) {
    super(name, MetricType.Counter);
  }

  /** Adds `offset`, which is at least 1: `Status.BadArgument` otherwise. Source: `proxy_increment_metric`. */
  increment(offset: i64 = 1): Status {
    if (offset > 0) return this.change(offset);
    if (DEBUG) explain("counter '" + this.name + "': it is incremented by 1 or more");
    return refuse();
  }

  /** The count, over all VMs and threads; 0 when the host does not say. Source: `proxy_get_metric`. */
  get value(): u64 {
    return this.read();
  }

  /**
   * This metric for some values of its labels, made once and kept: `denied.with([["reason", "no_token"]])`. Its name is
   * `name;label=value;…`, which the `stats_tags` in Envoy's bootstrap take apart again (docs/metrics.md); ";" and "=" in
   * labels and values are replaced by "_". Keep the number of different values small: the host forgets none.
   */
  with(labels: string[][]): Counter {
    return childOf<Counter>(this.children, this.name, labels);
  }
}

/**
 * A number that grows and shrinks. Envoy shows one below 0 as a very large number.
 *
 * @example
 * const waiting = new Gauge("waiting"); // at module scope
 * waiting.add(1);
 * waiting.set(0);
 */
@final
export class Gauge extends Metric {
  private readonly children: Map<string, Gauge> = new Map<string, Gauge>();

  constructor(name: string) {
    super(name, MetricType.Gauge);
  }

  /** Sets it. Source: `proxy_record_metric`. */
  set(value: i64): Status {
    return this.write(value);
  }

  /** Adds `offset`, which may be negative. Source: `proxy_increment_metric`. */
  add(offset: i64): Status {
    return this.change(offset);
  }

  /** The current value; 0 when the host does not say. Source: `proxy_get_metric`. */
  get value(): i64 {
    return <i64>this.read();
  }

  /** This metric for some values of its labels; see `Counter.with`. */
  with(labels: string[][]): Gauge {
    return childOf<Gauge>(this.children, this.name, labels);
  }
}

/**
 * How values are distributed. Envoy shows quantiles of them, and reads them as milliseconds where a unit matters.
 *
 * @example
 * const sizes = new Histogram("body_bytes"); // at module scope
 * sizes.record(this.request.body.size);
 */
@final
export class Histogram extends Metric {
  private readonly children: Map<string, Histogram> = new Map<string, Histogram>();

  constructor(name: string) {
    super(name, MetricType.Histogram);
  }

  /** Adds a value, which is not negative: `Status.BadArgument` otherwise. Source: `proxy_record_metric`. */
  record(value: i64): Status {
    if (value >= 0) return this.write(value);
    if (DEBUG) explain("histogram '" + this.name + "': a value is not negative");
    return refuse();
  }

  /** This metric for some values of its labels; see `Counter.with`. */
  with(labels: string[][]): Histogram {
    return childOf<Histogram>(this.children, this.name, labels);
  }
}
