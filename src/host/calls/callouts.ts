import { HeaderMap } from "../abi/header-map.js";
import { decodePairs } from "../abi/pairs.js";
import { Status } from "../abi/status.js";
import { readable, textOf } from "../abi/text.js";
import type { RootContext } from "../root-context.js";
import type { GrpcRequest } from "../services/grpc-client.js";
import type { HostFunction, Vm } from "../vm/vm.js";
import { parseService } from "./grpc-service.js";

function rootOf(vm: Vm): RootContext {
  return vm.context.root!;
}

/** Reads several ranges; undefined, with the reason told, when one is outside. */
function readAll(vm: Vm, ranges: readonly (readonly [what: string, ptr: number, length: number])[]) {
  const all: Uint8Array[] = [];
  for (const [what, ptr, length] of ranges) {
    const bytes = vm.guest.read(ptr, length);
    if (bytes === undefined) {
      vm.badAddress(what, ptr, length);
      return undefined;
    }
    all.push(bytes);
  }
  return all;
}

function httpCall(
  vm: Vm,
  cluster: number,
  clusterLength: number,
  headers: number,
  headersLength: number,
  body: number,
  bodyLength: number,
  trailers: number,
  trailersLength: number,
  timeout: number,
  tokenOut: number,
): Status {
  const read = readAll(vm, [
    ["the cluster's name", cluster, clusterLength],
    ["the headers", headers, headersLength],
    ["the body", body, bodyLength],
    ["the trailers", trailers, trailersLength],
  ]);
  if (read === undefined) return Status.InvalidMemoryAccess;
  const name = textOf(read[0]!);
  const { token, status } = startHttpCall(vm, name, read[1]!, read[2]!, read[3]!, timeout);
  if (!vm.guest.writeU32(tokenOut, token)) return vm.badAddress("the address for the token", tokenOut, 4);
  return status;
}

function startHttpCall(
  vm: Vm,
  name: string,
  headers: Uint8Array,
  body: Uint8Array,
  trailers: Uint8Array,
  timeout: number,
): { token: number; status: Status } {
  const bad = (reason: string): { token: number; status: Status } => ({
    token: 0,
    status: vm.because(Status.BadArgument, reason),
  });
  if (timeout < 0) return bad("a timeout is not negative");
  const target = vm.environment.clusters.get(name);
  if (target === undefined) {
    const known = [...vm.environment.clusters.keys()].join(", ");
    return bad(`there is no cluster "${readable(name)}"; those that there are: ${readable(known) || "none"}`);
  }
  let problem = "";
  const map = HeaderMap.of(decodePairs(headers, (reason) => (problem = `: ${reason}`)));
  for (const needed of [":path", ":method", ":authority"])
    if (!map.has(needed)) return bad(`the headers of an http call need ${needed}${problem}`);
  const token = vm.nextNumber("call", 0);
  if (target.hasEndpoints === false)
    return { token: 0, status: vm.because(Status.InternalFailure, `the cluster "${name}" has no endpoints`) };
  rootOf(vm).startHttpCall(token, target, {
    headers: map,
    body,
    trailers: HeaderMap.of(decodePairs(trailers)),
    timeout,
  });
  return { token, status: Status.Ok };
}

type Target = { request: GrpcRequest } | { status: Status };

function target(
  vm: Vm,
  service: Uint8Array,
  name: Uint8Array,
  method: Uint8Array,
  metadata: Uint8Array,
): Target {
  const parsed = parseService(vm, service);
  if ("status" in parsed) return parsed;
  return {
    request: {
      clusterName: parsed.cluster,
      authority: parsed.authority,
      service: textOf(name),
      method: textOf(method),
      metadata: HeaderMap.of(decodePairs(metadata)),
    },
  };
}

/** Envoy takes a GrpcService with an unknown cluster, answers 10, and still tells the end under a token nobody got. */
function unknownCluster(vm: Vm, token: number, name: string): Status {
  const root = rootOf(vm);
  vm.afterCall(() => root.grpc.onClose(token, 14, "Cluster not available"));
  return vm.because(Status.InternalFailure, `there is no cluster "${readable(name)}"`);
}

function grpcCall(vm: Vm, ...args: number[]): Status {
  const read = readAll(vm, [
    ["the service", args[0]!, args[1]!],
    ["the service's name", args[2]!, args[3]!],
    ["the method", args[4]!, args[5]!],
    ["the metadata", args[6]!, args[7]!],
    ["the message", args[8]!, args[9]!],
  ]);
  if (read === undefined) return Status.InvalidMemoryAccess;
  const found = target(vm, read[0]!, read[1]!, read[2]!, read[3]!);
  if ("status" in found) return found.status;
  const { request } = found;
  const token = vm.nextNumber("call", 1);
  const { clusterName } = request;
  const cluster = clusterName === undefined ? undefined : vm.environment.clusters.get(clusterName);
  if (cluster === undefined && clusterName !== undefined) return unknownCluster(vm, token, clusterName);
  rootOf(vm).grpc.startCall(token, cluster, { ...request, timeout: args[10]! >>> 0 }, read[4]!);
  return vm.guest.writeU32(args[11]!, token)
    ? Status.Ok
    : vm.badAddress("the address for the token", args[11]!, 4);
}

function grpcStream(vm: Vm, ...args: number[]): Status {
  const read = readAll(vm, [
    ["the service", args[0]!, args[1]!],
    ["the service's name", args[2]!, args[3]!],
    ["the method", args[4]!, args[5]!],
    ["the metadata", args[6]!, args[7]!],
  ]);
  if (read === undefined) return Status.InvalidMemoryAccess;
  const found = target(vm, read[0]!, read[1]!, read[2]!, read[3]!);
  if ("status" in found) return found.status;
  const { request } = found;
  const token = vm.nextNumber("call", 2);
  const { clusterName } = request;
  const cluster = clusterName === undefined ? undefined : vm.environment.clusters.get(clusterName);
  if (cluster === undefined && clusterName !== undefined) return unknownCluster(vm, token, clusterName);
  rootOf(vm).grpc.startStream(token, cluster, request);
  return vm.guest.writeU32(args[8]!, token)
    ? Status.Ok
    : vm.badAddress("the address for the token", args[8]!, 4);
}

function grpcSend(vm: Vm, token: number, ptr: number, length: number, endStream: number): Status {
  const message = vm.guest.read(ptr, length);
  if (message === undefined) return vm.badAddress("the message", ptr, length);
  if ((token & 3) !== 2) return vm.because(Status.BadArgument, `${token >>> 0} is no token of a gRPC stream`);
  return rootOf(vm).grpc.send(token, message, endStream !== 0) ? Status.Ok : noStream(vm, token);
}

function noStream(vm: Vm, token: number): Status {
  return vm.because(Status.NotFound, `there is no gRPC call or stream ${token >>> 0}, or it has ended`);
}

function endGrpc(how: "close" | "cancel"): HostFunction {
  return (vm: Vm, token: number): Status => {
    const kind = token & 3;
    if (kind !== 1 && kind !== 2)
      return vm.because(Status.BadArgument, `${token >>> 0} is no token of a gRPC call or stream`);
    return rootOf(vm).grpc[how](token) ? Status.Ok : noStream(vm, token);
  };
}

function getStatus(vm: Vm, codeOut: number, ptrOut: number, sizeOut: number): Status {
  const { code, message } = rootOf(vm).status;
  if (!vm.guest.writeU32(codeOut, code)) return vm.badAddress("the address for the code", codeOut, 4);
  const bytes = new Uint8Array(message.length);
  for (let i = 0; i < message.length; i++) bytes[i] = message.charCodeAt(i);
  return vm.give(bytes, ptrOut, sizeOut);
}

/** Calls to other services. */
export const calloutCalls: readonly (readonly [string, HostFunction])[] = [
  ["proxy_http_call", httpCall],
  ["proxy_grpc_call", grpcCall],
  ["proxy_grpc_stream", grpcStream],
  ["proxy_grpc_send", grpcSend],
  ["proxy_grpc_close", endGrpc("close")],
  ["proxy_grpc_cancel", endGrpc("cancel")],
  ["proxy_get_status", getStatus],
];
