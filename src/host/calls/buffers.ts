import { Status } from "../abi/status.js";
import { noBytes } from "../abi/text.js";
import type { HostFunction, Vm } from "../vm/vm.js";

const LAST_BUFFER = 8;

function badType(vm: Vm, type: number): Status {
  return vm.because(Status.BadArgument, `there is no buffer type ${type >>> 0}`);
}

function notThere(vm: Vm, type: number): Status {
  const where =
    type === 7 ? "proxy_on_context_create and proxy_on_configure of the plugin" : "its own callback";
  return vm.because(Status.NotFound, `buffer ${type} is there only in ${where}`);
}

function status(vm: Vm, type: number, lengthOut: number, flagsOut: number): Status {
  if (type >>> 0 > LAST_BUFFER) return badType(vm, type);
  const buffer = vm.context.buffer(type);
  if (buffer === undefined) return notThere(vm, type);
  if (!vm.guest.writeU32(lengthOut, buffer.length))
    return vm.badAddress("the address for the length", lengthOut, 4);
  return vm.guest.writeU32(flagsOut, 0) ? Status.Ok : vm.badAddress("the address for the flags", flagsOut, 4);
}

function get(vm: Vm, type: number, start: number, length: number, ptrOut: number, sizeOut: number): Status {
  if (type >>> 0 > LAST_BUFFER) return badType(vm, type);
  const buffer = vm.context.buffer(type);
  if (buffer === undefined) return notThere(vm, type);
  const from = start >>> 0;
  if (from >= buffer.length) return vm.give(noBytes, ptrOut, sizeOut);
  return vm.give(buffer.bytes().subarray(from, from + (length >>> 0)), ptrOut, sizeOut);
}

function set(vm: Vm, type: number, start: number, length: number, ptr: number, size: number): Status {
  if (type >>> 0 > LAST_BUFFER) return badType(vm, type);
  const buffer = vm.context.buffer(type);
  if (buffer === undefined) return notThere(vm, type);
  const data = vm.guest.read(ptr, size);
  if (data === undefined) return vm.badAddress("the data", ptr, size);
  return buffer.write(vm, start >>> 0, length >>> 0, data);
}

/** Bodies, data and configuration. */
export const bufferCalls: readonly (readonly [string, HostFunction])[] = [
  ["proxy_get_buffer_status", status],
  ["proxy_get_buffer_bytes", get],
  ["proxy_set_buffer_bytes", set],
];
