/**
 * The callbacks by which the host delivers the answers to calls. The host names the plugin; the answer goes to the stream that
 * made the call, and is dropped when that stream is gone.
 *
 * @module
 */
import { GrpcStatus } from "../abi/enums";
import { noteTold } from "../context/call-callback";
import { PendingCall, findPendingCall, removePendingCall } from "../context/pending-calls";
import { CallResult } from "../context/call-result";
import { Phase, enter, leave } from "../runtime/current-callback";

export function proxy_on_http_call_response(
  id: u32,
  token: u32,
  headerCount: u32,
  bodySize: u32,
  trailerCount: u32,
): void {
  enter(id, Phase.Plugin);
  const answer = removePendingCall(token);
  if (answer !== null && answer.resume()) {
    const result = new CallResult(headerCount, bodySize, trailerCount);
    const outer = noteTold(result);
    answer.onHttpResponse(result);
    noteTold(outer);
  }
  leave();
}

/** Finds the gRPC call or stream that waits for this event, and puts its context into effect; null when nobody waits any more. */
function enterCall(id: u32, token: u32, last: bool): PendingCall | null {
  enter(id, Phase.Plugin);
  const answer = findPendingCall(token);
  if (answer === null) return null;
  if (last || answer.isUnary) removePendingCall(token);
  if (answer.resume()) return answer;
  if (!last) answer.abandon();
  return null;
}

export function proxy_on_grpc_receive_initial_metadata(id: u32, token: u32, count: u32): void {
  const answer = enterCall(id, token, false);
  if (answer !== null) answer.onGrpcInitialMetadata(count);
  leave();
}

export function proxy_on_grpc_receive(id: u32, token: u32, size: u32): void {
  const answer = enterCall(id, token, false);
  if (answer !== null) answer.onGrpcMessage(size);
  leave();
}

export function proxy_on_grpc_receive_trailing_metadata(id: u32, token: u32, count: u32): void {
  const answer = enterCall(id, token, false);
  if (answer !== null) answer.onGrpcTrailingMetadata(count);
  leave();
}

export function proxy_on_grpc_close(id: u32, token: u32, status: i32): void {
  const answer = enterCall(id, token, true);
  if (answer !== null) {
    const outer = noteTold(status == GrpcStatus.Ok ? null : new CallResult(0, 0, 0));
    answer.onGrpcClose(status);
    noteTold(outer);
  }
  leave();
}
