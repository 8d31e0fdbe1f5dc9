import {
  FilterHeadersStatus,
  GrpcResult,
  GrpcStatus,
  HttpContext,
  PluginContext,
  Status,
  log,
  registerPlugin,
} from "proxy-wasm-as";
import { ProtobufReader, ProtobufWriter, WireType } from "proxy-wasm-as/assembly/std/protobuf";

/** Keeps the name of the cluster that knows who may pass. */
class GrpcAuth extends PluginContext {
  cluster = "";

  onConfigure(configuration: string): boolean {
    this.cluster = configuration.trim();
    if (this.cluster.length == 0) log.error("the configuration is the name of the cluster to ask");
    return this.cluster.length > 0;
  }

  createHttpContext(): HttpContext {
    return new GrpcAuthStream(this);
  }
}

/** Asks a gRPC service (auth.proto) about each request, and holds the request until the answer is there. */
class GrpcAuthStream extends HttpContext {
  constructor(private readonly auth: GrpcAuth) {
    super();
  }

  onRequestHeaders(): FilterHeadersStatus {
    const headers = this.request.headers;
    headers.remove("x-user"); // ours to say, not the client's
    const token = headers.get("authorization");
    if (token === null) return this.respond(401, "who are you?\n", { details: "no_token" });
    const question = new ProtobufWriter()
      .text(1, token)
      .text(2, this.request.method!)
      .text(3, this.request.path!);
    const status = this.grpcCall(
      this.auth.cluster,
      "example.auth.v1.Auth",
      "Check",
      question.toBytes(),
      { timeout: 1000 },
      (result) => this.onAnswer(result),
    );
    if (status != Status.Ok) return this.respond(503, "cannot ask\n", { details: "auth_not_asked" });
    return FilterHeadersStatus.StopAllIterationAndWatermark;
  }

  /** Fails closed: no answer means no. */
  private onAnswer(result: GrpcResult): void {
    if (result.status == GrpcStatus.PermissionDenied) {
      this.respond(403, "not for you\n", { details: "denied" });
      return;
    }
    if (result.status != GrpcStatus.Ok) {
      log.warn(`auth: ${result.status} ${result.message}`);
      this.respond(503, "cannot ask\n", { details: "auth_failed" });
      return;
    }
    const user = userIn(result.body);
    if (user === null || this.request.headers.set("x-user", user) != Status.Ok) {
      this.respond(403, "not for you\n", { details: "denied" });
      return;
    }
    this.resumeRequest();
  }
}

/** The field `user` of an answer, the last one when there are several; null when there is none or the answer is broken. */
function userIn(answer: Uint8Array): string | null {
  const reader = new ProtobufReader(answer);
  let user: string | null = null;
  while (reader.next()) if (reader.field == 1 && reader.type == WireType.Bytes) user = reader.text;
  return reader.failed ? null : user;
}

registerPlugin<GrpcAuth>();
