/**
 * gRPC streams.
 *
 * @module
 */
import { BufferType, GrpcStatus, HeaderMapType, Status } from "../abi/enums";
import { proxy_grpc_cancel, proxy_grpc_close, proxy_grpc_send, proxy_grpc_stream } from "../abi/imports";
import { Headers } from "../http/headers";
import { handle } from "../memory/handle";
import { pairsSize } from "../memory/pairs";
import { expectValue, receivedU32 } from "../memory/host-values";
import { OUT, mark, release } from "../memory/scratch";
import { put, putSize } from "../memory/text";
import { DEBUG } from "../runtime/build";
import { actOn, mayOpenStream, noteDeferred } from "../runtime/current-callback";
import { Subject } from "../runtime/explain";
import { explain, record, refuse } from "../runtime/status";
import { Target } from "../runtime/target";
import { readBufferBytes } from "../services/buffer";
import { PendingCall, addPendingCall, removePendingCall } from "./pending-calls";
import { startTimer } from "./timers";
import { GrpcOptions, grpcMessage, putMetadata, putService, serviceSize } from "./grpc-call";

/**
 * A gRPC stream: extend it, override what is of interest, and open it with `context.grpcStream`.
 *
 * @example
 * class Watch extends GrpcStream {
 *   onMessage(message: Uint8Array): void {
 *     log.info(message.length.toString() + " bytes");
 *   }
 * }
 * this.grpcStream("control", "acme.Control", "Watch", new Watch());
 */
export class GrpcStream {
  private $token: u32 = 0;
  private $sending: bool = false;
  /** @internal Something has come, so that it waits for no connection. */
  $heard: bool = false;

  /**
   * Called when the stream's initial metadata has come. Readable in here only.
   *
   * A module in which this or `onTrailingMetadata` is overridden opens streams in timers only, and before anything else of
   * a timer: `this.after(0, () => this.grpcStream(…))`. Elsewhere it is refused with `Status.BadArgument`, because
   * Envoy 1.40 could loop for ever.
   */
  onInitialMetadata(metadata: Headers): void {}

  /** Called for each message, protobuf bytes. Source: `proxy_on_grpc_receive`. */
  onMessage(message: Uint8Array): void {}

  /** Called when the stream's trailing metadata has come. Readable in here only. See `onInitialMetadata`. */
  onTrailingMetadata(metadata: Headers): void {}

  /**
   * Called when the stream has ended, unless by `cancel` or with its context: how, and what the server says of it; Envoy puts
   * details of its own behind that, in braces. Source: `proxy_on_grpc_close`.
   */
  onClose(status: GrpcStatus, message: string): void {}

  /** Tells whether messages can be sent: it is open, and `close` has not been called. */
  get isOpen(): bool {
    return this.$sending;
  }

  /**
   * Sends a message; with `end` it is the last. `Status.BadArgument` when the stream is not open. May be called in every
   * callback while it is. Source: `proxy_grpc_send`.
   */
  send(message: Uint8Array, end: bool = false): Status {
    if (!this.$sending) return notOpen("send");
    if (end) this.$sending = false;
    return record(
      proxy_grpc_send(this.$token, message.dataStart, message.byteLength, end ? 1 : 0),
      Subject.GrpcStream,
    );
  }

  /** Says that no more messages will be sent; the server may go on. Source: `proxy_grpc_close`. */
  close(): Status {
    if (!this.$sending) return notOpen("close");
    this.$sending = false;
    return record(proxy_grpc_close(this.$token), Subject.GrpcStream);
  }

  /**
   * Breaks the stream off; nothing comes any more. A stream of which nothing has come yet is broken off in the next tick: it may still wait
   * for a connection, and Envoy 1.40 crashes when it goes while another of that connection is told that there is none.
   * Source: `proxy_grpc_cancel`.
   */
  cancel(): Status {
    if (this.$token == 0) return notOpen("cancel");
    const token = this.$token;
    this.$end();
    const call = removePendingCall(token);
    if (this.$heard || call === null) return record(proxy_grpc_cancel(token), Subject.GrpcStream);
    startTimer<Cancelled>(call.context, 1, true, new Cancelled(token), (self) => self.cancel());
    return record(Status.Ok);
  }

  /** @internal */
  $begin(token: u32): void {
    this.$token = token;
    this.$heard = false;
    this.$sending = true;
  }

  /** @internal */
  $end(): void {
    this.$token = 0;
    this.$sending = false;
  }
}

/** A stream to be broken off in the next tick. */
@final
class Cancelled {
  constructor(private readonly token: u32) {}

  cancel(): void {
    record(proxy_grpc_cancel(this.token), Subject.GrpcStream);
  }
}

/** Hands what comes for a stream to it. */
class PendingGrpcStream extends PendingCall {
  constructor(
    context: Target,
    private readonly stream: GrpcStream,
  ) {
    super(context);
  }

  get isUnary(): bool {
    return false;
  }

  onGrpcInitialMetadata(count: u32): void {
    this.stream.$heard = true;
    this.stream.onInitialMetadata(handle<Headers>(HeaderMapType.GrpcReceiveInitialMetadata));
  }

  onGrpcMessage(size: u32): void {
    this.stream.$heard = true;
    const message = readBufferBytes(BufferType.GrpcReceiveBuffer);
    this.stream.onMessage(message !== null ? message : new Uint8Array(0));
  }

  onGrpcTrailingMetadata(count: u32): void {
    this.stream.onTrailingMetadata(handle<Headers>(HeaderMapType.GrpcReceiveTrailingMetadata));
  }

  onGrpcClose(status: i32): void {
    const message = grpcMessage();
    this.stream.$end();
    this.stream.onClose(<GrpcStatus>status, message);
  }

  /** The context is gone: nobody is there to hear more. */
  abandon(): void {
    this.stream.$end();
    removePendingCall(this.token);
    record(proxy_grpc_cancel(this.token), Subject.GrpcStream);
  }
}

function notOpen(action: string): Status {
  if (DEBUG) explain(action + ": the gRPC stream is not open, or this side of it has ended");
  return refuse();
}

/** Opens a stream. */
export function openStream(
  context: Target,
  cluster: string,
  service: string,
  method: string,
  stream: GrpcStream,
  options: GrpcOptions | null,
): Status {
  if (stream.isOpen || !actOn(context)) {
    if (DEBUG) explain("grpcStream: the stream is open already, or the context is gone");
    return refuse();
  }
  if (!mayOpenStream()) {
    if (DEBUG)
      explain("grpcStream: a stream whose metadata matters is opened first thing in a timer: after(0, …)");
    return refuse();
  }
  noteDeferred();
  const before = mark();
  const target = putService(cluster, options);
  const targetSize = serviceSize;
  const metadata = putMetadata(options);
  const metadataSize = pairsSize;
  let status: Status = Status.BadArgument;
  if (target != 0 && metadata != 0) {
    const serviceAddress = put(service);
    const serviceNameSize = putSize;
    const methodAddress = put(method);
    expectValue();
    status = <Status>(
      proxy_grpc_stream(
        target,
        targetSize,
        serviceAddress,
        serviceNameSize,
        methodAddress,
        putSize,
        metadata,
        metadataSize,
        OUT,
      )
    );
    if (DEBUG && status != Status.Ok)
      explain("grpcStream: the host could not open it; has it the cluster '" + cluster + "'?");
  }
  const token = receivedU32();
  release(before);
  if (record(status) == Status.Ok) {
    stream.$begin(token);
    addPendingCall(token, new PendingGrpcStream(context, stream));
  }
  return status;
}
