/** Which host functions a module may call before it is ready. */
import { wasiFunctions } from "../abi/signatures.js";
import type { Environment } from "../environment.js";

/** Called while the module starts: anything else fails the VM. */
export const allowedAtStart: ReadonlySet<string> = new Set([
  "env.emscripten_notify_memory_growth",
  "env.proxy_log",
  ...[...wasiFunctions.keys()].filter(
    (name) => !["fd_close", "fd_read", "fd_seek", "path_open", "proc_exit", "sched_yield"].includes(name),
  ),
]);

/** Called from the allocator; anything else fails the VM. */
export const allowedInAllocator: ReadonlySet<string> = new Set([
  "env.emscripten_notify_memory_growth",
  "env.proxy_log",
  "fd_write",
  "clock_time_get",
  "poll_oneoff",
]);

/**
 * Called from the start section, where there is neither a context nor a memory that Envoy knows: these want none, as long as they
 * neither read nor write. Anything else kills Envoy.
 */
export const allowedInStartSection: ReadonlySet<string> = new Set([
  ...["env.pthread_equal", "env.emscripten_notify_memory_growth", "args_get", "random_get", "sched_yield"],
  ...["fd_advise", "fd_allocate", "fd_datasync", "fd_fdstat_get", "fd_fdstat_set_flags"],
  ...["fd_fdstat_set_rights", "fd_filestat_get", "fd_filestat_set_size", "fd_filestat_set_times", "fd_pread"],
  ...["fd_prestat_dir_name", "fd_prestat_get", "fd_pwrite", "fd_read", "fd_renumber", "fd_sync", "fd_tell"],
  ...["fd_write", "path_create_directory", "path_filestat_get", "path_filestat_set_times", "path_link"],
  ...["path_open", "path_remove_directory", "path_rename", "path_symlink", "path_unlink_file"],
  "sock_shutdown",
]);

/** Says that Envoy would die of this call. */
export function refuseInStartSection(environment: Environment, call: string): void {
  environment.crash(
    `the module calls ${call} from its start section`,
    "Compile it so that `_initialize` is an exported function (asc: --exportStart _initialize).",
  );
}
