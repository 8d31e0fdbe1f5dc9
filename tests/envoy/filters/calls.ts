// Asks the cluster "side" before it lets a request on, as the request's headers say.
import {
  CallFailure,
  CallResult,
  FilterHeadersStatus,
  HttpContext,
  Status,
  log,
  registerHttpFilter,
} from "proxy-wasm-as";
import { pendingCallCount } from "proxy-wasm-as/assembly/context/pending-calls";

class Caller extends HttpContext {
  private waiting: i32 = 0;
  private seen: string = "";

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const headers = this.request.headers;
    const path = headers.get("x-call");
    if (path === null) {
      headers.set("x-open", pendingCallCount().toString());
      return FilterHeadersStatus.Continue;
    }
    const cluster = headers.has("x-cluster") ? headers.get("x-cluster")! : "side";
    // "PUT|/x" says the method, too.
    const bar = path.indexOf("|");
    const method = bar < 0 ? "POST" : path.substring(0, bar);
    const timeout = headers.has("x-timeout") ? <u32>parseInt(headers.get("x-timeout")!) : 15_000;
    const status = this.fetch(
      cluster,
      { method, path: path.substring(bar + 1), body: "ask", headers: [["x-odd", "\udcff"]], timeout },
      (result) => this.onAnswer(result),
    );
    if (status != Status.Ok) return this.respond(500, "not sent: " + status.toString());
    this.waiting++;
    if (headers.has("x-second")) {
      this.waiting++;
      this.fetch("side", { path: headers.get("x-second")! }, (result) => {
        this.seen += "second " + result.body.text() + ";";
        this.finish();
      });
    }
    return FilterHeadersStatus.StopAllIterationAndWatermark;
  }

  private onAnswer(result: CallResult): void {
    const failure = result.failure;
    this.seen += "first " + result.status.toString() + " " + failure.toString() + " ";
    if (failure == CallFailure.None) {
      const echo = result.headers.get("x-echo");
      this.seen += result.body.text() + " " + result.bodySize.toString() + (echo === null ? "" : " " + echo);
    }
    this.seen += ";";
    this.finish();
  }

  private finish(): void {
    if (--this.waiting > 0) return;
    this.request.headers.set("x-seen", this.seen);
    if (this.seen.includes("deny")) this.respond(403, this.seen);
    else this.resumeRequest();
  }

  onDelete(): void {
    log.info("deleted with " + this.waiting.toString() + " waiting");
  }
}

registerHttpFilter<Caller>();
