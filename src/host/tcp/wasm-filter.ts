import { BufferType, CloseType, StreamType } from "../abi/enums.js";
import type { Body } from "../abi/body.js";
import { Status } from "../abi/status.js";
import { BodyBuffer } from "../context.js";
import type { GuestBuffer } from "../context.js";
import type { RootContext } from "../root-context.js";
import { StreamContext } from "../stream-context.js";
import { connectionAttributes } from "../services/connection-attributes.js";
import type { Found } from "../services/properties.js";
import type { Plugin } from "../vm/plugin.js";
import type { TcpStream } from "./stream.js";

/** A connection's context: a network filter. */
export class TcpContext extends StreamContext {
  private downstreamData: Body | undefined;
  private upstreamData: Body | undefined;
  private downstreamClosed = false;
  private ended = false;
  private readonly state = new Map<string, Uint8Array>();

  constructor(
    rootContext: RootContext,
    private readonly stream: TcpStream,
    settings: Plugin,
  ) {
    super(rootContext, settings);
  }

  /** Tells whether the connection goes on to the next filter. */
  onNewConnection(): boolean {
    this.create();
    return this.ask("proxy_on_new_connection");
  }

  onDownstreamData(data: Body, endStream: boolean): boolean {
    if (!this.created) return true;
    this.downstreamData = data;
    const goesOn = this.ask("proxy_on_downstream_data", data.length, endStream ? 1 : 0);
    if (goesOn) this.downstreamData = undefined;
    return goesOn;
  }

  onUpstreamData(data: Body, endStream: boolean): boolean {
    if (!this.created) return true;
    this.upstreamData = data;
    const goesOn = this.ask("proxy_on_upstream_data", data.length, endStream ? 1 : 0);
    if (goesOn) this.upstreamData = undefined;
    if (endStream) this.onUpstreamClose();
    return goesOn;
  }

  /** The client's connection has ended. */
  onDownstreamClose(type: number): void {
    if (!this.created) {
      this.vm.contexts.delete(this.id);
      return;
    }
    this.tellClose("proxy_on_downstream_connection_close", type);
    this.downstreamClosed = true;
    this.end();
  }

  private onUpstreamClose(): void {
    this.tellClose("proxy_on_upstream_connection_close", CloseType.Unknown);
    if (this.downstreamClosed) this.end();
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    this.onDone();
    this.onLog();
    this.onDelete();
    this.vm.environment.loop.atEnd(() => this.vm.contexts.delete(this.id));
  }

  override buffer(type: number): GuestBuffer | undefined {
    if (type === BufferType.DownstreamData)
      return new BodyBuffer(this.downstreamData, "downstream data is there only in its own callback");
    if (type === BufferType.UpstreamData)
      return new BodyBuffer(this.upstreamData, "upstream data is there only in its own callback");
    return super.buffer(type);
  }

  override continueStream(type: number): Status {
    if (type === StreamType.Downstream) {
      this.vm.afterCall(() => this.stream.continueReading(this));
      return Status.Ok;
    }
    return super.continueStream(type);
  }

  override closeStream(type: number): Status {
    if (type === StreamType.Downstream || type === StreamType.Upstream) {
      this.vm.afterCall(() => this.stream.close());
      return Status.Ok;
    }
    return super.closeStream(type);
  }

  override property(path: readonly string[]): Found {
    const set = this.vm.environment.properties.get(path.join("."));
    if (set !== undefined) return set;
    const found = connectionAttributes(path, this.stream.info, this.stream.known) ?? super.property(path);
    return found ?? (path.length === 1 ? this.state.get(`wasm.${path[0]}`) : undefined);
  }

  override setProperty(path: string, value: Uint8Array): Status {
    this.state.set(`wasm.${path}`, value);
    return Status.Ok;
  }

  private tellClose(callback: string, type: number): void {
    if (this.vm.failure !== undefined || !this.vm.has(callback)) return;
    this.vm.call(this, callback, this.id, type);
    this.vm.endCall();
  }

  private ask(callback: string, ...args: number[]): boolean {
    const { vm } = this;
    if (vm.failure !== undefined) return this.failed();
    if (!vm.has(callback)) return true;
    const result = vm.call(this, callback, this.id, ...args);
    const goesOn = vm.failure === undefined ? result !== 1 : this.failed();
    vm.endCall();
    return goesOn;
  }

  private failed(): boolean {
    if (this.settings.failOpen) return true;
    this.stream.close();
    return false;
  }
}
