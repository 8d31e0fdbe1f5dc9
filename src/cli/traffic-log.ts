/**
 * The output of `run` about requests, and the messages of filters.
 *
 * @module
 */
import type { LogEntry } from "../host/index.js";
import type { ServedRequest } from "../host/server/index.js";
import { color } from "./output.js";

/** Writes lines that belong to the traffic: for people, or one JSON object each. */
export class TrafficLog {
  constructor(
    private readonly asJson: boolean,
    private readonly write: (line: string) => void = (line) => console.log(line),
  ) {}

  /** A request that is over. */
  request(request: ServedRequest): void {
    if (this.asJson) return this.json({ type: "request", ...request, details: request.details });
    const { method, path, status, details, bytes, milliseconds } = request;
    const how = details === "via_upstream" ? "" : color.dim(` ${details === "" ? "by the filter" : details}`);
    const took = color.dim(`${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`);
    this.write(
      `${clock()} ${paintStatus(status)}  ${method} ${path}  ${took} ${color.dim(size(bytes))}${how}`,
    );
  }

  /** A message of a module or of its host. */
  message(level: LogEntry["level"], from: string, text: string): void {
    const message = text.trimEnd();
    if (this.asJson) return this.json({ type: "log", level, from, message });
    const paint =
      level === "error" || level === "critical" ? color.red : level === "warn" ? color.yellow : color.cyan;
    const who = from === "" ? "" : `${color.dim(from)}  `;
    this.write(`${clock()} ${paint(level.padEnd(5))} ${who}${message.replaceAll("\n", "\n  ")}`);
  }

  /** Something about the run itself. */
  note(text: string): void {
    if (this.asJson) this.json({ type: "note", message: text });
    else this.write(`${clock()} ${color.dim(text)}`);
  }

  private json(entry: object): void {
    this.write(JSON.stringify({ time: new Date().toISOString(), ...entry }));
  }
}

function clock(): string {
  return color.dim(new Date().toTimeString().slice(0, 8));
}

function paintStatus(status: number | undefined): string {
  if (status === undefined) return color.red("cut");
  if (status >= 500) return color.red(String(status));
  if (status >= 400) return color.yellow(String(status));
  return color.green(String(status));
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
