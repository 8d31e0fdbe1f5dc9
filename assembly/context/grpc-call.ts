/// <reference path="../runtime/build.d.ts" />
/**
 * gRPC calls with one message each way.
 *
 * @module
 */
import { BufferType, GrpcStatus, Status } from "../abi/enums";
import { proxy_get_status, proxy_grpc_call } from "../abi/imports";
import { arePairsAllowed } from "../http/header-writes";
import { isGrpcsOwn } from "../memory/field-syntax";
import { pairsSize, putPairs } from "../memory/pairs";
import { grpcServiceSize, isGrpcService, putGrpcService } from "../codec/protobuf";
import { percentDecode } from "../codec/percent";
import { expectValue, receivedAddress, receivedSize, receivedU32 } from "../memory/host-values";
import { OUT, mark, release } from "../memory/scratch";
import { decode, put, putSize } from "../memory/text";
import { DEBUG } from "../runtime/build";
import { actOn, noteDeferred } from "../runtime/current-callback";
import { explain, record, refuse } from "../runtime/status";
import { Target } from "../runtime/target";
import { readBufferBytes } from "../services/buffer";
import { PendingCall, addPendingCall } from "./pending-calls";

/**
 * The options of a gRPC call; leave out those that you do not need.
 *
 * @example
 * const options: Partial<GrpcOptions> = { metadata: [["x-tenant", "acme"]], timeout: 200 };
 */
export class GrpcOptions {
  /**
   * Initial metadata as `[name, value]`; not what is gRPC's own, and would come a second time or break the call: `content-type`, `host`,
   * `te`, `grpc-timeout` and other names that begin with `grpc-` (those of bytes, as `grpc-trace-bin`, may be sent).
   */
  metadata: string[][] = [];
  /** Milliseconds until the call fails (Envoy: `GrpcStatus.Unavailable`); 0 waits for ever. Not for streams. */
  timeout: u32 = 5000;
  /**
   * A serialized `envoy.config.core.v3.GrpcService` with `envoy_grpc`, in place of the cluster's name: for an authority or
   * a retry policy of its own.
   */
  service: Uint8Array | null = null;
}

/**
 * The outcome of a gRPC call.
 *
 * @example
 * this.grpcCall("auth", "acme.Auth", "Check", message, {}, (result) => {
 *   if (result.status != GrpcStatus.Ok) log.warn(result.status.toString() + " " + result.message);
 * });
 */
@final
export class GrpcResult {
  constructor(
    /** How it ended. */
    readonly status: GrpcStatus,
    /** The status's message; Envoy puts details of its own behind it, in braces. */
    readonly message: string,
    /** The answer, protobuf bytes; empty when the call failed. */
    readonly body: Uint8Array,
  ) {}
}

/** A call whose outcome goes to a function of `self`. */
class PendingGrpcCall<T> extends PendingCall {
  constructor(
    context: Target,
    private readonly self: T,
    private readonly callback: (self: T, result: GrpcResult) => void,
  ) {
    super(context);
  }

  onGrpcMessage(size: u32): void {
    const body = readBufferBytes(BufferType.GrpcReceiveBuffer);
    this.callback(this.self, new GrpcResult(GrpcStatus.Ok, "", body !== null ? body : new Uint8Array(0)));
  }

  onGrpcClose(status: i32): void {
    this.callback(this.self, new GrpcResult(<GrpcStatus>status, grpcMessage(), new Uint8Array(0)));
  }
}

/** The message of the status that a gRPC call or stream has just ended with. */
export function grpcMessage(): string {
  const before = mark();
  expectValue();
  // The code goes to OUT + 8; the message comes like every other value.
  let text = "";
  if (proxy_get_status(OUT + 8, OUT, OUT + 4) == Status.Ok) {
    text = decode(receivedAddress(), percentDecode(receivedAddress(), receivedSize()));
  }
  release(before);
  return text;
}

/** The size of what `putService` wrote last. */
export let serviceSize: usize = 0;

/** The `GrpcService` to call, in scratch memory or in `options`; 0 when it is none. */
export function putService(cluster: string, options: GrpcOptions | null): usize {
  let service: Uint8Array | null = null;
  if (options !== null) service = options.service;
  if (service === null) {
    if (cluster.length == 0) return 0;
    const address = putGrpcService(cluster);
    serviceSize = grpcServiceSize;
    return address;
  }
  serviceSize = <usize>service.length;
  if (isGrpcService(service.dataStart, serviceSize)) return service.dataStart;
  if (DEBUG)
    explain("service is no serialized GrpcService with envoy_grpc, which the host would not survive");
  return 0;
}

/** The metadata as a block of `pairsSize` bytes; 0 when it cannot be sent. */
export function putMetadata(options: GrpcOptions | null): usize {
  if (options === null) return putPairs([]);
  const metadata = options.metadata;
  if (!arePairsAllowed(metadata, true)) return 0;
  for (let i = 0; i < metadata.length; i++) if (isGrpcs(unchecked(metadata[i])[0])) return 0;
  const block = putPairs(metadata);
  if (DEBUG && block == 0) explain("more than 1,024 pieces of metadata or 1 MiB of them");
  return block;
}

/** Tells whether a piece of metadata, whose name this is, is gRPC's own: Envoy would send it beside what it sets itself, in one header. */
function isGrpcs(name: string): bool {
  const before = mark();
  const address = put(name);
  const size = putSize;
  const own = isGrpcsOwn(address, size);
  release(before);
  if (DEBUG && own) explain("'" + name + "' is gRPC's own to set; leave it out of metadata");
  return own;
}

/** Sends the call, and keeps `callback` for its outcome. */
export function sendGrpcCall<T>(
  context: Target,
  cluster: string,
  service: string,
  method: string,
  message: Uint8Array,
  options: GrpcOptions,
  self: T,
  callback: (self: T, result: GrpcResult) => void,
): Status {
  if (options.timeout > <u32>i32.MAX_VALUE || !actOn(context)) {
    if (DEBUG) explain("grpcCall: the timeout is at most 2147483647 milliseconds, and the context is there");
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
      proxy_grpc_call(
        target,
        targetSize,
        serviceAddress,
        serviceNameSize,
        methodAddress,
        putSize,
        metadata,
        metadataSize,
        message.dataStart,
        message.byteLength,
        options.timeout,
        OUT,
      )
    );
    if (DEBUG && status != Status.Ok)
      explain("grpcCall: the host could not begin the call; has it the cluster '" + cluster + "'?");
  }
  const token = receivedU32();
  release(before);
  if (record(status) == Status.Ok) addPendingCall(token, new PendingGrpcCall<T>(context, self, callback));
  return status;
}
