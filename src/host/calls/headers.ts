import { decodePairs, encodePairs } from "../abi/pairs.js";
import { Status } from "../abi/status.js";
import { bytesOf, noBytes, readable } from "../abi/text.js";
import type { HostFunction, Vm } from "../vm/vm.js";

const LAST_MAP = 7;

function badType(vm: Vm, type: number): Status {
  return vm.because(Status.BadArgument, `there is no header map type ${type >>> 0}`);
}

function unavailable(vm: Vm, type: number): Status {
  return vm.because(Status.BadArgument, vm.context.mapReason(type));
}

function getValue(
  vm: Vm,
  type: number,
  name: number,
  nameLength: number,
  ptrOut: number,
  sizeOut: number,
): Status {
  if (type >>> 0 > LAST_MAP) return badType(vm, type);
  const key = vm.guest.readText(name, nameLength);
  if (key === undefined) return vm.badAddress("the header's name", name, nameLength);
  const { context } = vm;
  const map = context.mapForReading(type);
  const value = map?.get(key);
  if (value !== undefined) return vm.give(value === "" ? noBytes : bytesOf(value), ptrOut, sizeOut);
  if (map === undefined && !context.isLogging) return unavailable(vm, type);
  if (vm.abiVersion === "0.1.0") return vm.give(noBytes, ptrOut, sizeOut);
  return vm.because(Status.NotFound, `there is no header ${readable(key)}`);
}

function getPairs(vm: Vm, type: number, ptrOut: number, sizeOut: number): Status {
  if (type >>> 0 > LAST_MAP) return badType(vm, type);
  const map = vm.context.mapForReading(type);
  return vm.give(map === undefined || map.size === 0 ? noBytes : encodePairs(map.pairs()), ptrOut, sizeOut);
}

function getSize(vm: Vm, type: number, sizeOut: number): Status {
  if (type >>> 0 > LAST_MAP) return badType(vm, type);
  const map = vm.context.mapForWriting(type);
  if (map === undefined) return unavailable(vm, type);
  return vm.guest.writeU32(sizeOut, map.byteSize)
    ? Status.Ok
    : vm.badAddress("the address for the size", sizeOut, 4);
}

function setPairs(vm: Vm, type: number, ptr: number, length: number): Status {
  if (type >>> 0 > LAST_MAP) return badType(vm, type);
  const bytes = vm.guest.read(ptr, length);
  if (bytes === undefined) return vm.badAddress("the pairs", ptr, length);
  const map = vm.context.mapForWriting(type);
  if (map === undefined) return unavailable(vm, type);
  const pairs = decodePairs(bytes);
  map.clear();
  for (const [name, value] of pairs) map.add(name, value);
  vm.context.onMapChanged(type);
  return Status.Ok;
}

function change(how: "add" | "set"): HostFunction {
  return (vm: Vm, type: number, name: number, nameLength: number, ptr: number, length: number): Status => {
    if (type >>> 0 > LAST_MAP) return badType(vm, type);
    const key = vm.guest.readText(name, nameLength);
    if (key === undefined) return vm.badAddress("the header's name", name, nameLength);
    const value = vm.guest.readText(ptr, length);
    if (value === undefined) return vm.badAddress("the header's value", ptr, length);
    const map = vm.context.mapForWriting(type);
    if (map === undefined) return unavailable(vm, type);
    map[how](key, value);
    vm.context.onMapChanged(type);
    return Status.Ok;
  };
}

function remove(vm: Vm, type: number, name: number, nameLength: number): Status {
  if (type >>> 0 > LAST_MAP) return badType(vm, type);
  const key = vm.guest.readText(name, nameLength);
  if (key === undefined) return vm.badAddress("the header's name", name, nameLength);
  const map = vm.context.mapForWriting(type);
  if (map === undefined) return unavailable(vm, type);
  map.remove(key);
  vm.context.onMapChanged(type);
  return Status.Ok;
}

/** Headers, trailers and metadata. */
export const headerCalls: readonly (readonly [string, HostFunction])[] = [
  ["proxy_get_header_map_value", getValue],
  ["proxy_get_header_map_pairs", getPairs],
  ["proxy_get_header_map_size", getSize],
  ["proxy_set_header_map_pairs", setPairs],
  ["proxy_add_header_map_value", change("add")],
  ["proxy_replace_header_map_value", change("set")],
  ["proxy_remove_header_map_value", remove],
];
