/**
 * Access loggers: plugins that see each stream once, when it has ended.
 *
 * @module
 */
import { HttpRequest, HttpResponse } from "../http/message";
import { handle } from "../memory/handle";
import { PluginContext } from "./plugin-context";

/**
 * An access logger (`envoy.access_loggers.wasm`): override `onLog`, which is called for each stream. All headers can be read
 * there, none written; properties tell the rest. Register it with `registerPlugin`.
 *
 * @example
 * class Log extends AccessLogger {
 *   onLog(): void {
 *     log.info(this.request.headers.get(":path")! + " " + property.integerOr(["response", "code"], 0).toString());
 *   }
 * }
 * registerPlugin<Log>();
 */
export class AccessLogger extends PluginContext {
  /** The request of the stream that has ended; usable in `onLog`. */
  get request(): HttpRequest {
    return handle<HttpRequest>(0);
  }

  /** The response of the stream that has ended; usable in `onLog`. */
  get response(): HttpResponse {
    return handle<HttpResponse>(0);
  }
}
