import { Body } from "../abi/body.js";
import { CloseType } from "../abi/enums.js";
import type { Environment } from "../environment.js";
import { CONNECTION_REFUSED } from "../services/cluster.js";
import type { UpstreamConnection } from "../services/cluster.js";
import { ResponseFlag } from "../services/response-flags.js";
import type { ConnectionInfo, TcpInfo } from "../services/properties.js";
import { nanosecondsOf } from "../vm/loop.js";
import type { TcpContext } from "./wasm-filter.js";

/** The receiver of a connection's data: its client. */
export interface TcpClient {
  data(bytes: Uint8Array, endStream: boolean): void;
  closed(): void;
  /** Send nothing more until this is called with false: the upstream, or a filter, has enough. */
  pause?(paused: boolean): void;
}

/** The bytes that Envoy reads of a connection before they are taken. */
const READ_LIMIT = 1 << 20;

export interface TcpOptions {
  readonly environment: Environment;
  readonly info: ConnectionInfo;
  /** The cluster that the connection leads to. */
  readonly cluster: string;
  readonly filters: (stream: TcpStream) => readonly TcpContext[];
}

/** A connection on its way through network filters to an upstream. */
export class TcpStream {
  readonly info: ConnectionInfo;
  private readonly startNanoseconds: bigint;
  private readonly filters: readonly TcpContext[];
  private readonly toUpstream = new Body();
  private readonly toClient = new Body();
  private upstream: UpstreamConnection | undefined;
  private connected = false;
  private refused = false;
  /** How many filters have let the connection pass; all of them, and the proxy behind them, when it is open. */
  private passed = 0;
  private clientEnded = false;
  private clientEndSeen = false;
  private upstreamEnded = false;
  private waiting = false;
  private isClosed = false;
  /** The upstream takes what comes slower than it comes. */
  private isUpstreamFull = false;
  private isPaused = false;

  constructor(
    private readonly options: TcpOptions,
    private readonly client: TcpClient,
  ) {
    this.info = options.info;
    this.startNanoseconds = nanosecondsOf(options.environment.loop.now());
    this.filters = options.filters(this);
    this.accept();
  }

  // Events of the client

  onData(bytes: Uint8Array, endStream: boolean): void {
    if (this.isClosed) return;
    this.toUpstream.append(bytes);
    this.clientEnded ||= endStream;
    if (this.connected) this.read(0);
    else this.waiting = true;
    this.hold();
  }

  /** The client cut the connection. */
  onReset(): void {
    // A filter that holds a new connection keeps Envoy from reading, and so from seeing the end.
    if (this.passed === this.filters.length) this.end(CloseType.Remote);
  }

  /** The facts about the connection, for properties. The cluster is known once the proxy behind the filters has chosen it. */
  get known(): TcpInfo {
    const { environment, cluster } = this.options;
    const target = this.passed >= this.filters.length ? environment.clusters.get(cluster) : undefined;
    return {
      cluster: target === undefined ? undefined : cluster,
      upstreamAddress: this.connected || this.refused ? (target?.address ?? "127.0.0.1:80") : undefined,
      upstreamFailure: this.refused ? CONNECTION_REFUSED : "",
      responseFlags: this.refused ? ResponseFlag.UpstreamConnectionFailure | ResponseFlag.RetriesOver : 0,
      startNanoseconds: this.startNanoseconds,
    };
  }

  /** Stops reading of the upstream, as long as the client does not take what was read. */
  pauseUpstream(paused: boolean): void {
    this.upstream?.pause?.(paused);
  }

  /** Stops reading of the client, as long as the upstream is full or filters hold as much as they may. */
  private hold(): void {
    const isFull = this.isUpstreamFull || this.toUpstream.length >= READ_LIMIT;
    if (isFull === this.isPaused || this.isClosed) return;
    this.isPaused = isFull;
    this.client.pause?.(isFull);
  }

  // Calls of filters

  /** Lets go of what this filter holds. */
  continueReading(filter: TcpContext): void {
    if (this.isClosed) return;
    const index = this.filters.indexOf(filter);
    if (this.passed <= index) {
      this.passed = index + 1;
      this.accept();
    } else if (this.connected) this.read(index + 1);
    this.hold();
  }

  /** Ends the connection after what has been written. */
  close(): void {
    if (!this.isClosed) this.end(CloseType.Local);
  }

  private accept(): void {
    for (; this.passed < this.filters.length; this.passed++) {
      if (!this.filters[this.passed]!.onNewConnection() || this.isClosed) return;
    }
    const { environment, cluster } = this.options;
    const target = environment.clusters.get(cluster);
    if (target?.connect === undefined) {
      environment.loop.post(() => this.close());
      return;
    }
    environment.loop.post(() => {
      if (this.isClosed) return;
      this.upstream = target.connect!({
        connected: () => this.onConnected(),
        failed: () => {
          this.refused = true;
          this.close();
        },
        data: (bytes, endStream) => this.onUpstreamData(bytes, endStream),
        closed: () => this.close(),
        full: (isFull) => {
          this.isUpstreamFull = isFull;
          this.hold();
        },
      });
    });
  }

  private onConnected(): void {
    this.connected = true;
    if (this.waiting) this.read(0);
    this.waiting = false;
    this.hold();
  }

  private read(from: number): void {
    for (const filter of this.filters.slice(from)) {
      if (!filter.onDownstreamData(this.toUpstream, this.clientEnded)) return;
      if (this.isClosed) return;
    }
    const endsNow = this.clientEnded && !this.clientEndSeen;
    if (this.toUpstream.length === 0 && !endsNow) return;
    this.clientEndSeen ||= this.clientEnded;
    this.upstream?.write(this.toUpstream.take(), endsNow);
    if (endsNow && this.upstreamEnded) this.end(CloseType.Remote);
  }

  private onUpstreamData(bytes: Uint8Array, endStream: boolean): void {
    if (this.isClosed) return;
    this.toClient.append(bytes);
    for (const filter of [...this.filters].reverse()) {
      if (!filter.onUpstreamData(this.toClient, endStream)) return;
      if (this.isClosed) return;
    }
    this.client.data(this.toClient.take(), endStream);
    if (!endStream) return;
    this.upstreamEnded = true;
    if (this.clientEndSeen) this.end(CloseType.Local);
  }

  private end(type: number): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const filter of this.filters) filter.onDownstreamClose(type);
    this.upstream?.close();
    this.client.closed();
  }
}
