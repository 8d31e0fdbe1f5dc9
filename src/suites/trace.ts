/**
 * The calls between host and module, as Envoy's log at `wasm:trace` says them.
 *
 * @module
 */
import type { LogMessage } from "./driver.js";
import type { SuiteLogLevel } from "./model.js";

/** One entry of the log that matters here. */
export type TraceEvent =
  | { readonly kind: "callback"; readonly name: string; readonly args: readonly number[] }
  | { readonly kind: "return"; readonly name: string; readonly value: number | undefined }
  | { readonly kind: "hostCall"; readonly name: string; readonly args: readonly number[] }
  | ({ readonly kind: "log"; readonly from: string } & LogMessage);

const levels: Readonly<Record<string, SuiteLogLevel>> = {
  trace: "trace",
  debug: "debug",
  info: "info",
  warning: "warn",
  error: "error",
  critical: "critical",
};

/** The events of a piece of the log, in order. */
export function readTrace(log: string): TraceEvent[] {
  const events: TraceEvent[] = [];
  // An entry may have several lines, and ends with a newline of its own.
  for (const entry of log.split(/(?<=\n)(?=\[[a-z]+\]\[[a-z_0-9]+\] )/)) {
    const parts = /^\[([a-z]+)\]\[wasm\] ([^]*)\n$/.exec(entry);
    if (parts === null) continue;
    const event = readEntry(parts[1]!, parts[2]!);
    if (event !== undefined) events.push(event);
  }
  return events;
}

function readEntry(level: string, text: string): TraceEvent | undefined {
  const message = /^wasm log ?([^:]*): ([^]*)$/.exec(text);
  if (message !== null)
    return { kind: "log", level: levels[level] ?? "info", from: message[1]!.trim(), text: message[2]! };
  return readCall(text);
}

/** One line of a trace; undefined when it says nothing that matters here. */
export function readCall(text: string): TraceEvent | undefined {
  const call = /^\[(host->vm|vm->host)\] (?:env\.)?(\w+)\(([^)]*)\)$/.exec(text);
  if (call !== null) {
    const args = call[3] === "" ? [] : call[3]!.split(", ").map(Number);
    return { kind: call[1] === "host->vm" ? "callback" : "hostCall", name: call[2]!, args };
  }
  const back = /^\[host<-vm\] (\w+) return(?:: (\w+))?$/.exec(text);
  if (back === null) return undefined;
  const value = Number(back[2]);
  return { kind: "return", name: back[1]!, value: Number.isNaN(value) ? undefined : value };
}
