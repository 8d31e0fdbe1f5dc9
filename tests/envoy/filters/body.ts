// Does with the body what `x-do` says, in the callback that `x-at` says; `x-hold` is what other body callbacks answer.
import {
  Body,
  FilterDataStatus,
  FilterHeadersStatus,
  FilterTrailersStatus,
  HttpContext,
  Status,
  lastStatus,
  log,
  registerHttpFilter,
} from "proxy-wasm-as";

function run(body: Body, commands: string): void {
  const list = commands.split(";");
  for (let i = 0; i < list.length; i++) {
    const parts = list[i].split("|");
    const verb = parts[0];
    let result = "";
    if (verb == "size") result = body.size.toString();
    else if (verb == "text") result = body.text();
    else if (verb == "bytes") result = body.bytes().length.toString();
    else if (verb == "slice") result = body.slice(<u32>parseInt(parts[1]), <u32>parseInt(parts[2]));
    else if (verb == "set") body.set(parts[1]);
    else if (verb == "append") body.append(parts[1]);
    else if (verb == "prepend") body.prepend(parts[1]);
    else if (verb == "splice") body.splice(<u32>parseInt(parts[1]), <u32>parseInt(parts[2]), parts[3]);
    else if (verb == "replaceAll") body.replaceAll(parts[1], parts[2]);
    else if (verb == "clear") body.clear();
    else if (verb == "copy") body.setBytes(body.bytes());
    else if (verb == "retext") body.set(body.text());
    else if (verb == "upper") body.set(body.text().toUpperCase());
    log.info(verb + " " + result + (lastStatus() == Status.Ok ? "" : "!" + lastStatus().toString()));
  }
}

class Editor extends HttpContext {
  private commands: string = "";
  private at: string = "";
  private hold: i32 = 0;

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const headers = this.request.headers;
    const commands = headers.get("x-do");
    const at = headers.get("x-at");
    const hold = headers.get("x-hold");
    if (commands !== null) this.commands = commands;
    if (at !== null) this.at = at;
    if (hold !== null) this.hold = <i32>parseInt(hold);
    if (headers.has("x-free")) headers.remove("content-length");
    if (headers.has("x-no-encoding")) headers.remove("transfer-encoding");
    this.act("requestHeaders", this.request.body);
    return FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    if (this.act(endOfStream ? "requestEnd" : "requestBody", this.request.body))
      return FilterDataStatus.Continue;
    return endOfStream ? FilterDataStatus.Continue : this.hold;
  }

  onRequestTrailers(trailerCount: u32): FilterTrailersStatus {
    this.act("requestTrailers", this.request.body);
    return FilterTrailersStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (this.at.startsWith("response")) this.response.headers.remove("content-length");
    this.act("responseHeaders", this.at == "responseHeaders" ? this.request.body : this.response.body);
    return FilterHeadersStatus.Continue;
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    if (this.at == "responseBodyRequest") this.act("responseBodyRequest", this.request.body);
    if (this.act(endOfStream ? "responseEnd" : "responseBody", this.response.body))
      return FilterDataStatus.Continue;
    return endOfStream || !this.at.startsWith("response") ? FilterDataStatus.Continue : this.hold;
  }

  onLog(): void {
    this.act("log", this.request.body);
    if (this.at == "logResponse") this.act("logResponse", this.response.body);
  }

  onDone(): void {
    this.act("done", this.request.body);
  }

  private act(place: string, body: Body): bool {
    if (this.at != place) return false;
    run(body, this.commands);
    return true;
  }
}

registerHttpFilter<Editor>();
