// A flow that traces its requests, with what is wrong and too much told by what the request asks for.
import { registerPlugin } from "proxy-wasm-as";
import { Exchange, FlowPlugin, fetch } from "proxy-wasm-as/assembly/flow";
import { TraceContext, TraceFormat, Tracer } from "proxy-wasm-as/assembly/std/trace";

class Traced extends FlowPlugin {
  tracer: Tracer = new Tracer({
    cluster: "collector",
    service: "flow \u00e9",
    mostWaiting: 8,
    mostAtOnce: 3,
    period: 100,
    ratio: 0.5,
    format: TraceFormat.B3,
  });

  onConfigure(configuration: string): bool {
    this.tracer.start(this);
    return true;
  }

  handle(x: Exchange): void {
    const span = this.tracer.begin("flow", x.request.headers);
    span
      .set("path", x.request.headers.get("x-in") ?? "")
      .setBool("flow", true)
      .setInteger("minus", -5);
    const many = x.request.headers.get("x-many");
    if (many !== null) for (let i = 0; i < 70; i++) span.setInteger("n" + i.toString(), i);
    const call = span.child("call");
    const answer = fetch("auth", { headers: call.context.headers() });
    call.setInteger("status", answer.status).end();
    call.end();
    for (const name of TraceContext.namesIn(x.request.headers)) x.request.headers.remove(name);
    for (const [name, value] of span.context.headers()) x.request.headers.set(name, value);
    x.next();
    span.fail("why");
    span.end();
  }
}

registerPlugin<Traced>();
