/**
 * Reads the traces that `--record` writes.
 *
 * @module
 */
import { bytesOf, encode, printable } from "../host/abi/text.js";
import { FORMAT, VERSION } from "./record.js";
import type { Callback, Step, Trace, VmTrace } from "./trace.js";
import { beginCallback, newCallback, newStep } from "./trace.js";

interface Line {
  readonly format?: unknown;
  readonly version?: unknown;
  readonly vm?: unknown;
  readonly size?: unknown;
  readonly sources?: unknown;
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

/** The most numbers that a call takes: no function of the ABI or of WASI has as many. */
const MOST_ARGUMENTS = 32;

/** Takes a trace line by line. */
export class RecordedReader {
  private readonly vms = new Map<string, Reading>();
  private readonly notes: string[] = [];
  private broken = 0;
  private strange = 0;

  /** @param lines How many lines were before. */
  constructor(private lines = 0) {}

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
      notes.push(
        `${strange === 1 ? "A line does" : `${strange} lines do`} not follow from those before: lines are missing.`,
      );
    const vms = [...this.vms.values()].map(({ vm }) => vm);
    return { by: "proxy-wasm-as", vms: vms.filter(({ callbacks }) => callbacks.length > 0), notes };
  }

  /** Tells whether it was a line of a trace. */
  private take(line: Line): boolean {
    if (line.format !== undefined) {
      if (line.format !== FORMAT) return false;
      const { version } = line;
      if (version !== VERSION) {
        const other = typeof version === "number" ? `has version ${version}` : "does not tell its version";
        const note = `The trace ${other}; this proxy-wasm-as reads version ${VERSION}.`;
        if (!this.notes.includes(note)) this.notes.push(note);
      }
      return true;
    }
    if (typeof line.vm !== "string") return false;
    const args = list(line.args).map(text);
    const isWell = args.length <= MOST_ARGUMENTS && args.every(isNumber);
    if (!isWell || (line.result !== undefined && !isNumber(text(line.result)))) return false;
    const [full] = [line.call, line.host, line.return, line.failed].filter((one) => one !== undefined);
    if (full === undefined) {
      if (line.size !== undefined) this.readingOf(line.vm, line);
      return line.size !== undefined;
    }
    const [, from = "env", name] = /^(?:(\w+)\.)?(\w+)$/.exec(text(full)) ?? [];
    if (name === undefined) return false;
    const reading = this.readingOf(line.vm, line);
    if (line.call !== undefined) this.begin(reading, name, args);
    else if (line.host !== undefined) this.step(reading, { from, name, args }, line);
    else if (line.return !== undefined) this.finish(reading, name, line);
    else this.fail(reading, name, printable(text(line.message)));
    return true;
  }

  private readingOf(name: string, { size, sources, call }: Line): Reading {
    let reading = this.vms.get(name);
    if (reading === undefined) {
      const vm: VmTrace = {
        ...{ number: this.vms.size + 1, thread: "", line: this.lines, callbacks: [], doubtful: 0 },
        fromStart: call === undefined || call === "_initialize" || call === "_start",
        size: typeof size === "number" && Number.isSafeInteger(size) ? size : undefined,
        sources: digests(sources),
      };
      this.vms.set(name, (reading = { vm, open: [], allocating: -1 }));
    }
    return reading;
  }

  private begin({ vm, open }: Reading, name: string, args: readonly string[]): void {
    const isKnown = beginCallback(open, newCallback(name, args, this.lines), (callback) => {
      vm.callbacks.push(callback);
    });
    // Lines are missing: a host asks for room only while it answers.
    if (!isKnown) this.strange++;
  }

  private step({ open }: Reading, function_: Pick<Step, "from" | "name" | "args">, { passed }: Line): void {
    const bytes = list(passed).map((one) => bytesOrNone(given(one)));
    const step = newStep(function_, this.lines, undefined, bytes);
    const top = open.at(-1);
    // A module calls while it is called, and not while the host answers it.
    if (top === undefined || !("steps" in top)) this.strange++;
    else top.steps.push(step);
    open.push(step);
  }

  private finish({ open }: Reading, name: string, { result, handed }: Line): void {
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

function isNumber(value: string): boolean {
  return /^\d{1,20}$/.test(value);
}

function bytesOrNone(value: Uint8Array | bigint | undefined): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined;
}

function digests(value: unknown): ReadonlyMap<string, string> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return new Map(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}

/** A value as the recorder wrote it. */
function given(value: unknown): Uint8Array | bigint | undefined {
  if (typeof value === "string") return encode(value);
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  const { base64, u64 } = (value ?? {}) as { base64?: unknown; u64?: unknown };
  if (typeof base64 === "string")
    try {
      return bytesOf(atob(base64));
    } catch {
      return undefined;
    }
  return typeof u64 === "string" && /^\d{1,20}$/.test(u64) ? BigInt(u64) : undefined;
}
