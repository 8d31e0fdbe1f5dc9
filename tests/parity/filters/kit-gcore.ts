// The kit of `kit.ts`, with G-Core's SDK for AssemblyScript: what the `x-do` header says.
export * from "@gcoredev/proxy-wasm-sdk-as/assembly/proxy";
import {
  BaseContext,
  BufferTypeValues,
  Context,
  Counter,
  FilterDataStatusValues,
  FilterHeadersStatusValues,
  FilterTrailersStatusValues,
  Gauge,
  Headers,
  LogLevelValues,
  RootContext,
  WasmResultValues,
  continue_request,
  dequeue_shared_queue,
  enqueue_shared_queue,
  get_buffer_bytes,
  get_property,
  get_shared_data,
  log,
  makeHeaderPair,
  registerRootContext,
  register_shared_queue,
  send_http_response,
  set_buffer_bytes,
  set_property,
  set_shared_data,
  stream_context,
} from "@gcoredev/proxy-wasm-sdk-as/assembly";

class Root extends RootContext {
  counter: u32 = 0;
  createContext(context_id: u32): Context {
    return new Stream(context_id, this);
  }
}

const text = (buffer: ArrayBuffer): string => String.UTF8.decode(buffer);
const bytes = (value: string): ArrayBuffer => String.UTF8.encode(value);

class Stream extends Context {
  what: string = "";

  constructor(context_id: u32, root: Root) {
    super(context_id, root);
  }

  onRequestHeaders(a: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const headers = stream_context.headers.request;
    this.what = headers.get("x-do");
    headers.add("x-hello", "world");
    if (this.what == "deny") {
      send_http_response(403, "kit denied", bytes("denied\n"), [makeHeaderPair("x-why", "kit")]);
      return FilterHeadersStatusValues.StopIteration;
    }
    if (this.what == "headers") {
      const all = headers.get_headers();
      let names = "";
      for (let i = 0; i < all.length; i++) names += text(all[i].key) + " ";
      headers.remove("x-gone");
      headers.replace("x-old", "new");
      headers.add("x-names", names.trim());
    }
    if (this.what == "body") headers.remove("content-length");
    if (this.what == "property") {
      set_property("kit", bytes("set"));
      headers.add("x-path", text(get_property("request\0path")));
      headers.add("x-root", text(get_property("plugin_root_id")));
      headers.add("x-kit", text(get_property("kit")));
      headers.add("x-configuration", this.root_context.getConfiguration());
    }
    if (this.what == "shared") {
      const first = get_shared_data("kit-gcore");
      const written = set_shared_data("kit-gcore", bytes("value"), first.cas);
      const second = get_shared_data("kit-gcore");
      const queue = register_shared_queue("kit-gcore").token;
      enqueue_shared_queue(queue, bytes("job"));
      const job = dequeue_shared_queue(queue);
      const counter = new Counter("kit_gcore_requests");
      counter.increment(2);
      const gauge = new Gauge("kit_gcore_level");
      gauge.record(gauge.metric_id, 7);
      headers.add("x-shared", `${written} ${text(second.value!)} ${text(job.data!)}`);
    }
    if (this.what.startsWith("call")) {
      const call: Headers = [
        makeHeaderPair(":method", "POST"),
        makeHeaderPair(":path", "/check"),
        makeHeaderPair(":authority", "auth"),
      ];
      const result = this.root_context.httpCall("auth", call, bytes("ask"), [], 1000, this, answered);
      if (result == WasmResultValues.Ok) return FilterHeadersStatusValues.StopIteration;
      send_http_response(500, "kit", bytes("not sent\n"), []);
      return FilterHeadersStatusValues.StopIteration;
    }
    if (this.what == "trap") throw new Error("as it was told");
    return FilterHeadersStatusValues.Continue;
  }

  onRequestBody(size: usize, end_of_stream: bool): FilterDataStatusValues {
    if (this.what != "body") return FilterDataStatusValues.Continue;
    if (!end_of_stream) return FilterDataStatusValues.StopIterationAndBuffer;
    const body = text(get_buffer_bytes(BufferTypeValues.HttpRequestBody, 0, <u32>size));
    set_buffer_bytes(BufferTypeValues.HttpRequestBody, 0, <u32>size, bytes(body.replace("secret", "***")));
    return FilterDataStatusValues.Continue;
  }

  onRequestTrailers(a: u32): FilterTrailersStatusValues {
    stream_context.trailers.request.add("x-trailer", "added");
    return FilterTrailersStatusValues.Continue;
  }

  onResponseHeaders(a: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const headers = stream_context.headers.response;
    headers.add("x-served-by", "kit");
    if (this.what == "body") headers.remove("content-length");
    return FilterHeadersStatusValues.Continue;
  }

  onResponseBody(size: usize, end_of_stream: bool): FilterDataStatusValues {
    if (this.what == "body" && end_of_stream)
      set_buffer_bytes(BufferTypeValues.HttpResponseBody, <u32>size, 0, bytes("!"));
    return FilterDataStatusValues.Continue;
  }

  onLog(): void {
    log(LogLevelValues.info, "log " + this.what);
  }
}

function answered(origin: BaseContext, headers: u32, size: usize, trailers: u32): void {
  const stream = <Stream>origin;
  const status = stream_context.headers.http_callback.get(":status");
  const body = text(get_buffer_bytes(BufferTypeValues.HttpCallResponseBody, 0, <u32>size));
  if (status != "200") {
    send_http_response(401, "kit call", bytes("no: " + status + "\n"), []);
    return;
  }
  stream_context.headers.request.add("x-answer", status + " " + body);
  continue_request();
}

registerRootContext((context_id: u32) => new Root(context_id), "kit");
