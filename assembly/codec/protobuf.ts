/**
 * The little of the protobuf encoding that the ABI needs.
 *
 * @module
 */
import { allocate } from "../memory/scratch";
import { encode } from "../memory/text";
import { readVarint, varint, varintSize, writeVarint } from "./varint";

/** The size of what `putGrpcService` wrote last. */
export let grpcServiceSize: usize = 0;

/**
 * Writes a `GrpcService` with `envoy_grpc.cluster_name` into scratch memory. A bare cluster name will not do: Envoy 1.40
 * takes one that happens to parse as protobuf ("users", "envoy", "") for a `GrpcService` without a target, and aborts.
 */
export function putGrpcService(cluster: string): usize {
  const most = <usize>cluster.length * 3;
  const name = allocate(most + 13) + 12;
  const size = encode(changetype<usize>(cluster), <usize>cluster.length, name);
  let start = putLength(name, size);
  store<u8>(--start, 0x0a); // cluster_name
  start = putLength(start, size + (name - start));
  store<u8>(--start, 0x0a); // envoy_grpc
  grpcServiceSize = name + size - start;
  return start;
}

/** Writes a length in front of `end`; answers where it begins. */
function putLength(end: usize, length: usize): usize {
  const start = end - varintSize(length);
  writeVarint(start, length);
  return start;
}

/**
 * Tells whether bytes are a `GrpcService` with an `envoy_grpc` that has something in it: Envoy 1.40 aborts on one without a
 * target.
 */
export function isGrpcService(address: usize, size: usize): bool {
  const end = address + size;
  let targets = 0;
  while (address < end) {
    const tag = <u32>load<u8>(address++);
    if ((tag & 0x80) != 0 || (tag & 7) != 2) return false; // all its fields have small numbers and a length
    const start = readVarint(address, end);
    if (start == 0 || varint > <u64>(end - start)) return false;
    const length = <usize>varint;
    address = start;
    if (tag >> 3 == 1 && length > 2 && load<u8>(address) == 0x0a) targets++;
    else if (tag >> 3 == 2) return false; // google_grpc
    address += length;
  }
  return targets == 1;
}
