export * from "@gcoredev/proxy-wasm-sdk-as/assembly/proxy";
import { Context, RootContext, registerRootContext } from "@gcoredev/proxy-wasm-sdk-as/assembly";

class Root extends RootContext {
  createContext(context_id: u32): Context {
    return new Stream(context_id, this);
  }
}

/** Overrides nothing. */
class Stream extends Context {
  constructor(context_id: u32, root: Root) {
    super(context_id, root);
  }
}

registerRootContext((context_id: u32) => new Root(context_id), "bench");
