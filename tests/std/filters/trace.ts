// The parsers of trace headers, as texts.
import { TraceContext } from "../../../assembly/std/trace";
import { clean } from "../../../assembly/std/trace/span";

function written(context: TraceContext | null): string {
  if (context === null) return "null";
  const headers = context.headers();
  let all = "";
  for (let i = 0; i < headers.length; i++) all += (i > 0 ? "\n" : "") + headers[i][0] + ": " + headers[i][1];
  return all;
}

export function w3c(parent: string, state: string): string {
  return written(TraceContext.parse(parent, state));
}

export function b3(text: string): string {
  const context = TraceContext.parseB3(text);
  return written(context) + (context !== null && context.undecided ? "?" : "");
}

export function cleaned(text: string): string {
  return clean(text);
}

/** How long what is read is, for what is counted. */
export function size(parent: string, state: string): i32 {
  return w3c(parent, state).length + b3(parent).length + b3(state).length + clean(state).length;
}
