import { decodePairs } from "../abi/pairs.js";
import { Status } from "../abi/status.js";
import type { HostFunction, Vm } from "../vm/vm.js";

function sendLocalResponse(
  vm: Vm,
  status: number,
  details: number,
  detailsLength: number,
  body: number,
  bodyLength: number,
  pairs: number,
  pairsLength: number,
  grpcStatus: number,
): Status {
  const bodyBytes = vm.guest.read(body, bodyLength);
  const detailsText = vm.guest.readText(details, detailsLength);
  const pairsBytes = vm.guest.read(pairs, pairsLength);
  if (bodyBytes === undefined) return vm.badAddress("the body", body, bodyLength);
  if (detailsText === undefined) return vm.badAddress("the details", details, detailsLength);
  if (pairsBytes === undefined) return vm.badAddress("the headers", pairs, pairsLength);
  vm.context.sendLocalResponse({
    status,
    details: detailsText,
    body: bodyBytes,
    headers: decodePairs(pairsBytes),
    grpcStatus,
  });
  vm.stopNext = true;
  return Status.Ok;
}

function setEffectiveContext(vm: Vm, id: number): Status {
  if (vm.setEffective(id >>> 0)) return Status.Ok;
  return vm.because(Status.BadArgument, `there is no context ${id >>> 0}, or it has been deleted`);
}

function done(vm: Vm): Status {
  const { root } = vm.context;
  if (root === undefined || vm.context !== root || !vm.pendingDone.delete(root))
    return vm.because(Status.NotFound, "proxy_on_done of this plugin has not answered 0");
  vm.afterCall(() => root.delete());
  return Status.Ok;
}

/** The host functions that act upon streams and contexts. */
export const streamCalls: readonly (readonly [string, HostFunction])[] = [
  ["proxy_send_local_response", sendLocalResponse],
  ["proxy_continue_stream", (vm: Vm, type: number) => vm.context.continueStream(type >>> 0)],
  ["proxy_close_stream", (vm: Vm, type: number) => vm.context.closeStream(type >>> 0)],
  ["proxy_set_effective_context", setEffectiveContext],
  ["proxy_done", done],
  // ABI 0.1.0
  ["proxy_continue_request", (vm: Vm) => vm.context.continueStream(0)],
  ["proxy_continue_response", (vm: Vm) => vm.context.continueStream(1)],
  ["proxy_clear_route_cache", () => Status.Ok],
];
