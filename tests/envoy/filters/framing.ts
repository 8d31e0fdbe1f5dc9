// Does to headers what the request's `x-op` says; see framing/operations.ts. The answers' statuses are logged.
import {
  FilterDataStatus,
  FilterHeadersStatus,
  FilterTrailersStatus,
  HttpContext,
  registerHttpFilter,
} from "proxy-wasm-as";
import { Messages, Operation, SPLIT, find, isThere, operationsOf, run } from "./framing/operations";

class Framing extends HttpContext {
  private operations: Operation[] = [];

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const text = this.request.headers.get("x-op");
    if (text === null) return FilterHeadersStatus.Continue;
    this.operations = operationsOf(text);
    this.run("request");
    if (this.has("answer")) return this.answer();
    if (!this.has("held-request")) return FilterHeadersStatus.Continue;
    this.after(1, () => {
      this.run("held-request");
      this.resumeRequest();
    });
    return FilterHeadersStatus.StopAllIterationAndWatermark;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    this.run("request-body");
    return FilterDataStatus.Continue;
  }

  onRequestTrailers(trailerCount: u32): FilterTrailersStatus {
    this.run("request-trailers");
    return FilterTrailersStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.run("response");
    const answer = find(this.operations, "answer-response");
    if (answer !== null) return this.respond(200, SPLIT, { headers: [[answer.name, answer.value]] });
    if (this.has("whole-body") && !endOfStream) return FilterHeadersStatus.StopIteration;
    if (!this.has("held-response")) return FilterHeadersStatus.Continue;
    this.after(1, () => {
      this.run("held-response");
      this.resumeResponse();
    });
    return FilterHeadersStatus.StopAllIterationAndWatermark;
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    this.run("response-body");
    if (!this.has("whole-body")) return FilterDataStatus.Continue;
    if (endOfStream) this.run("whole-body");
    return endOfStream ? FilterDataStatus.Continue : FilterDataStatus.StopIterationAndBuffer;
  }

  onResponseTrailers(trailerCount: u32): FilterTrailersStatus {
    this.run("whole-body");
    this.run("response-trailers");
    return FilterTrailersStatus.Continue;
  }

  /** Answers in the upstream's place. */
  private answer(): FilterHeadersStatus {
    const answer = find(this.operations, "answer")!;
    return this.respond(200, SPLIT, { headers: [[answer.name, answer.value]] });
  }

  private has(where: string): bool {
    return isThere(this.operations, where);
  }

  private run(where: string): void {
    const { request, response } = this;
    run(
      this.operations,
      where,
      new Messages(
        this,
        request.headers,
        request.trailers,
        response.headers,
        response.trailers,
        response.body,
      ),
    );
  }
}

registerHttpFilter<Framing>();
