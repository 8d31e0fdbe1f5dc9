// Calls a gRPC method and opens a gRPC stream in the trace of the request, and says in the log what it has asked; as class and as flow.
import {
  FilterHeadersStatus,
  GrpcStatus,
  GrpcStream,
  HttpContext,
  PluginContext,
  Status,
  log,
  registerPlugin,
} from "proxy-wasm-as";
import { Exchange, FlowPlugin, grpcCall } from "proxy-wasm-as/assembly/flow";
import { Span, Tracer } from "proxy-wasm-as/assembly/std/trace";

const SERVICE = "test.Echo";

class Talk extends GrpcStream {
  constructor(
    private readonly stream: TracedStream,
    private readonly span: Span,
  ) {
    super();
  }

  onClose(status: GrpcStatus, message: string): void {
    this.span.setInteger("rpc.grpc.status_code", status).end();
    this.stream.respond(200, "asked\n");
  }
}

class Traced extends PluginContext {
  tracer: Tracer = new Tracer({ cluster: "collector", period: 100 });

  onConfigure(configuration: string): bool {
    this.tracer.start(this);
    return true;
  }

  createHttpContext(): HttpContext {
    return new TracedStream();
  }
}

class TracedStream extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const span = (this.plugin as Traced).tracer.begin("class", this.request.headers);
    const call = span.child("call");
    const asked = this.grpcCall(
      "grpc-echo",
      SERVICE,
      "Unary",
      Uint8Array.wrap(String.UTF8.encode("x")),
      { metadata: call.context.headers(), timeout: 1000 },
      (result) => {
        call.setInteger("rpc.grpc.status_code", result.status).end();
        log.info(call.context.inLog("called"));
        this.talk(span);
      },
    );
    return asked == Status.Ok ? FilterHeadersStatus.StopAllIterationAndWatermark : this.respond(503);
  }

  private talk(span: Span): void {
    const talk = span.child("talk");
    const stream = new Talk(this, talk);
    const opened = this.grpcStream("grpc-echo", SERVICE, "Chat", stream, {
      metadata: talk.context.headers(),
    });
    span.end();
    if (opened != Status.Ok) this.respond(503, "not opened\n");
    else stream.send(Uint8Array.wrap(String.UTF8.encode("y")), true);
  }
}

class TracedFlow extends FlowPlugin {
  tracer: Tracer = new Tracer({ cluster: "collector", period: 100 });

  onConfigure(configuration: string): bool {
    this.tracer.start(this);
    return true;
  }

  handle(x: Exchange): void {
    const span = this.tracer.begin("flow", x.request.headers);
    const call = span.child("call");
    const message = Uint8Array.wrap(String.UTF8.encode("x"));
    const answer = grpcCall("grpc-echo", SERVICE, "Unary", message, { metadata: call.context.headers() });
    call.setInteger("rpc.grpc.status_code", answer.status).end();
    log.info(call.context.inLog("called"));
    span.end();
    x.respond(200, "asked\n");
  }
}

registerPlugin<Traced>("class");
registerPlugin<TracedFlow>("flow");
