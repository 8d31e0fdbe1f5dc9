import {
  Counter,
  FilterHeadersStatus,
  Gauge,
  Histogram,
  HttpContext,
  PluginContext,
  clock,
  registerPlugin,
} from "proxy-wasm-as";

/** Keeps the metrics. The same name is the same metric in all worker threads. */
class Metrics extends PluginContext {
  readonly requests = new Counter("example_requests_total");
  readonly active = new Gauge("example_requests_active");
  readonly duration = new Histogram("example_request_milliseconds");

  createHttpContext(): HttpContext {
    return new MetricsStream();
  }
}

/** Methods that get a label of their own; all others share one, because a client can make up any number of them. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Counts requests by method and kind of status, those on their way, and how long they take. */
class MetricsStream extends HttpContext {
  private started: u64 = 0;
  private method = "other";
  private status = "none";

  onRequestHeaders(): FilterHeadersStatus {
    this.started = clock.now();
    const method = this.request.method;
    if (method !== null && METHODS.includes(method)) this.method = method;
    (this.plugin as Metrics).active.add(1);
    return FilterHeadersStatus.Continue;
  }

  onResponseHeaders(): FilterHeadersStatus {
    const status = this.response.headers.get(":status");
    if (status?.length == 3) this.status = status[0] + "xx";
    return FilterHeadersStatus.Continue;
  }

  onDone(): void {
    if (this.started == 0) return; // it ended before its headers had come
    const metrics = this.plugin as Metrics;
    metrics.active.add(-1);
    metrics.duration.record((clock.now() - this.started) / 1000000);
    const labels = [
      ["method", this.method],
      ["status", this.status],
    ];
    metrics.requests.with(labels).increment();
  }
}

registerPlugin<Metrics>();
