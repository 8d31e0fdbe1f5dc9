import {
  CallResult,
  FilterHeadersStatus,
  HttpContext,
  PluginContext,
  Status,
  log,
  registerPlugin,
} from "proxy-wasm-as";
import { Span, TraceContext, Tracer } from "proxy-wasm-as/assembly/std/trace";

class Tracing extends PluginContext {
  tracer = new Tracer({ cluster: "collector", service: "proxy", period: 1000 });

  onConfigure(): boolean {
    this.tracer.start(this);
    return true;
  }

  createHttpContext(): HttpContext {
    return new TracingStream();
  }
}

/** Asks a service whether a request may pass; the trace shows the request, the question and what the upstream does. */
class TracingStream extends HttpContext {
  private span: Span | null = null;

  onRequestHeaders(): FilterHeadersStatus {
    const headers = this.request.headers;
    const method = this.request.method ?? "";
    const span = (this.plugin as Tracing).tracer.begin(method, headers);
    span.set("http.request.method", method).set("url.path", this.request.path ?? "");
    // The upstream goes on with the trace, and with no other.
    for (const name of TraceContext.namesIn(headers)) headers.remove(name);
    for (const [name, value] of span.context.headers()) headers.set(name, value);
    this.span = span;

    const question = span.child("may pass");
    const sent = this.fetch(
      "auth",
      { path: "/check", headers: question.context.headers(), timeout: 1000 },
      (result) => this.answered(question, result),
    );
    if (sent == Status.Ok) return FilterHeadersStatus.StopAllIterationAndWatermark;
    question.fail("not sent").end();
    return this.respond(503, "no answer\n");
  }

  private answered(question: Span, result: CallResult): void {
    question.setInteger("http.response.status_code", result.status);
    if (result.failed) question.fail("no answer");
    question.end();
    if (result.status == 200) {
      this.resumeRequest();
      return;
    }
    log.warn(question.context.inLog("refused"));
    this.respond(403, "denied\n");
  }

  onLog(): void {
    const span = this.span;
    if (span === null) return;
    const status = this.response.headers.get(":status");
    if (status !== null) {
      span.set("http.response.status_code", status);
      if (status.startsWith("5")) span.fail();
    }
    span.end();
  }
}

registerPlugin<Tracing>();
