// Keeps nothing per stream, has the bug that `x-stage` names, and lets the stream become what `x-policy` names.
import {
  FailurePolicy,
  FilterDataStatus,
  FilterHeadersStatus,
  HttpContext,
  registerHttpFilter,
} from "proxy-wasm-as";
import { bug } from "./bug-kinds";

let nothing: i32 = 0;
let stage: string = "";
let policy: string = "";

function at(here: string): void {
  if (stage == here) bug("index", nothing);
}

class Shared extends HttpContext {
  onError(error: Error): FailurePolicy {
    if (policy == "respond") return this.respond(503, error.message + " at " + error.stack!);
    if (policy == "throw") bug("divide", nothing);
    return policy == "open" ? FailurePolicy.FailOpen : FailurePolicy.FailClosed;
  }

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const wanted = this.request.headers.get("x-stage");
    stage = wanted === null ? "" : wanted;
    const answer = this.request.headers.get("x-policy");
    policy = answer === null ? "" : answer;
    if (stage == "respond") {
      this.respond(403);
      bug("index", nothing);
    }
    at("onRequestHeaders");
    return FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    at("onRequestBody");
    return FilterDataStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    at("onResponseHeaders");
    return FilterHeadersStatus.Continue;
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    at("onResponseBody");
    return FilterDataStatus.Continue;
  }

  onLog(): void {
    at("onLog");
  }
}

registerHttpFilter<Shared>();
