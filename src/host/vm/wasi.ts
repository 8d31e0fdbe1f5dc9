import { logLevels } from "../abi/enums.js";
import { bytesOf, readable } from "../abi/text.js";
import { nanosecondsOf } from "./loop.js";
import type { HostFunction, Vm } from "./vm.js";

const SUCCESS = 0;
const EBADF = 8;
const ENOTDIR = 20;
const EFAULT = 21;
const EINVAL = 28;
const ENOENT = 44;
const ENOSYS = 52;
const ENOTSUP = 58;
const MAX_RANDOM = 65536;

/** Functions of files of which Envoy has none, but takes standard output and error for such. */
const ofStandardFiles = [
  "fd_allocate",
  "fd_datasync",
  "fd_fdstat_set_rights",
  "fd_filestat_set_size",
  "fd_filestat_set_times",
  "fd_sync",
];

const unsupported = [
  "path_create_directory",
  "path_filestat_get",
  "path_filestat_set_times",
  "path_link",
  "path_remove_directory",
  "path_rename",
  "path_symlink",
  "path_unlink_file",
  "sock_shutdown",
];

/** Answers a status once zeros were written where results would be. */
const zeros =
  (status: number, bytes: number, ...addresses: number[]) =>
  (vm: Vm): number =>
    addresses.every((address) => vm.guest.write(address, new Uint8Array(bytes))) ? status : EFAULT;

/** The WASI functions that do something, as far as Envoy does it; it answers 52 for the others. */
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
  ["clock_res_get", clockResolution],
  ["fd_write", fdWrite],
  ["fd_read", () => ENOSYS],
  ["fd_seek", () => SUCCESS],
  ["fd_close", () => SUCCESS],
  ["fd_advise", () => SUCCESS],
  ["fd_filestat_get", () => EBADF],
  [
    "fd_pwrite",
    (vm, fd: number, vectors: number, count: number, _at: bigint, writtenOut: number) =>
      fdWrite(vm, fd, vectors, count, writtenOut),
  ],
  [
    "fd_readdir",
    (vm, _fd: number, _buffer: number, _size: number, _cookie: bigint, usedOut: number) =>
      zeros(ENOTDIR, 4, usedOut)(vm),
  ],
  ["fd_renumber", (_vm, from: number, to: number) => (isStandard(from) && isStandard(to) ? ENOTSUP : EBADF)],
  ["fd_tell", (vm, fd: number, out: number) => (isStandard(fd) ? zeros(SUCCESS, 8, out)(vm) : EBADF)],
  ["fd_fdstat_get", fdStat],
  ["fd_prestat_get", () => EBADF],
  ["path_open", () => ENOENT],
  [
    "path_readlink",
    (vm, _fd: number, _path: number, _length: number, _buffer: number, _size: number, usedOut: number) =>
      zeros(ENOTSUP, 4, usedOut)(vm),
  ],
  ["sock_accept", (vm, _fd: number, _flags: number, out: number) => zeros(ENOTSUP, 8, out)(vm)],
  [
    "sock_recv",
    (vm, _fd: number, _vectors: number, _count: number, _flags: number, sizeOut: number, flagsOut: number) =>
      zeros(ENOTSUP, 4, sizeOut, flagsOut)(vm),
  ],
  [
    "sock_send",
    (vm, _fd: number, _vectors: number, _count: number, _flags: number, sizeOut: number) =>
      zeros(ENOTSUP, 4, sizeOut)(vm),
  ],
  ["poll_oneoff", (vm, _in: number, _out: number, _count: number, eventsOut: number) => poll(vm, eventsOut)],
  ["proc_exit", () => undefined],
  ["random_get", randomGet],
  ["sched_yield", () => SUCCESS],
  ...ofStandardFiles.map((name): [string, HostFunction] => [
    name,
    (_vm, fd: number) => (isStandard(fd) ? SUCCESS : EBADF),
  ]),
  ...unsupported.map((name): [string, HostFunction] => [name, () => ENOTSUP]),
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

function isStandard(fd: number): boolean {
  return fd === 1 || fd === 2;
}

function clockResolution(vm: Vm, clock: number, out: number): number {
  if (clock !== 0 && clock !== 1) return ENOTSUP;
  return vm.guest.writeU64(out, 1n) ? SUCCESS : EFAULT;
}

function clockTime(vm: Vm, clock: number, _precision: bigint, timeOut: number): number {
  if (clock !== 0 && clock !== 1) return ENOTSUP;
  const nanoseconds = nanosecondsOf(vm.environment.loop.now());
  return vm.guest.writeU64(timeOut, nanoseconds) ? SUCCESS : EFAULT;
}

function fdWrite(vm: Vm, fd: number, vectors: number, count: number, writtenOut: number): number {
  if (!isStandard(fd)) return EBADF;
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
      message: readable(text.endsWith("\n") ? text.slice(0, -1) : text),
      contextId: context.id,
      ofModule: true,
    });
  return vm.guest.writeU32(writtenOut, length) ? SUCCESS : EFAULT;
}

/** A character device that can be written, for standard output and error. */
function fdStat(vm: Vm, fd: number, statOut: number): number {
  if (!isStandard(fd)) return EBADF;
  const stat = new Uint8Array(24);
  stat[0] = 2;
  stat[8] = 64;
  return vm.guest.write(statOut, stat) ? SUCCESS : EFAULT;
}

function poll(vm: Vm, eventsOut: number): number {
  if (!vm.environment.rules.polls) return ENOSYS;
  return vm.guest.writeU32(eventsOut, 0) ? SUCCESS : EFAULT;
}

function randomGet(vm: Vm, ptr: number, length: number): number {
  if (length >>> 0 > MAX_RANDOM) return EINVAL;
  if (length === 0) return SUCCESS;
  const bytes = new Uint8Array(length);
  vm.environment.random(bytes);
  return vm.guest.write(ptr, bytes) ? SUCCESS : EFAULT;
}
