/**
 * The answers of a host that has nothing but a trace.
 *
 * @module
 */
import { encode, noBytes } from "../host/abi/text.js";
import type { Vm } from "../host/vm/vm.js";
import { nameOf } from "./names.js";
import { isHanded, parametersOf } from "./parameters.js";
import type { Callback, Step } from "./trace.js";

/** Something that the host handed over and the trace does not have. */
export interface Missing {
  /** `request header x-user`; by it `values` gives it. */
  readonly name: string;
  /** How many bytes it has; undefined of a number. */
  readonly size: number | undefined;
  /** The line of the call that asked for it. */
  readonly line: number;
}

/** Values that are known otherwise, by the names of what is missing. Of several of one size, streams take one after the other. */
export type Values = ReadonlyMap<string, readonly (string | Uint8Array)[]>;

/** No more stand in for what is missing, whatever a line says that there were. */
const MOST_BYTES = 1 << 28;

/** Takes the answers from a trace, and fills in what it does not have. */
export class Answers {
  readonly missing: Missing[] = [];
  /** The values that the module has written itself, by context and name. */
  private readonly written = new Map<string, Uint8Array>();
  /** The bodies that it has changed, by context and type: their lengths are not those that callbacks are told. */
  private readonly changed = new Set<string>();
  /** The contexts that have asked for a value, in order. */
  private readonly turns = new Map<string, string[]>();
  private answered: Set<bigint> | undefined;

  /**
   * @param callbacks Those of the trace: it may begin after others, so that the numbers of calls do not begin with the first.
   */
  constructor(
    private readonly values: Values,
    private readonly callbacks: readonly Callback[] = [],
  ) {}

  /** Writes what a host function hands over into the module's memory, as the trace tells. */
  give(
    vm: Vm,
    step: Step,
    callback: Callback,
    args: readonly (number | bigint)[],
    passed: readonly (Uint8Array | undefined)[],
  ): void {
    const name = nameOf(step.name, step.args, passed);
    if (step.name === "proxy_call_foreign_function" && Number(step.result) > 1)
      vm.give(noBytes, Number(args[4]), Number(args[5]));
    if (step.result !== "0") return;
    this.note(step, callback, name, passed);
    const parameters = parametersOf(step.name, args.length).filter(isHanded);
    for (const [i, { kind, at }] of parameters.entries()) {
      const [first, second] = [Number(args[at]), Number(args[at + 1] ?? 0)];
      const given = step.handed?.[i];
      const known = given instanceof Uint8Array ? given : undefined;
      if (kind === "u32" || kind === "u64") {
        const value = typeof given === "bigint" ? given : this.number(vm, step, callback, name, i);
        if (kind === "u32") vm.guest.writeU32(first, Number(value));
        else vm.guest.writeU64(first, value);
      } else if (kind === "handed") {
        const bytes = known ?? this.bytes(step, callback, name, step.allocations.at(-1) ?? 0);
        vm.give(bytes, first, second, step.allocations.length > 0);
      } else if (kind === "fill") vm.guest.write(first, known ?? this.bytes(step, callback, name, second));
      else if (kind === "texts") writeTexts(vm, known ?? noBytes, first, second);
    }
  }

  /** Keeps what the module writes: it may ask for it. */
  private note(
    { name: function_, args }: Step,
    callback: Callback,
    name: string,
    passed: readonly (Uint8Array | undefined)[],
  ): void {
    const isValue = /^proxy_(add|replace)_header_map_value$|^proxy_set_(property|shared_data)$/.test(
      function_,
    );
    const [, value] = passed;
    const key = keyOf(callback, name);
    if (isValue && value !== undefined) this.written.set(key, value);
    else if (function_ === "proxy_remove_header_map_value") this.written.delete(key);
    else if (function_ === "proxy_set_buffer_bytes") this.changed.add(`${callback.args[0]} ${args[0]}`);
  }

  private bytes(step: Step, callback: Callback, name: string, size: number): Uint8Array {
    if (size > MOST_BYTES) {
      this.missing.push({ name, size, line: step.line });
      return noBytes;
    }
    if (size === 0) return noBytes;
    const from = step.name === "proxy_get_buffer_bytes" ? Number(step.args[1]) : 0;
    const all = (this.values.get(name) ?? []).map(encode);
    const fitting = all.filter(({ length }) => length === size || (from > 0 && length >= from + size));
    if (fitting.length > 0) {
      const value = fitting[this.turnOf(`${name} ${size}`, callback.args[0] ?? "", fitting.length)]!;
      return value.length === size ? value : value.subarray(from, from + size);
    }
    const own = this.written.get(keyOf(callback, name));
    if (own?.length === size) return own;
    this.missing.push({ name, size, line: step.line });
    if (step.name === "proxy_get_header_map_pairs") return unknownPairs(size, callback);
    return new Uint8Array(size).fill("?".charCodeAt(0));
  }

  /** Of several values of one size, streams take one after the other; the last is for all that are left. */
  private turnOf(what: string, context: string, count: number): number {
    const turns = this.turns.get(what) ?? [];
    this.turns.set(what, turns);
    if (!turns.includes(context)) turns.push(context);
    return Math.min(turns.indexOf(context), count - 1);
  }

  /** The numbers of calls that are answered in the trace, of those that were not given out yet. */
  private get tokens(): Set<bigint> {
    this.answered ??= new Set(
      this.callbacks
        .filter(({ name }) => /^proxy_on_(http_call_response|grpc_\w+)$/.test(name))
        .map(({ args }) => BigInt(args[1] ?? 0)),
    );
    return this.answered;
  }

  /** A number that the trace does not have; `i` counts those of the call. */
  private number(vm: Vm, step: Step, callback: Callback, name: string, i: number): bigint {
    const given = this.values.get(name)?.[0];
    if (typeof given === "string" && /^\d+$/.test(given)) return BigInt(given);
    const isChanged = i === 0 && this.changed.has(`${callback.args[0]} ${step.args[0]}`);
    const told =
      isChanged && step.name === "proxy_get_buffer_status"
        ? undefined
        : numberOf(vm, step, callback, i, this.tokens);
    if (told !== undefined) return told;
    this.missing.push({ name, size: undefined, line: step.line });
    return 0n;
  }
}

function keyOf({ args }: Callback, what: string): string {
  return `${what.startsWith("shared data") ? "" : args[0]} ${what}`;
}

/** A number that Envoy counts, that the callback was told, or that the log itself is the proof of. */
function numberOf(
  vm: Vm,
  step: Step,
  callback: Callback,
  i: number,
  tokens: Set<bigint>,
): bigint | undefined {
  const { args } = callback;
  const counted = kindOf(step);
  if (counted !== undefined) {
    const number = BigInt(vm.nextNumber(...counted));
    // The log may begin after others: then what the module does with the number tells it.
    const used = usedLater(step, callback, counted);
    const later =
      counted[0] === "call" ? [...tokens].filter((token) => token % 4n === BigInt(counted[1])) : [];
    const told = [...used, ...later];
    const given = told.length === 0 || told.includes(number) ? number : told[0]!;
    tokens.delete(given);
    return given;
  }
  switch (step.name) {
    case "proxy_get_log_level":
      return 0n; // the log has lines of this level
    case "clock_res_get":
      return 1n;
    case "args_sizes_get":
      return 0n;
    case "proxy_get_current_time_nanoseconds":
    case "clock_time_get":
      return step.time === undefined ? undefined : BigInt(step.time) * 1_000_000n;
    case "proxy_get_shared_data": {
      const later = callback.steps.find(
        ({ name, line }) => name === "proxy_set_shared_data" && line > step.line,
      );
      const version = later?.args[4] ?? "0";
      return version === "0" ? undefined : BigInt(version);
    }
    case "proxy_get_status":
      return callback.name === "proxy_on_grpc_close" ? BigInt(args[2] ?? 0) : undefined;
    case "proxy_get_buffer_status":
      return i === 1 ? 0n : lengthIn(callback, step.args[0]!);
    default:
      return undefined;
  }
}

/** The counter that Envoy raises by a call. Calls and metrics have counters, one for each kind. */
function kindOf({ name, args }: Step): ["call" | "metric", 0 | 1 | 2] | undefined {
  if (name === "proxy_http_call") return ["call", 0];
  if (name === "proxy_grpc_call") return ["call", 1];
  if (name === "proxy_grpc_stream") return ["call", 2];
  const type = Number(args[0]);
  return name === "proxy_define_metric" && type <= 2 ? ["metric", type as 0 | 1 | 2] : undefined;
}

/** The numbers of calls or metrics that the rest of the callback has. */
function usedLater({ line }: Step, { steps }: Callback, [of, kind]: ["call" | "metric", number]): bigint[] {
  const uses = of === "call" ? /^proxy_grpc_(send|close|cancel)$/ : /^proxy_(increment|record|get)_metric$/;
  return steps
    .filter(({ name, args, line: at }) => at > line && uses.test(name) && Number(args[0]) % 4 === kind)
    .map(({ args }) => BigInt(args[0]!));
}

/** The buffers whose length a callback is told, and where. */
const TOLD: Readonly<Record<string, readonly [buffer: string, at: number]>> = {
  proxy_on_request_body: ["0", 1],
  proxy_on_response_body: ["1", 1],
  proxy_on_downstream_data: ["2", 1],
  proxy_on_upstream_data: ["3", 1],
  proxy_on_http_call_response: ["4", 3],
  proxy_on_grpc_receive: ["5", 2],
  proxy_on_vm_start: ["6", 1],
  proxy_on_configure: ["7", 1],
  proxy_on_foreign_function: ["8", 2],
};

function lengthIn({ name, args }: Callback, buffer: string): bigint | undefined {
  const told = TOLD[name];
  return told?.[0] === buffer ? BigInt(args[told[1]] ?? 0) : undefined;
}

/** Pairs of this many bytes, as many as the callback was told: the first has all that is left as its value. */
function unknownPairs(size: number, { name, args }: Callback): Uint8Array {
  const told = /^proxy_on_(request|response)_(headers|trailers)$/.test(name) ? Number(args[1]) : 1;
  const count = Math.max(1, Math.min(told, Math.floor((size - 4) / 10)));
  const bytes = new Uint8Array(size);
  const left = size - 4 - 10 * count;
  if (left < 0) return bytes;
  const view = new DataView(bytes.buffer);
  view.setUint32(0, count, true);
  view.setUint32(8, left, true);
  bytes.fill("?".charCodeAt(0), 4 + 8 * count + 1, 4 + 8 * count + 1 + left);
  return bytes;
}

/** Texts, each with a zero byte behind it, and the addresses of them. */
function writeTexts(vm: Vm, bytes: Uint8Array, addresses: number, at: number): void {
  vm.guest.write(at, bytes);
  let [start, i] = [0, 0];
  for (const [end, byte] of bytes.entries())
    if (byte === 0) {
      vm.guest.writeU32(addresses + 4 * i++, at + start);
      start = end + 1;
    }
}
