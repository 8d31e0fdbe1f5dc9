/**
 * Reads the traces that `--record` writes.
 *
 * @module
 */
import { bytesOf, encode } from "../host/abi/text.js";
import { FORMAT, VERSION } from "./record.js";
import type { Callback, Step, Trace, VmTrace } from "./trace.js";
import { isAllocator, newCallback, newStep } from "./trace.js";

interface Line {
  readonly format?: unknown;
  readonly version?: unknown;
  readonly vm?: unknown;
  readonly size?: unknown;
  readonly call?: unknown;
  readonly host?: unknown;
  readonly return?: unknown;
  readonly failed?: unknown;
  readonly message?: unknown;
  readonly args?: unknown;
  readonly result?: unknown;
  readonly passed?: unknown;
  readonly handed?: unknown;
}

/** A VM as it is read: what has not come back is on `open`. */
interface Reading {
  readonly vm: VmTrace;
  readonly open: (Callback | Step)[];
  /** The allocation that runs. */
  allocating: number;
}

/** Takes a trace line by line. */
export class RecordedReader {
  private readonly vms = new Map<string, Reading>();
  private readonly notes: string[] = [];
  private lines = 0;
  private broken = 0;
  private strange = 0;

  line(text: string): void {
    this.lines++;
    if (text.trim() === "") return;
    let line: Line | undefined;
    try {
      line = JSON.parse(text) as Line;
    } catch {
      line = undefined;
    }
    if (typeof line !== "object" || line === null || !this.take(line)) this.broken++;
  }

  end(): Trace {
    const { broken, strange, notes } = this;
    if (broken > 0)
      notes.push(`${broken === 1 ? "A line is" : `${broken} lines are`} no part of a trace, or cut.`);
    if (strange > 0)
      notes.push(`${strange === 1 ? "A return has" : `${strange} returns have`} no call: lines are missing.`);
    return { by: "proxy-wasm-as", vms: [...this.vms.values()].map(({ vm }) => vm), notes };
  }

  /** Tells whether it was a line of a trace. */
  private take(line: Line): boolean {
    if (line.format !== undefined) {
      if (line.format !== FORMAT) return false;
      if (line.version !== VERSION)
        this.notes.push(
          `The trace has version ${String(line.version)}; this proxy-wasm-as reads version ${VERSION}.`,
        );
      return true;
    }
    if (typeof line.vm !== "string") return false;
    const reading = this.readingOf(line.vm, line);
    const args = list(line.args).map(text);
    if (!args.every((arg) => /^\d{1,20}$/.test(arg))) return false;
    if (typeof line.call === "string") this.begin(reading, line.call, args);
    else if (typeof line.host === "string") {
      const [, from = "env", name = ""] = /^(?:(\w+)\.)?(\w+)$/.exec(line.host) ?? [];
      const passed = list(line.passed).map((one) => given(one) as Uint8Array | undefined);
      const step = newStep({ from, name, args }, this.lines, undefined, passed);
      (reading.open.at(-1) as Callback | undefined)?.steps?.push(step);
      reading.open.push(step);
    } else if (typeof line.return === "string") this.finish(reading, line.return, line);
    else if (typeof line.failed === "string") this.fail(reading, line.failed, String(line.message ?? ""));
    else return line.size !== undefined;
    return true;
  }

  private readingOf(name: string, { size, call }: Line): Reading {
    let reading = this.vms.get(name);
    if (reading === undefined) {
      const vm: VmTrace = {
        ...{ number: this.vms.size + 1, thread: "", line: this.lines, callbacks: [], doubtful: 0 },
        fromStart: call === undefined || call === "_initialize" || call === "_start",
        size: typeof size === "number" ? size : undefined,
      };
      this.vms.set(name, (reading = { vm, open: [], allocating: -1 }));
    }
    return reading;
  }

  private begin({ vm, open }: Reading, name: string, args: readonly string[]): void {
    const top = open.at(-1);
    const callback = newCallback(name, args, this.lines);
    if (top !== undefined && "inner" in top) {
      if (isAllocator(name)) top.allocations.push(Number(args[0]));
      else top.inner.push(callback);
    } else {
      open.length = 0;
      vm.callbacks.push(callback);
    }
    open.push(callback);
  }

  private finish({ open }: Reading, full: string, { result, handed }: Line): void {
    const name = full.replace(/^\w+\./, "");
    const at = open.findLastIndex((call) => call.name === name);
    if (at < 0) {
      this.strange++;
      return;
    }
    const call = open[at]!;
    open.length = at;
    call.end = "returned";
    call.result = result === undefined ? undefined : text(result);
    if ("inner" in call) call.handed = list(handed).map(given);
  }

  private fail({ open }: Reading, name: string, message: string): void {
    const at = open.findLastIndex((call) => call.name === name && "steps" in call);
    if (at < 0) {
      this.strange++;
      return;
    }
    const call = open[at] as Callback;
    open.length = at;
    call.end = "failed";
    call.failure = message;
  }
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function text(value: unknown): string {
  return typeof value === "number" || typeof value === "string" ? String(value) : "";
}

/** A value as the recorder wrote it. */
function given(value: unknown): Uint8Array | bigint | undefined {
  if (typeof value === "string") return encode(value);
  if (typeof value === "number") return BigInt(Math.trunc(value));
  const { base64, u64 } = (value ?? {}) as { base64?: unknown; u64?: unknown };
  if (typeof base64 === "string")
    try {
      return bytesOf(atob(base64));
    } catch {
      return undefined;
    }
  return typeof u64 === "string" && /^\d{1,20}$/.test(u64) ? BigInt(u64) : undefined;
}
