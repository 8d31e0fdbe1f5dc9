// Has a bug in the callback that `x-stage` names, and lets the stream become what `x-policy` names.
import {
  CallResult,
  Counter,
  FailurePolicy,
  FilterDataStatus,
  FilterHeadersStatus,
  FilterTrailersStatus,
  HttpContext,
  PluginContext,
  countBugs,
  registerPlugin,
} from "proxy-wasm-as";
import { bug } from "./bug-kinds";

let nothing: i32 = 0;

/** The next stream has a bug before it has headers, and its plugin answers so. */
let armed: bool = false;
let policy: FailurePolicy = FailurePolicy.FailClosed;

const asked = new Counter("on_error.plugin");
countBugs("on_error.bugs");

class Plugin extends PluginContext {
  isTimerDue: bool = false;

  onConfigure(configuration: string): bool {
    this.every(2, () => {
      if (this.isTimerDue) {
        this.isTimerDue = false;
        bug("index", nothing);
      }
    });
    return true;
  }

  onError(error: Error): FailurePolicy {
    asked.increment();
    return policy;
  }

  createHttpContext(): HttpContext {
    return new Stream();
  }
}

class Stream extends HttpContext {
  stage: string = "";
  policy: string = "";

  constructor() {
    super();
    if (armed) {
      armed = false;
      bug("index", nothing);
    }
  }

  at(stage: string): void {
    if (this.stage == stage) bug("index", nothing);
  }

  onError(error: Error): FailurePolicy {
    if (this.policy == "respond") return this.respond(503, error.message + " at " + error.stack!);
    if (this.policy == "throw") bug("divide", nothing);
    while (this.policy == "loop") nothing = 0;
    if (this.policy == "plugin") return super.onError(error);
    return this.policy == "open" ? FailurePolicy.FailOpen : FailurePolicy.FailClosed;
  }

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const plugin = this.plugin as Plugin;
    const stage = this.request.headers.get("x-stage");
    const wanted = this.request.headers.get("x-policy");
    if (stage !== null && wanted !== null) {
      this.stage = stage;
      this.policy = wanted;
      policy = wanted == "closed" ? FailurePolicy.FailClosed : FailurePolicy.FailOpen;
    }
    if (this.stage == "arm") armed = true;
    if (this.stage == "plugin-timer") plugin.isTimerDue = true;
    this.at("onRequestHeaders");
    if (this.stage == "respond") {
      this.respond(403);
      bug("index", nothing);
    }
    if (this.stage == "endless") while (nothing == 0) if (this.policy.length > 100) nothing = 1;
    if (this.stage == "answer") {
      this.fetch("side", { path: "/" }, (result: CallResult) => this.at("answer"));
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    }
    if (this.stage == "resumed") {
      this.after(1, () => {
        this.resumeRequest();
        this.at("resumed");
      });
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    }
    if (this.stage == "timer") {
      this.after(1, () => this.at("timer"));
      return FilterHeadersStatus.StopIteration;
    }
    return FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    this.at("onRequestBody");
    if (this.stage == "timer" || this.stage == "onRequestTrailers")
      return FilterDataStatus.StopIterationAndBuffer;
    if (this.stage == "missed") {
      this.request.body.set("longer than it was announced to be");
      bug("index", nothing);
    }
    return FilterDataStatus.Continue;
  }

  onRequestTrailers(trailerCount: u32): FilterTrailersStatus {
    this.at("onRequestTrailers");
    return this.stage == "timer" ? FilterTrailersStatus.StopIteration : FilterTrailersStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.at("onResponseHeaders");
    if (this.stage == "dropped") {
      this.response.headers.set(":status", "204");
      bug("index", nothing);
    }
    if (this.stage == "response-timer") {
      this.after(1, () => this.at("response-timer"));
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    }
    this.response.headers.add("x-seen", this.stage);
    return FilterHeadersStatus.Continue;
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    this.at("onResponseBody");
    return FilterDataStatus.Continue;
  }

  onLog(): void {
    this.at("onLog");
  }
}

registerPlugin<Plugin>();
