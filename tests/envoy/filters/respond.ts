// Answers from where the request's `x-in` says, as often as `x-times` says, with what the other headers say.
import {
  FilterDataStatus,
  FilterHeadersStatus,
  FilterTrailersStatus,
  GrpcStatus,
  HttpContext,
  lastStatus,
  log,
  registerHttpFilter,
} from "proxy-wasm-as";

class Responder extends HttpContext {
  private where: string = "";
  private times: i32 = 1;
  private code: i32 = 403;
  private grpc: i32 = -1;
  private body: string = "no\n";
  private details: string = "";
  private extra: string[][] = [];

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const headers = this.request.headers;
    const where = headers.get("x-in");
    if (where !== null) this.where = where;
    const times = headers.get("x-times");
    if (times !== null) this.times = <i32>parseInt(times);
    const code = headers.get("x-code");
    if (code !== null) this.code = <i32>parseInt(code);
    const grpc = headers.get("x-grpc");
    if (grpc !== null) this.grpc = <i32>parseInt(grpc);
    const body = headers.get("x-body");
    if (body !== null) this.body = body;
    const details = headers.get("x-details");
    if (details !== null) this.details = details;
    if (headers.has("x-extra"))
      this.extra = [
        ["x-extra", "1"],
        ["X-Extra", "2"],
        ["x-odd", "\udcff"],
      ];
    if (headers.has("x-bad"))
      this.extra = [
        ["x-good", "1"],
        ["x-bad", "a\r\nx-evil: 1"],
        ["content-length", "1"],
      ];
    return this.act("requestHeaders");
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    return this.act("requestBody");
  }

  onRequestTrailers(trailerCount: u32): FilterTrailersStatus {
    return this.act("requestTrailers");
  }

  onResponseTrailers(trailerCount: u32): FilterTrailersStatus {
    return this.act("responseTrailers");
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.response.headers.add("x-seen", "responseHeaders");
    return this.act("responseHeaders");
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    return this.act("responseBody");
  }

  onLog(): void {
    this.act("log");
  }

  onDone(): void {
    this.act("done");
  }

  onDelete(): void {
    this.act("delete");
  }

  private act(place: string): i32 {
    if (this.where != place && this.where != place + ":reset" && this.where != place + ":resume") return 0;
    let answer: i32 = 0;
    for (let i = 0; i < this.times; i++) {
      if (this.where == place + ":reset") this.reset();
      else if (this.where == place + ":resume") this.resumeResponse();
      else if (this.where == place) {
        answer = this.respond(this.code, this.body, {
          headers: this.extra,
          details: this.details,
          grpcStatus: <GrpcStatus>this.grpc,
        });
      }
      log.info(this.where + " " + lastStatus().toString());
    }
    return answer;
  }
}

registerHttpFilter<Responder>();
