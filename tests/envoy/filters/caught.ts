/** What is thrown is caught, in every callback; `x-bug: kind@stage` says what and where. */
import {
  CallResult,
  FilterDataStatus,
  FilterHeadersStatus,
  HttpContext,
  log,
  registerHttpFilter,
} from "proxy-wasm-as";
import { bug } from "./bug-kinds";

let zero: i32 = 0;

/** The class and message of what a bug throws. */
function attempt(kind: string): string {
  try {
    bug(kind, zero);
  } catch (e) {
    return `${className(e)}: ${e.message}`;
  }
  return "nothing";
}

function className(e: Error): string {
  if (e instanceof RangeError) return "RangeError";
  if (e instanceof TypeError) return "TypeError";
  return "Error";
}

class Ended extends Error {}

/** Goes through functions that others call, `finally`, and the same error again. */
function nested(kind: string): string {
  const steps: string[] = [];
  try {
    try {
      ["a", "b", "c"].forEach((name) => {
        try {
          [2, 1].sort((a, b) => {
            if (name == "b") bug(kind, zero);
            return a - b;
          });
          steps.push(name);
        } finally {
          steps.push(name + "!");
        }
      });
    } catch (e) {
      steps.push(e.message);
      throw new Ended("ended");
    } finally {
      steps.push("last");
    }
  } catch (e) {
    steps.push(e instanceof Ended ? e.message : "?");
  }
  return steps.join(" ");
}

class Caught extends HttpContext {
  private kind: string = "";
  private stage: string = "";
  private made: string = attempt("throw");

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const what = this.request.headers.get("x-bug");
    this.request.headers.set("x-made", this.made);
    if (what === null) return FilterHeadersStatus.Continue;
    const parts = what.split("@");
    this.kind = parts[0];
    this.stage = parts[1];
    if (this.stage == "headers") return this.respond(200, attempt(this.kind));
    if (this.stage == "nested") return this.respond(200, nested(this.kind));
    if (this.stage == "again") this.again();
    if (this.stage == "lost") this.lost();
    if (this.stage == "finally") return this.respond(200, this.last());
    if (this.stage == "many") return this.respond(200, this.many());
    if (this.stage == "timer") {
      this.after(1, () => {
        this.respond(200, attempt(this.kind));
      });
      return FilterHeadersStatus.StopIteration;
    }
    if (this.stage == "answer") {
      this.fetch("side", { path: "/" }, (result: CallResult) => {
        this.respond(200, attempt(this.kind));
      });
      return FilterHeadersStatus.StopIteration;
    }
    return FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    if (this.stage == "body") return <FilterDataStatus>this.respond(200, attempt(this.kind));
    return FilterDataStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (this.stage == "response") this.response.headers.set("x-caught", attempt(this.kind));
    return FilterHeadersStatus.Continue;
  }

  onLog(): void {
    if (this.stage == "log") log.warn("caught " + attempt(this.kind));
  }

  /** Throws it again. */
  private again(): void {
    try {
      bug(this.kind, zero);
    } catch (e) {
      attempt("throw");
      throw e;
    } finally {
      attempt("assert");
    }
  }

  /** What has no end is not caught. */
  private lost(): void {
    for (;;) {
      try {
        if (this.kind == "loop") while (this.kind.length > 0) zero = 0;
        if (this.kind == "recursion") this.deeper(1);
        if (this.kind == "memory") for (const all: string[][] = []; ;) all.push(new Array<string>(1000));
        bug(this.kind, zero);
      } catch (e) {
        zero = 0;
      } finally {
        zero = 0;
      }
    }
  }

  private deeper(n: i32): i32 {
    return 1 + this.deeper(n + 1);
  }

  private last(): string {
    for (;;) {
      try {
        bug(this.kind, zero);
      } finally {
        break;
      }
    }
    return "left";
  }

  private many(): string {
    let length = 0;
    for (let i = 0; i < 2000; i++) {
      length += attempt(this.kind).length;
      this.request.headers.set("x-many", length.toString());
    }
    return length.toString();
  }
}

registerHttpFilter<Caught>();
