import { Counter, FilterStatus, PluginContext, TcpContext, log, registerPlugin } from "proxy-wasm-as";

/** Keeps what is counted. */
class MyFilter extends PluginContext {
  readonly connections = new Counter("my_filter_connections_total");

  createTcpContext(): TcpContext {
    return new MyConnection(this);
  }
}

/** One connection. */
class MyConnection extends TcpContext {
  private received: u32 = 0;
  private sent: u32 = 0;

  constructor(private readonly filter: MyFilter) {
    super();
  }

  onNewConnection(): FilterStatus {
    this.filter.connections.increment();
    return FilterStatus.Continue;
  }

  onDownstreamData(dataSize: u32): FilterStatus {
    this.received += dataSize;
    return FilterStatus.Continue;
  }

  onUpstreamData(dataSize: u32): FilterStatus {
    this.sent += dataSize;
    return FilterStatus.Continue;
  }

  onDone(): void {
    log.info(`received ${this.received} bytes, sent ${this.sent}`);
  }
}

registerPlugin<MyFilter>();
