export * from "@gcoredev/proxy-wasm-sdk-as/assembly/proxy";
import {
  Context,
  FilterHeadersStatusValues,
  GrpcStatusValues,
  RootContext,
  registerRootContext,
  send_local_response,
  stream_context,
} from "@gcoredev/proxy-wasm-sdk-as/assembly";

// prettier-ignore
const names: StaticArray<string> = [
  "x-bench-00", "x-bench-01", "x-bench-02", "x-bench-03", "x-bench-04", "x-bench-05", "x-bench-06",
  "x-bench-07", "x-bench-08", "x-bench-09", "x-bench-10", "x-bench-11", "x-bench-12", "x-bench-13",
  "x-bench-14", "x-bench-15", "x-bench-16", "x-bench-17", "x-bench-18", "x-bench-19",
];

class Root extends RootContext {
  createContext(context_id: u32): Context {
    return new Stream(context_id, this);
  }
}

/** Adds 20 request headers, reads each and removes each. */
class Stream extends Context {
  constructor(context_id: u32, root: Root) {
    super(context_id, root);
  }

  onRequestHeaders(a: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const headers = stream_context.headers.request;
    let length = 0;
    for (let i = 0; i < names.length; i++) headers.add(names[i], "a value of 22 bytes...");
    for (let i = 0; i < names.length; i++) length += headers.get(names[i]).length;
    for (let i = 0; i < names.length; i++) headers.remove(names[i]);
    if (length == 440) return FilterHeadersStatusValues.Continue;
    send_local_response(500, "", new ArrayBuffer(0), [], GrpcStatusValues.Unknown);
    return FilterHeadersStatusValues.StopIteration;
  }
}

registerRootContext((context_id: u32) => new Root(context_id), "bench");
