import { logLevels } from "../abi/enums.js";
import { bytesOf } from "../abi/text.js";
import type { HostFunction, Vm } from "./vm.js";

const SUCCESS = 0;
const EBADF = 8;
const EFAULT = 21;
const EINVAL = 28;
const ENOENT = 44;
const ENOSYS = 52;
const ENOTSUP = 58;
const MAX_RANDOM = 65536;

/** The WASI functions that do something; Envoy answers 52 for the others. */
export const wasi: ReadonlyMap<string, HostFunction> = new Map<string, HostFunction>([
  ["args_get", () => SUCCESS],
  [
    "args_sizes_get",
    (vm, countOut: number, sizeOut: number) =>
      vm.guest.writeU32(countOut, 0) && vm.guest.writeU32(sizeOut, 0) ? SUCCESS : EFAULT,
  ],
  ["environ_sizes_get", environSizes],
  ["environ_get", environ],
  ["clock_time_get", clockTime],
  ["clock_res_get", () => ENOSYS],
  ["fd_write", fdWrite],
  ["fd_read", () => ENOSYS],
  ["fd_seek", () => ENOSYS],
  ["fd_close", () => ENOSYS],
  ["fd_fdstat_get", fdStat],
  ["fd_prestat_get", () => EBADF],
  ["path_open", () => ENOENT],
  ["poll_oneoff", (vm, _in: number, _out: number, _count: number, eventsOut: number) => poll(vm, eventsOut)],
  ["proc_exit", () => undefined],
  ["random_get", randomGet],
  ["sched_yield", () => SUCCESS],
]);

function environSizes(vm: Vm, countOut: number, sizeOut: number): number {
  const list = vm.options.environment;
  const size = list.reduce((total, entry) => total + entry.length + 1, 0);
  return vm.guest.writeU32(countOut, list.length) && vm.guest.writeU32(sizeOut, size) ? SUCCESS : EFAULT;
}

function environ(vm: Vm, addresses: number, text: number): number {
  let at = text;
  for (const [i, entry] of vm.options.environment.entries()) {
    if (!vm.guest.writeU32(addresses + 4 * i, at)) return EFAULT;
    if (!vm.guest.write(at, bytesOf(`${entry}\0`))) return EFAULT;
    at += entry.length + 1;
  }
  return SUCCESS;
}

function clockTime(vm: Vm, clock: number, _precision: bigint, timeOut: number): number {
  if (clock !== 0 && clock !== 1) return ENOTSUP;
  const nanoseconds = BigInt(Math.round(vm.environment.loop.now() * 1e6));
  return vm.guest.writeU64(timeOut, nanoseconds) ? SUCCESS : EFAULT;
}

function fdWrite(vm: Vm, fd: number, vectors: number, count: number, writtenOut: number): number {
  if (fd !== 1 && fd !== 2) return EBADF;
  let text = "";
  for (let i = 0; i < count; i++) {
    const ptr = vm.guest.readU32(vectors + 8 * i);
    const length = vm.guest.readU32(vectors + 8 * i + 4);
    const part = ptr === undefined || length === undefined ? undefined : vm.guest.readText(ptr, length);
    if (part === undefined) return EFAULT;
    text += part;
  }
  const { length } = text;
  const { context } = vm;
  if (length > 0)
    vm.environment.log({
      level: logLevels[fd === 1 ? 2 : 4],
      from: context.logPrefix,
      message: text.endsWith("\n") ? text.slice(0, -1) : text,
      contextId: context.id,
      ofModule: true,
    });
  return vm.guest.writeU32(writtenOut, length) ? SUCCESS : EFAULT;
}

/** A character device that can be written, for standard output and error. */
function fdStat(vm: Vm, fd: number, statOut: number): number {
  if (fd !== 1 && fd !== 2) return EBADF;
  const stat = new Uint8Array(24);
  stat[0] = 2;
  stat[8] = 64;
  return vm.guest.write(statOut, stat) ? SUCCESS : EFAULT;
}

function poll(vm: Vm, eventsOut: number): number {
  return vm.guest.writeU32(eventsOut, 0) ? SUCCESS : EFAULT;
}

function randomGet(vm: Vm, ptr: number, length: number): number {
  if (length >>> 0 > MAX_RANDOM) return EINVAL;
  const bytes = new Uint8Array(length);
  vm.environment.random(bytes);
  return vm.guest.write(ptr, bytes) ? SUCCESS : EFAULT;
}
