/**
 * gRPC calls that a flow waits for.
 *
 * @module
 */
import { GrpcStatus, Status } from "../abi/enums";
import { GrpcOptions, GrpcResult } from "../context/grpc-call";
import { current, refuseWait } from "./fiber";
import { Future } from "./future";

/** A gRPC call that is under way. */
@final
export class GrpcFuture extends Future {
  private outcome: GrpcResult = new GrpcResult(GrpcStatus.Unavailable, "", new Uint8Array(0));

  /** The outcome. Waits for it when it has not come yet. */
  get result(): GrpcResult {
    this.wait();
    return this.outcome;
  }

  /** @internal */
  begin(cluster: string, service: string, method: string, message: Uint8Array, options: GrpcOptions): void {
    const fiber = current;
    if (fiber === null) {
      refuseWait();
      return this.settle();
    }
    const status = fiber.stream.grpcCallWith<GrpcFuture>(
      cluster,
      service,
      method,
      message,
      options,
      this,
      (self, result) => {
        self.outcome = result;
        self.settle();
      },
    );
    if (status != Status.Ok) this.settle();
  }
}

/**
 * Calls a gRPC method that takes one message and answers one, and waits for the outcome; messages are protobuf bytes. May
 * be called in a flow. A call that cannot be sent ends with `GrpcStatus.Unavailable`.
 *
 * @example
 * const result = grpcCall("auth", "acme.Auth", "Check", message, { timeout: 500 });
 * if (result.status != GrpcStatus.Ok) return x.respond(403, result.message);
 */
export function grpcCall(
  cluster: string,
  service: string,
  method: string,
  message: Uint8Array,
  options: Partial<GrpcOptions> | null = null,
): GrpcResult {
  return startGrpcCall(cluster, service, method, message, options as GrpcOptions | null).result;
}

/** Calls a gRPC method like `grpcCall` and goes on; `result` waits for the outcome. */
export function startGrpcCall(
  cluster: string,
  service: string,
  method: string,
  message: Uint8Array,
  options: Partial<GrpcOptions> | null = null,
): GrpcFuture {
  const future = new GrpcFuture();
  const all = options as GrpcOptions | null;
  future.begin(cluster, service, method, message, all === null ? new GrpcOptions() : all);
  return future;
}
