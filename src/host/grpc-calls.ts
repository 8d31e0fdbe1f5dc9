import { Body } from "./abi/body.js";
import type { HeaderMap } from "./abi/header-map.js";
import type { RootContext } from "./root-context.js";
import type { Cluster } from "./services/cluster.js";
import { GrpcStream } from "./services/grpc-client.js";
import type { GrpcRequest } from "./services/grpc-client.js";

interface OpenStream {
  readonly stream: GrpcStream;
  localClosed: boolean;
  remoteClosed: boolean;
}

/** The gRPC calls and streams of a plugin, by token, and what its callbacks may read of them. */
export class GrpcCalls {
  /** The metadata that a callback brings, while it runs; the message likewise. */
  initialMetadata: HeaderMap | undefined;
  trailingMetadata: HeaderMap | undefined;
  message: Body | undefined;
  private readonly calls = new Map<number, GrpcStream>();
  private readonly streams = new Map<number, OpenStream>();

  constructor(private readonly root: RootContext) {}

  /** A call with one message and one answer. */
  startCall(token: number, cluster: Cluster | undefined, request: GrpcRequest, message: Uint8Array): void {
    let answer: Uint8Array | undefined;
    const stream = new GrpcStream(this.root.vm.environment, cluster, request, {
      initialMetadata: () => undefined,
      message: (bytes) => void (answer = bytes),
      trailingMetadata: () => undefined,
      close: (status, text) => {
        if (!this.calls.has(token)) return;
        // A call that succeeds tells nothing but its answer.
        if (status !== 0) this.onClose(token, status, text);
        else if (answer === undefined) this.onClose(token, 13, "");
        else this.onMessage(token, answer);
        this.calls.delete(token);
      },
    });
    this.calls.set(token, stream);
    stream.send(message, true);
  }

  startStream(token: number, cluster: Cluster | undefined, request: GrpcRequest): void {
    const isOpen = (): boolean => this.streams.has(token);
    const stream = new GrpcStream(this.root.vm.environment, cluster, request, {
      initialMetadata: (metadata) => {
        if (!isOpen()) return;
        this.initialMetadata = metadata;
        this.tell("proxy_on_grpc_receive_initial_metadata", token, metadata.size);
        this.initialMetadata = undefined;
      },
      message: (bytes) => {
        if (isOpen()) this.onMessage(token, bytes);
      },
      trailingMetadata: (metadata) => {
        if (!isOpen()) return;
        this.trailingMetadata = metadata;
        this.tell("proxy_on_grpc_receive_trailing_metadata", token, metadata.size);
        this.trailingMetadata = undefined;
      },
      close: (status, text) => {
        const open = this.streams.get(token);
        if (open === undefined) return;
        open.remoteClosed = true;
        this.onClose(token, status, text);
        if (open.localClosed) this.streams.delete(token);
      },
    });
    this.streams.set(token, { stream, localClosed: false, remoteClosed: false });
  }

  /** False without such a stream. */
  send(token: number, message: Uint8Array, endStream: boolean): boolean {
    const open = this.streams.get(token);
    open?.stream.send(message, endStream);
    return open !== undefined;
  }

  /** Closes this end of a stream; false without such a call or stream. */
  close(token: number): boolean {
    if (this.cancelCall(token)) return true;
    const open = this.streams.get(token);
    if (open === undefined) return false;
    open.stream.close();
    if (open.remoteClosed) this.streams.delete(token);
    else open.localClosed = true;
    return true;
  }

  /** Cuts a call or stream; false without one. */
  cancel(token: number): boolean {
    if (this.cancelCall(token)) return true;
    const open = this.streams.get(token);
    open?.stream.reset();
    return this.streams.delete(token);
  }

  private cancelCall(token: number): boolean {
    this.calls.get(token)?.reset();
    return this.calls.delete(token);
  }

  private onMessage(token: number, bytes: Uint8Array): void {
    this.message = Body.of(bytes);
    this.tell("proxy_on_grpc_receive", token, bytes.length);
    this.message = undefined;
  }

  onClose(token: number, status: number, message: string): void {
    this.root.status = { code: status, message };
    this.tell("proxy_on_grpc_close", token, status);
    this.root.status = { code: status, message: "" };
  }

  private tell(callback: string, token: number, value: number): void {
    const { root } = this;
    root.vm.call(root, callback, root.id, token, value);
    root.vm.endCall();
  }

  /** The plugin is gone. */
  resetAll(): void {
    for (const call of this.calls.values()) call.reset();
    for (const { stream } of this.streams.values()) stream.reset();
  }
}
