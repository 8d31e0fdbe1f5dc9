// Does to headers what the request's `x-op` says: operations separated by ";", their parts by "|": the callback, the map, what
// to do, the name, the value ("%20" stands for a byte). The answer's status is logged.
import {
  FilterDataStatus,
  FilterHeadersStatus,
  FilterTrailersStatus,
  Headers,
  HttpContext,
  Status,
  log,
  registerHttpFilter,
} from "proxy-wasm-as";

/** A body that looks like a response. */
const SPLIT = "HTTP/1.1 200 OK\r\nx-evil: 1\r\ncontent-length: 4\r\n\r\nEVIL";

class Operation {
  constructor(
    public where: string,
    public map: string,
    public verb: string,
    public name: string,
    public value: string,
  ) {}
}

/** "%0a" to the byte, as text that keeps every byte. */
function unescape(text: string): string {
  const parts = text.split("%");
  let result = parts[0];
  for (let i = 1; i < parts.length; i++) {
    const byte = <i32>parseInt(parts[i].substr(0, 2), 16);
    result += String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte) + parts[i].substr(2);
  }
  return result;
}

/** All headers of a map, with one that has another value, or one more. */
function changed(headers: Headers, name: string, value: string, more: bool): string[][] {
  const pairs = headers.entries();
  let found = false;
  for (let i = 0; i < pairs.length && !more; i++) {
    if (pairs[i][0] != name) continue;
    pairs[i][1] = value;
    found = true;
  }
  if (!found) pairs.push([name, value]);
  return pairs;
}

/** One header, and those by which the peers of the test tell messages. */
function only(headers: Headers, name: string, value: string): string[][] {
  const pairs = headers.pick(["x-id", "x-to", "x-up", "x-answer"]);
  pairs.push([name, value]);
  return pairs;
}

class Framing extends HttpContext {
  private operations: Operation[] = [];

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const text = this.request.headers.get("x-op");
    if (text === null) return FilterHeadersStatus.Continue;
    const all = text.split(";");
    for (let i = 0; i < all.length; i++) {
      const parts = all[i].split("|");
      this.operations.push(
        new Operation(parts[0], parts[1], parts[2], unescape(parts[3]), unescape(parts[4])),
      );
    }
    this.run("request");
    if (this.has("answer")) return this.respond(200, SPLIT);
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

  private has(where: string): bool {
    for (let i = 0; i < this.operations.length; i++) if (this.operations[i].where == where) return true;
    return false;
  }

  private run(where: string): void {
    for (let i = 0; i < this.operations.length; i++) {
      const operation = this.operations[i];
      if (operation.where == where) log.info(this.perform(operation).toString());
    }
  }

  private mapOf(name: string): Headers {
    if (name == "request") return this.request.headers;
    if (name == "request-trailers") return this.request.trailers;
    return name == "response" ? this.response.headers : this.response.trailers;
  }

  private perform(operation: Operation): Status {
    const headers = this.mapOf(operation.map);
    const verb = operation.verb;
    const name = operation.name;
    const value = operation.value;
    if (verb == "set") return headers.set(name, value);
    if (verb == "add") return headers.add(name, value);
    if (verb == "remove") return headers.remove(name);
    if (verb == "replace") return headers.replaceAll(changed(headers, name, value, false));
    if (verb == "replace-more") return headers.replaceAll(changed(headers, name, value, true));
    if (verb == "replace-only") return headers.replaceAll(only(headers, name, value));
    if (verb == "append") return this.response.body.append(value);
    return Status.Unimplemented;
  }
}

registerHttpFilter<Framing>();
