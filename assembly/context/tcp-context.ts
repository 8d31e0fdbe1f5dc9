/**
 * The network filter: one object for each connection.
 *
 * @module
 */
import { BufferType, CloseType, FilterStatus, Status, StreamType } from "../abi/enums";
import { proxy_close_stream, proxy_continue_stream } from "../abi/imports";
import { Body } from "../http/body";
import { handle } from "../memory/handle";
import { DEBUG } from "../runtime/build";
import { Phase, actOn, noteDeferred, phase } from "../runtime/current-callback";
import { expectBegun, explain, record, refuse } from "../runtime/status";
import { ContextKind } from "../runtime/target";
import { Context } from "./context";

/**
 * A TCP connection: extend it and override the callbacks that the filter needs. Register the class with
 * `registerTcpFilter`, or make it in a plugin's `createTcpContext`.
 *
 * @example
 * class Shout extends TcpContext {
 *   onDownstreamData(dataSize: u32, endOfStream: bool): FilterStatus {
 *     this.downstreamData.set(this.downstreamData.text().toUpperCase());
 *     return FilterStatus.Continue;
 *   }
 * }
 * registerTcpFilter<Shout>();
 */
export class TcpContext extends Context {
  constructor() {
    super();
    this.$kind = <u8>ContextKind.Tcp;
  }

  /** The data that the client has sent; usable in `onDownstreamData`. Its length may be changed freely. */
  get downstreamData(): Body {
    return handle<Body>(BufferType.DownstreamData);
  }

  /** The data that the upstream has sent; usable in `onUpstreamData`. */
  get upstreamData(): Body {
    return handle<Body>(BufferType.UpstreamData);
  }

  /**
   * Called when the client has connected. `StopIteration` reads nothing from it until `resumeDownstream()`, not even that
   * it goes away. Source: `proxy_on_new_connection`.
   */
  onNewConnection(): FilterStatus {
    return FilterStatus.Continue;
  }

  /**
   * Called for data of the client; `StopIteration` keeps it, and the next callback sees all that has been kept. The end
   * comes with `endOfStream`, often without data. Source: `proxy_on_downstream_data`.
   */
  onDownstreamData(dataSize: u32, endOfStream: bool): FilterStatus {
    return FilterStatus.Continue;
  }

  /**
   * Called for data of the upstream; see `onDownstreamData`. Data that is held here goes on with the next data only: the host has
   * no call that resumes it earlier (Envoy answers `Unimplemented`). Source: `proxy_on_upstream_data`.
   */
  onUpstreamData(dataSize: u32, endOfStream: bool): FilterStatus {
    return FilterStatus.Continue;
  }

  /** Called when the connection to the client is closed. Source: `proxy_on_downstream_connection_close`. */
  onDownstreamClose(closeType: CloseType): void {}

  /** Called when the connection to the upstream is closed. Source: `proxy_on_upstream_connection_close`. */
  onUpstreamClose(closeType: CloseType): void {}

  /** Called when the connection has ended; in Envoy before `onLog`. Source: `proxy_on_done`. */
  onDone(): void {}

  /**
   * Lets data of the client go on that was held. `Status.BadArgument` when the connection has not begun or has ended. Source:
   * `proxy_continue_stream`.
   */
  resumeDownstream(): Status {
    return this.$canAct("resumeDownstream") ? record(proxy_continue_stream(StreamType.Downstream)) : refuse();
  }

  /**
   * Closes the connection to the client, after what has been written to it, and the one to the upstream with it.
   * `Status.BadArgument` when it has not begun or has ended. Source: `proxy_close_stream`.
   */
  close(): Status {
    return this.$canAct("close") ? record(proxy_close_stream(StreamType.Downstream)) : refuse();
  }

  /** @internal */
  $mayBePartOf(kind: u32): bool {
    return kind == ContextKind.Tcp;
  }

  private $canAct(action: string): bool {
    noteDeferred();
    expectBegun();
    if (phase >= Phase.Log || phase == Phase.Create || !actOn(this)) {
      if (DEBUG) explain(action + ": the connection has not begun or has ended");
      return false;
    }
    return true;
  }
}
