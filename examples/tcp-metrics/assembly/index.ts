import { Counter, FilterStatus, Gauge, PluginContext, TcpContext, registerPlugin } from "proxy-wasm-as";

/** Keeps the metrics. */
class TcpMetrics extends PluginContext {
  readonly connections = new Counter("example_tcp_connections_total");
  readonly active = new Gauge("example_tcp_connections_active");
  readonly received = new Counter("example_tcp_received_bytes_total");
  readonly sent = new Counter("example_tcp_sent_bytes_total");

  createTcpContext(): TcpContext {
    return new TcpMetricsConnection();
  }
}

/** Counts connections and what passes over them, unseen and unchanged. */
class TcpMetricsConnection extends TcpContext {
  get metrics(): TcpMetrics {
    return this.plugin as TcpMetrics;
  }

  onNewConnection(): FilterStatus {
    this.metrics.connections.increment();
    this.metrics.active.add(1);
    return FilterStatus.Continue;
  }

  onDownstreamData(dataSize: u32): FilterStatus {
    if (dataSize > 0) this.metrics.received.increment(dataSize);
    return FilterStatus.Continue;
  }

  onUpstreamData(dataSize: u32): FilterStatus {
    if (dataSize > 0) this.metrics.sent.increment(dataSize);
    return FilterStatus.Continue;
  }

  onDone(): void {
    this.metrics.active.add(-1);
  }
}

registerPlugin<TcpMetrics>();
