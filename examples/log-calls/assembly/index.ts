import { FilterHeadersStatus, HttpContext, PluginContext, log, registerPlugin } from "proxy-wasm-as";

/** Logs each callback of the plugin. */
class LogCalls extends PluginContext {
  constructor() {
    super();
    log.info("root onCreate called");
  }

  onVmStart(): boolean {
    log.info("root onStart called");
    return true;
  }

  onConfigure(): boolean {
    log.info("root onConfigure called");
    return true;
  }

  createHttpContext(): HttpContext {
    return new LogCallsStream();
  }

  onDone(): boolean {
    log.info("root onDone called");
    return true;
  }

  onDelete(): void {
    log.info("root onDelete called");
  }
}

/** Logs the callbacks of each stream. */
class LogCallsStream extends HttpContext {
  constructor() {
    super();
    log.info("http onCreate called");
  }

  onRequestHeaders(): FilterHeadersStatus {
    log.info("http onRequestHeaders called");
    return FilterHeadersStatus.Continue;
  }

  onResponseHeaders(): FilterHeadersStatus {
    log.info("http onResponseHeaders called");
    return FilterHeadersStatus.Continue;
  }

  onDone(): void {
    log.info("http onDone called");
  }

  onDelete(): void {
    log.info("http onDelete called");
  }
}

registerPlugin<LogCalls>();
