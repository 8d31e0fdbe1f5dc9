/**
 * Traces with all bytes, in a form of our own: JSON Lines, described in docs/debugging.md.
 *
 * @module
 */
import { textOf, unsigned } from "../host/index.js";
import type { CallingModule, HostCall, LogEntry, Value } from "../host/index.js";
import { readHanded, readPassed } from "./parameters.js";

/** The mark in the first line of a trace. */
export const FORMAT = "proxy-wasm-as trace";
/** The version of the form. */
export const VERSION = 1;

/** Bytes as JSON: text where they are UTF-8. */
export type JsonBytes = string | { readonly base64: string };

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function jsonOf(value: Uint8Array | bigint | undefined): JsonBytes | number | { u64: string } | null {
  if (value === undefined) return null;
  if (typeof value === "bigint")
    return value <= 0xffffffffn ? Number(value) : { u64: BigInt.asUintN(64, value).toString() };
  try {
    return decoder.decode(value);
  } catch {
    return { base64: btoa(textOf(value)) };
  }
}

function valueOf(value: Value): number | string {
  return typeof value === "bigint" ? unsigned(value) : value >>> 0;
}

/** Writes what passes between a host and its modules, a line of JSON for each call and each return. */
export class Recorder {
  private readonly vms = new Map<CallingModule, string>();
  /** The calls into modules that have not come back, the latest last. */
  private readonly running: { readonly vm: string; readonly name: string }[] = [];
  private readonly texts = new Map<CallingModule, number>();

  /**
   * @param write Takes a line, without its end.
   * @param name A text that distinguishes the VMs of this host from those of others that write the same trace.
   * @param sourcesOf Answers the digests of a module's sources, where they are known.
   */
  constructor(
    private readonly write: (line: string) => void,
    private readonly name = "",
    private readonly sourcesOf?: (wasm: Uint8Array) => Readonly<Record<string, string>> | undefined,
  ) {
    this.line({ format: FORMAT, version: VERSION });
  }

  /** Takes a call as a host tells it: for `onCall`. */
  called(call: HostCall, module: CallingModule): void {
    const vm = this.vmOf(module);
    const { into, from, name, arguments: args, isOver, result } = call;
    const full = from === "" ? name : `${from}.${name}`;
    const answer = result === undefined ? {} : { result: valueOf(result) };
    if (into === "module") {
      if (isOver) this.running.pop();
      else this.running.push({ vm, name });
      this.line(isOver ? { vm, return: full, ...answer } : { vm, call: full, args: args.map(valueOf) });
      return;
    }
    if (!isOver) {
      const passed = readPassed(module, name, args).map(jsonOf);
      this.line({ vm, host: full, args: args.map(valueOf), ...(passed.length > 0 && { passed }) });
      return;
    }
    const handed = result === 0 ? readHanded(module, name, args, this.texts.get(module) ?? 0) : [];
    if (name === "environ_sizes_get") this.texts.set(module, Number(handed[0] ?? 0));
    this.line({ vm, return: full, ...answer, ...(handed.length > 0 && { handed: handed.map(jsonOf) }) });
  }

  /** Takes what the host logs, of which a trap is part of the trace: for `onLog`. */
  logged({ ofModule, message }: LogEntry): void {
    if (ofModule) return;
    const [first = ""] = message.split("\n");
    const name = /^Function: (\w+) failed/.exec(first)?.[1];
    if (name === undefined) return;
    for (let call = this.running.pop(); call !== undefined; call = this.running.pop())
      if (call.name === name) {
        this.line({ vm: call.vm, failed: name, message: first });
        return;
      }
  }

  private vmOf(module: CallingModule): string {
    let vm = this.vms.get(module);
    if (vm === undefined) {
      vm = `${this.name}${this.vms.size + 1}`;
      this.vms.set(module, vm);
      const sources = this.sourcesOf?.(module.wasm);
      this.line({ vm, size: module.wasm.length, ...(sources !== undefined && { sources }) });
    }
    return vm;
  }

  private line(content: object): void {
    this.write(JSON.stringify(content));
  }
}
