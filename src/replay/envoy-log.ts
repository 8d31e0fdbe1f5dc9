/**
 * Reads a log of Envoy's with the level `wasm:trace`.
 *
 * @module
 */
import { printable, readable } from "../host/abi/text.js";
import { isReason, THROWS } from "../wasm/telling.js";
import type { KnownModule } from "./threads.js";
import { Threads } from "./threads.js";
import type { Callback, Step, Trace } from "./trace.js";
import { beginCallback, newCallback, newStep } from "./trace.js";

/** A call or a return; Istio's log has the thread behind it. */
const CALL =
  /\[(host->vm|host<-vm|vm->host|vm<-host)\] (?:(\w+)\.)?(\w+)(?:\((|\d{1,20}(?:, \d{1,20}){0,31})\)| return: (\d+|void))(?:\tthread=\d+)?\s*$/;
const ARROW = /\[(?:host->vm|host<-vm|vm->host|vm<-host)\] /;
/** The thread, where Envoy's own form of lines has it. */
const THREAD = /\[(\d+)\]\[\w+\]\[wasm\]|\tthread=(\d+)$/;
const TIME = /(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d\.\d{3})/;
const MESSAGE = /\bwasm log(?: [^:]*)?: /y;
const FAILED = /\bFunction: (\w+) failed: (.*?)(?:\tthread=\d+)?$/;
/** The host functions that log. */
const LOGGING = new Set(["proxy_log", "fd_write"]);

/** A thread: its calls that have not come back, the latest last. */
interface Thread {
  readonly name: string;
  readonly open: (Callback | Step)[];
}

/** Takes a log line by line, as binary text: a byte is a character. */
export class EnvoyLogReader {
  private readonly threads = new Map<string, Thread>();
  private readonly found: Threads;
  private cut = 0;
  private strange = 0;
  /** Bytes of a message that are still to come: it has several lines. */
  private rest = 0;
  private restOf: Step | undefined;

  /**
   * @param module The module that is to be replayed, if it is known: the callbacks of others are left out.
   * @param lines How many lines were before.
   */
  constructor(
    module?: KnownModule,
    private lines = 0,
  ) {
    this.found = new Threads(module);
  }

  line(text: string): void {
    this.lines++;
    if (this.restOf !== undefined && this.rest > 0) {
      this.restOf.message += `\n${text.slice(0, this.rest)}`;
      this.rest -= text.length + 1;
      return;
    }
    if (!isOfEnvoy(text)) return;
    const start = messageIn(text);
    if (start > 0) return this.message(text, start);
    const failed = FAILED.exec(text);
    if (failed !== null) return this.fail(this.threadOf(text), failed[1]!, failed[2]!);
    const match = CALL.exec(text);
    if (match === null) {
      if (ARROW.test(text)) this.cut++;
      return;
    }
    const [, arrow, from = "", name = "", list, result] = match;
    const thread = this.threadOf(text);
    const args = list === undefined || list === "" ? [] : list.split(", ");
    const isCall = list !== undefined;
    if (isCall !== (arrow === "host->vm" || arrow === "vm->host")) this.cut++;
    else if (arrow === "host->vm") this.callback(thread, name, args);
    else if (arrow === "vm->host") this.step(thread, { from, name, args }, text);
    else this.back(thread, name, result === "void" ? undefined : result);
  }

  end(): Trace {
    const { cut, strange } = this;
    const { vms, foreign } = this.found;
    const notes: string[] = [];
    const say = (count: number, one: string, many: string): void => {
      if (count > 0) notes.push(count === 1 ? one : `${count.toLocaleString("en")} ${many}`);
    };
    say(cut, "A line is cut: it begins like a call and does not end like one.", "lines are cut.");
    say(strange, "A line is missing before another.", "lines do not follow from those before them.");
    say(
      foreign,
      "A callback is left out, which this module does not export: it is of another module, or of another build.",
      "callbacks are left out, which this module does not export: they are of other modules, or of another build.",
    );
    return { by: "Envoy", vms: vms.filter(({ callbacks }) => callbacks.length > 0), notes };
  }

  /** The thread that a line names; the one of lines that name none. */
  private threadOf(text: string): Thread {
    const [, own, istio] = THREAD.exec(text) ?? [];
    const name = own ?? istio ?? "";
    let thread = this.threads.get(name);
    if (thread === undefined) this.threads.set(name, (thread = { name, open: [] }));
    return thread;
  }

  private callback(thread: Thread, name: string, args: readonly string[]): void {
    const isKnown = beginCallback(thread.open, newCallback(name, args, this.lines), (callback) => {
      // A callback calls nothing but host functions: the one before has ended without a word.
      for (const call of thread.open) if ("steps" in call && call.end === "cut") call.end = "failed";
      this.found.add(thread.name, callback);
    });
    // The log begins in the middle of a host call, or lines of it are missing.
    if (!isKnown) this.strange++;
  }

  private step(thread: Thread, function_: Pick<Step, "from" | "name" | "args">, text: string): void {
    const { open } = thread;
    if (function_.name === "proxy_log" && isTold(Number(function_.args[0]))) return;
    const time = TIME.exec(text);
    const step = newStep(
      function_,
      this.lines,
      time === null ? undefined : Date.parse(`${time[1]}T${time[2]}Z`),
    );
    // Without its return, a call before is cut.
    while (open.length > 0 && !("steps" in open.at(-1))) open.pop();
    const top = open.at(-1) as Callback | undefined;
    if (top === undefined) {
      this.strange++;
      return;
    }
    top.steps.push(step);
    open.push(step);
  }

  private back({ open }: Thread, name: string, result: string | undefined): void {
    const at = open.findLastIndex((call) => call.name === name);
    if (at < 0) {
      // That of a message which only tells a reason has no call.
      if (name !== "proxy_log") this.strange++;
      return;
    }
    const call = open[at]!;
    open.length = at;
    call.end = "returned";
    call.result = result;
  }

  private message(text: string, start: number): void {
    const step = this.threadOf(text).open.at(-1);
    if (step === undefined || !("inner" in step) || !LOGGING.has(step.name)) return;
    const size = step.name === "proxy_log" ? Number(step.args[2]) : undefined;
    const behind = text.slice(start).replace(/\tthread=\d+$/, "");
    if (size === undefined) step.message = behind;
    // Names before the colon may have one, too: a message of one line stands at the end.
    else if (behind.length >= size) step.message = behind.slice(behind.length - size);
    else {
      step.message = behind;
      this.restOf = step;
      this.rest = size - behind.length - 1;
    }
  }

  private fail({ open }: Thread, name: string, why: string): void {
    const at = open.findLastIndex((call) => call.name === name && "steps" in call);
    if (at < 0) return;
    const call = open[at] as Callback;
    open.length = at;
    call.end = "failed";
    call.failure = printable(readable(why));
  }
}

/** Tells whether a line of Envoy's log tells of calls, of messages or of traps. */
export function isOfEnvoy(line: string): boolean {
  return /\[host(?:->|<-)vm\]|\[vm(?:->|<-)host\]|wasm log|Function: /.test(line);
}

/** The position at which the message of a line begins; 0 in a line without one. The first such words are Envoy's. */
function messageIn(line: string): number {
  MESSAGE.lastIndex = line.indexOf("wasm log");
  return MESSAGE.lastIndex >= 0 && MESSAGE.test(line) ? MESSAGE.lastIndex : 0;
}

/** Tells whether a message is none for logs: the SDK tells the embedded host by such why it refuses something. */
function isTold(level: number): boolean {
  return isReason(level) || level === THROWS;
}
