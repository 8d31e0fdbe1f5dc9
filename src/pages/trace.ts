/**
 * Notes what happens between a host and a module.
 *
 * @module
 */
import { statusName } from "../host/index.js";
import type { HostCall, LogEntry, Refusal } from "../host/index.js";
import { Words } from "./arguments.js";
import type { TraceEvent } from "./model.js";

type Open = { -readonly [Key in keyof TraceEvent]: TraceEvent[Key] };

/** How many events are kept: a page shows no more. */
const MOST = 5000;

/** The events of a page's timeline. */
export class Trace {
  readonly events: Open[] = [];
  /** The properties that the module asked for, each with its value. */
  readonly properties = new Map<string, string>();
  readonly words = new Words();
  private readonly open: Open[] = [];

  /** @param now The host's clock. @param operators The number of operators that the module has executed so far. */
  constructor(
    private readonly now: () => number,
    private readonly operators: () => number,
  ) {}

  called(call: HostCall): void {
    if (call.isOver) this.returned(call);
    else {
      const kind = call.into === "module" ? "callback" : "call";
      this.open.push(this.add(kind, call.name, this.words.before(call.name, call.arguments)));
    }
  }

  logged({ level, message }: LogEntry): void {
    this.add("log", level, message.trimEnd());
  }

  refused({ by, function: name, status, reason }: Refusal): void {
    if (reason !== "") this.add("refusal", by === "host" ? name : "SDK", `${statusName(status)}: ${reason}`);
  }

  private returned({ into, name, arguments: values, result }: HostCall): void {
    const event = this.open.pop();
    if (event === undefined) return;
    event.to = this.operators();
    if (into === "module") event.result = result === undefined ? "" : answerOf(name, Number(result));
    else if (result === undefined || Number(result) === 0) event.result = this.words.after(name, values);
    else event.result = statusName(Number(result));
    if (name === "proxy_get_property") this.properties.set(event.detail.slice(1, -1), event.result);
  }

  private add(kind: TraceEvent["kind"], name: string, detail: string): Open {
    const from = this.operators();
    const event = {
      kind,
      depth: this.open.length,
      name,
      detail,
      result: "",
      from,
      to: from,
      time: this.now(),
    };
    if (this.events.length < MOST) this.events.push(event);
    return event;
  }
}

const actions = ["Continue", "StopIteration", "ContinueAndEndStream", "StopAllIterationAndBuffer"];

/** The meaning of a callback's answer. */
function answerOf(name: string, value: number): string {
  if (/_headers$/.test(name)) return actions[value] ?? String(value);
  if (/_body$/.test(name))
    return (
      ["Continue", "StopIterationAndBuffer", "StopIterationAndWatermark", "StopIterationNoBuffer"][value] ??
      ""
    );
  return String(value);
}
