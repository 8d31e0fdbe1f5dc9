/** A value that passes between host and module. */
export type Value = number | bigint;

/** A function of the module as the host calls it, or of the host as the module calls it. */
export type Callback = (...args: Value[]) => Value | undefined;

/**
 * A call between host and module. It is told twice: when it begins, and when it is over and has its result; what it led to
 * is told between the two.
 */
export interface HostCall {
  /** The direction: the host calls the module, or the module calls the host. */
  readonly into: "module" | "host";
  /** The module that a host function is imported from, "env" or WASI's; empty for a callback. */
  readonly from: string;
  /** Of the callback or host function. */
  readonly name: string;
  readonly arguments: readonly Value[];
  /** Tells whether it has come back. */
  readonly isOver: boolean;
  /** Undefined while it is under way, and of one that answers nothing. */
  readonly result: Value | undefined;
}

/** The module that a call comes from or goes to: the same object for all calls of one VM. */
export interface CallingModule {
  /** The module as the host was given it. */
  readonly wasm: Uint8Array;
  /** A copy of these bytes of its memory, as they are now; undefined when they are not in it. */
  read(ptr: number, length: number): Uint8Array | undefined;
}

/** The call in the words of Envoy's `wasm:trace` log, such as `[host->vm] proxy_on_log(2)`. */
export function callText({ into, from, name, arguments: list, isOver, result }: HostCall): string {
  const full = from === "" ? name : `${from}.${name}`;
  if (!isOver)
    return `[${into === "module" ? "host->vm" : "vm->host"}] ${full}(${list.map(unsigned).join(", ")})`;
  const back = into === "module" ? "host<-vm" : "vm<-host";
  return `[${back}] ${full} return: ${result === undefined ? "void" : unsigned(result)}`;
}

/** A value as Envoy logs it: integers have no sign. */
export function unsigned(value: Value): string {
  if (typeof value === "bigint") return BigInt.asUintN(64, value).toString();
  return String(value >>> 0);
}
