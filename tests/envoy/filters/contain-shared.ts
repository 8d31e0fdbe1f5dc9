// Keeps nothing per stream, and has the bug that `x-bug: kind@stage` names.
import { FilterDataStatus, FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
import { bug } from "./bug-kinds";

let nothing: i32 = 0;
let kind: string = "";
let stage: string = "";

function at(here: string): void {
  if (stage == here) bug(kind, nothing);
}

class Shared extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const what = this.request.headers.get("x-bug");
    stage = what === null ? "" : what.slice(what.indexOf("@") + 1);
    kind = what === null ? "" : what.slice(0, what.indexOf("@"));
    if (stage == "respond") {
      this.respond(403);
      at("respond");
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
